"""Visits the websites of the service area and keeps what became of them."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

from ..curation.website_checks.checker import WebsiteChecker
from ..curation.website_checks.http_client import SafeHttpClient
from ..curation.website_checks.politeness import RateLimiter
from ..curation.website_checks.run import (
    facilities_due_for_website_check,
    run_website_checks,
    save_website_results,
)
from ..models import Facility, ScheduledTask
from ..web.context_processors import service_area
from .scheduled_tasks import record_success


class NoContact(Exception):
    """Webmasters could not find out who asks. The message is a sentence for the operator."""


def require_contact() -> None:
    """Raise NoContact where CONTACT_URL names nobody, or could break the header it stands in."""
    if not settings.CONTACT_URL:
        raise NoContact("Set CONTACT_URL to a page or address by which you can be reached.")
    if not (settings.CONTACT_URL.isascii() and settings.CONTACT_URL.isprintable()):
        raise NoContact("CONTACT_URL may hold plain letters, digits and signs alone.")


def due_websites(
    now: datetime, *, state: str = "", is_resumed: bool = False, limit: int | None = None
) -> list[tuple[int, str]]:
    """Return (key, website) of listed facilities of the service area, longest ago visited first."""
    facilities = Facility.objects.listed().filter(service_area().as_q())
    facilities = facilities.in_state(state) if state else facilities
    chosen = facilities_due_for_website_check(facilities, now, is_resumed=is_resumed)[:limit]
    return list(chosen.values_list("pk", "website"))


def visit_websites(
    chosen: list[tuple[int, str]], outcomes: Counter[str], progress: Callable[[int], None]
) -> None:
    """Visit websites and count what became of them in ``outcomes``.

    ``progress`` gets the number of facilities after each. Raises Offline, NoContact.
    """
    require_contact()
    visitor = WebsiteChecker(
        SafeHttpClient(robot_user_agent()), RateLimiter(time.monotonic, time.sleep)
    )
    for result in save_website_results(run_website_checks(chosen, visitor), visitor, timezone.now):
        outcomes[result.finding.outcome] += len(result.facilities)
        progress(len(result.facilities))
    if outcomes.total() == len(chosen):
        record_success(ScheduledTask.Name.WEBSITE_CHECKS)


def robot_user_agent() -> str:
    """The robot names the site and how to reach its people."""
    name = slugify(settings.SITE_NAME) or "treatment-directory"
    return f"{name}/1.0 (website check; +{settings.CONTACT_URL})"
