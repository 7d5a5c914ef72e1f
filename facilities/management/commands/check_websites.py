"""Visits facilities' websites politely and keeps what became of them."""

import sys
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from facilities.curation.website_checks.run import MachineOffline
from facilities.models import WebsiteCheck
from facilities.operations.website_checks import (
    NoContact,
    due_websites,
    require_contact,
    visit_websites,
)
from facilities.sources.cleaners import STATES


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
        try:
            require_contact()
        except NoContact as error:
            raise CommandError(str(error)) from None
        if state and state not in STATES:
            raise CommandError(f"There is no state {state}.")
        if limit is not None and limit < 1:
            raise CommandError("--limit must be at least 1.")
        self._visit(due_websites(timezone.now(), state=state or "", is_resumed=resume, limit=limit))

    def _visit(self, chosen: list[tuple[int, str]]) -> None:
        outcomes: Counter[str] = Counter()
        bar = tqdm(total=len(chosen), desc="Visiting", unit=" websites", file=sys.stderr,
                   disable=not sys.stderr.isatty())  # fmt: skip
        try:
            with bar:
                visit_websites(chosen, outcomes, bar.update)
        except MachineOffline as error:
            raise CommandError(
                "No website answered: this machine seems to be offline. Nothing was kept."
            ) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped. --resume goes on from here.")
        for outcome in WebsiteCheck.Outcome:
            self.stdout.write(f"{outcomes[outcome]:>8,}  {outcome.value}")
        if left := len(chosen) - outcomes.total():
            self.stdout.write(f"{left:>8,}  left for another time")
