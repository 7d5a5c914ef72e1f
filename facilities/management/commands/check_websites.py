"""Visits facilities' websites politely and keeps what became of them."""

import sys
import time
from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.text import slugify
from tqdm import tqdm

from facilities.curation.website_checks.checker import WebsiteChecker
from facilities.curation.website_checks.http_client import SafeHttpClient
from facilities.curation.website_checks.politeness import RateLimiter
from facilities.curation.website_checks.run import Offline, due_facilities, run_checks, save_results
from facilities.models import Facility, ScheduledTask, WebsiteCheck
from facilities.operations.scheduled_tasks import record_success
from facilities.sources.cleaners import STATES
from facilities.web.context_processors import service_area


class Command(BaseCommand):
    help = (
        "Visits the websites of listed facilities in SERVICE_AREA, at most one request a second "
        "for each host and only where its robots.txt allows, and keeps whether they answer. "
        "Changes nothing that the public sees; curators are told of websites that fail three times "
        "in a row or lead to another domain. Needs CONTACT_URL, which tells webmasters who asks. "
        "May be stopped at any time; --resume goes on, and suits a daily run."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--limit", type=int, metavar="N", help="at most N facilities")
        parser.add_argument("--state", type=str.upper, metavar="XX", help="only this state")
        parser.add_argument(
            "--resume", action="store_true",
            help="leave out those visited in the last 30 days, or 3 days where it failed",
        )  # fmt: skip

    def handle(self, *args, limit, state, resume, **options) -> None:
        if not settings.CONTACT_URL:
            raise CommandError("Set CONTACT_URL to a page or address by which you can be reached.")
        if not (settings.CONTACT_URL.isascii() and settings.CONTACT_URL.isprintable()):
            raise CommandError("CONTACT_URL may hold plain letters, digits and signs alone.")
        if state and state not in STATES:
            raise CommandError(f"There is no state {state}.")
        if limit is not None and limit < 1:
            raise CommandError("--limit must be at least 1.")
        facilities = Facility.objects.listed().filter(service_area().as_q())
        facilities = facilities.in_state(state) if state else facilities
        chosen = due_facilities(facilities, timezone.now(), is_resumed=resume)[:limit]
        self._visit(list(chosen.values_list("pk", "website")))

    def _visit(self, chosen: list[tuple[int, str]]) -> None:
        visitor = WebsiteChecker(
            SafeHttpClient(robot_user_agent()), RateLimiter(time.monotonic, time.sleep)
        )
        outcomes: Counter[str] = Counter()
        bar = tqdm(total=len(chosen), desc="Visiting", unit=" websites", file=sys.stderr,
                   disable=not sys.stderr.isatty())  # fmt: skip
        try:
            with bar:
                for result in save_results(run_checks(chosen, visitor), visitor, timezone.now):
                    outcomes[result.finding.outcome] += len(result.facilities)
                    bar.update(len(result.facilities))
        except Offline as error:
            raise CommandError(
                "No website answered: this machine seems to be offline. Nothing was kept."
            ) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped. --resume goes on from here.")
        for outcome in WebsiteCheck.Outcome:
            self.stdout.write(f"{outcomes[outcome]:>8,}  {outcome.value}")
        if outcomes.total() == len(chosen):
            record_success(ScheduledTask.Name.WEBSITE_CHECKS)
        if left := len(chosen) - outcomes.total():
            self.stdout.write(f"{left:>8,}  left for another time")


def robot_user_agent() -> str:
    """The robot names the site and how to reach its people."""
    name = slugify(settings.SITE_NAME) or "treatment-directory"
    return f"{name}/1.0 (website check; +{settings.CONTACT_URL})"
