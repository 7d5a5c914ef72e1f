"""Which websites are due, and what a round of visits to them records.

A failure is no fact: it is counted, and only several in a row ask a curator to look. Whoever has
no network at all finds every website gone; so nothing is kept until somebody has answered.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q, QuerySet

from ...models import Facility, WebsiteCheck
from .checker import WebsiteChecker, WebsiteFinding

logger = logging.getLogger(__name__)

Outcome = WebsiteCheck.Outcome
RECHECK_AFTER = timedelta(days=30)  # after an answer
RETRY_AFTER = timedelta(days=3)  # after a failure
CONCURRENT_CHECKS = 8  # hosts
SILENT_WEBSITES_MEAN_OFFLINE = 10  # websites of which none answered: then it is our own network
MAX_DETAIL_LENGTH = 500


class MachineOffline(Exception):
    """No website at all answered: most likely this machine is offline. Nothing was saved."""


@dataclass(frozen=True)
class WebsiteCheckResult:
    """What was found of one website, and the facilities that name it."""

    website: str
    facilities: tuple[int, ...]
    finding: WebsiteFinding


def facilities_due_for_website_check(
    facilities: QuerySet, now: datetime, *, is_resumed: bool
) -> QuerySet:
    """Return facilities with a website, those never or longest ago visited first.

    ``is_resumed`` leaves out those visited in the last 30 days, or 3 if the visit failed.
    """
    named = facilities.exclude(website="")
    if is_resumed:
        rested = Q(website_check__checked_at__gt=now - RECHECK_AFTER) & ~Q(
            website_check__outcome=Outcome.UNREACHABLE
        )
        retried = Q(website_check__checked_at__gt=now - RETRY_AFTER)
        fresh = Facility.objects.filter(rested | retried, website_check__website=F("website"))
        named = named.exclude(pk__in=fresh.values("pk"))
    return named.order_by(F("website_check__checked_at").asc(nulls_first=True), "pk")


def run_website_checks(
    facilities: Iterable[tuple[int, str]], visitor: WebsiteChecker
) -> Iterator[WebsiteCheckResult]:
    """Visit each website once, several hosts at a time; yield results as they come.

    ``facilities``: (key, website). Facilities of a host that asked to be left alone are left out:
    they stay due.
    """
    hosts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for facility, website in facilities:
        hosts[_host(website)][website].append(facility)
    with ThreadPoolExecutor(CONCURRENT_CHECKS) as threads:
        waiting = {}
        for host, websites in hosts.items():
            _next_of(threads, waiting, visitor, host, list(websites.items()))
        try:
            while waiting:
                done, _rest = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    host, website, ids, rest = waiting.pop(future)
                    yield WebsiteCheckResult(website, tuple(ids), future.result())
                    _next_of(threads, waiting, visitor, host, rest)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def _next_of(threads, waiting: dict, visitor: WebsiteChecker, host: str, websites: list) -> None:
    if websites and host not in visitor.resting:
        (website, ids), *rest = websites
        waiting[threads.submit(visitor.check, website)] = host, website, ids, rest


def save_website_results(
    results: Iterable[WebsiteCheckResult], visitor: WebsiteChecker, clock: Callable[[], datetime]
) -> Iterator[WebsiteCheckResult]:
    """Save each result once it is certain that there is a network, and pass it on.

    Raises Offline if there is none; what the websites seemed to say then is dropped.
    """
    doubtful: list[WebsiteCheckResult] = []
    is_connected = False
    outcomes: Counter[str] = Counter()
    for result in results:
        outcomes[result.finding.outcome] += 1
        doubtful.append(result)
        is_connected = is_connected or result.finding.answered
        if not is_connected and len(doubtful) >= SILENT_WEBSITES_MEAN_OFFLINE:
            _require_network(visitor, is_few=False)
            is_connected = True
        if is_connected:
            _save_all(doubtful, clock())
        yield result
    if doubtful:
        _require_network(visitor, is_few=True)
        _save_all(doubtful, clock())
    counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    logger.info("Checked %d websites: %s.", outcomes.total(), counts or "none was due")


def _save_all(results: list[WebsiteCheckResult], now: datetime) -> None:
    for each in results:
        save_website_result(each, now)
    results.clear()


def _require_network(visitor: WebsiteChecker, *, is_few: bool) -> None:
    """Raise Offline unless a website that answered lately still does.

    If none ever did, a few silent ones are believed and many are not.
    """
    lately = WebsiteCheck.objects.filter(outcome=Outcome.REACHABLE).order_by("-checked_at", "pk")
    websites = list(lately.values_list("website", flat=True)[:3])
    if not websites and is_few:
        return
    if not any(visitor.check(website).answered for website in websites):
        logger.warning("No website answers: this machine seems to be without a network.")
        raise MachineOffline


def save_website_result(result: WebsiteCheckResult, now: datetime) -> None:
    finding = result.finding
    with transaction.atomic():
        before = {
            check.facility_id: check
            for check in WebsiteCheck.objects.filter(facility__in=result.facilities)
        }
        for facility in result.facilities:
            check = before.get(facility)
            failures = check.failures if check and check.website == result.website else 0
            WebsiteCheck.objects.update_or_create(
                facility_id=facility,
                defaults={
                    "website": result.website,
                    "outcome": finding.outcome,
                    "detail": finding.detail,
                    "redirects_to": finding.redirects_to[:MAX_DETAIL_LENGTH],
                    "failures": _consecutive_failures(failures, finding),
                    "checked_at": now,
                },
            )


def _consecutive_failures(before: int, finding: WebsiteFinding) -> int:
    """Add one after a failure, reset after an answer; keep it after a visit that tells nothing."""
    if finding.outcome == Outcome.UNREACHABLE:
        return before + 1
    return before if finding.outcome == Outcome.UNKNOWN else 0


def _host(website: str) -> str:
    try:
        return (urlsplit(website).hostname or "").lower()
    except ValueError:
        return ""
