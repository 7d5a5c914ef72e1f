"""One account tries every road at random: no way to reach somebody changes by its word alone."""

import contextlib
import random
from datetime import UTC, datetime, timedelta

import pytest

from facilities.curation import (
    Check,
    accept_proposal,
    record_checks,
    reject_proposal,
    revert_verification,
)
from facilities.curation.duplicates.merge import MergeRefused, merge, undo_merge
from facilities.curation.self_service.links import create_link, propose_changes
from facilities.facts.findings import NotRecorded
from facilities.models import Facility, Merge, Proposal, Verification

from ..support.accounts import staff_member
from ..support.factories import ON_PAPER, make_listing

pytestmark = pytest.mark.django_db
START = datetime(2024, 3, 1, 15, tzinfo=UTC)
STEPS = 150
BAD = {
    "phone": "888-555-0166",
    "phone_extension": "66",
    "fax": "888-555-0167",
    "website": "https://broker.example.com/",
    "admission_hours": "Call 888-555-0166",
}
HOWS = (ON_PAPER, {"method": "phone", "note": "The county, 518-555-0190"}, {"method": "phone"})


class HostileCurator:
    """An editor alone at the keys. Each ``try_`` is one action that may be refused."""

    def __init__(self, account, seed: int):
        self.account, self.random, self.now = account, random.Random(seed), START

    def step(self) -> None:
        self.now += timedelta(hours=self.random.choice([0, 1, 30, 60]))
        actions = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("try_")]
        with contextlib.suppress(NotRecorded, MergeRefused):
            self.random.choice(actions)()

    def pick(self, query):
        found = [*query.order_by("pk")]
        return self.random.choice(found) if found else None

    def check(self, **how) -> Check:
        fact = self.random.choice(sorted(BAD))
        return Check(fact, "corrected", BAD[fact], **how)

    def listing(self) -> Facility:
        return self.pick(Facility.objects.filter(merged_into=None))

    def try_form(self):
        check = self.check(**self.random.choice(HOWS))
        record_checks(self.listing(), [check], by=self.account, now=self.now)

    def try_sheet(self):
        check = self.check(method="document", note=f"{self.random.random()}.csv")
        record_checks(self.listing(), [check], by=self.account, now=self.now, origin="spreadsheet")

    def try_own_link(self):
        link, _token = create_link(self.listing(), sent_to="", by=self.account, now=self.now)
        propose_changes(link, [self.check(method="facility")], now=self.now)

    def try_second_check(self):
        if waiting := self.pick(Proposal.objects.filter(state="waiting")):
            how = self.random.choice(HOWS)
            accept_proposal(waiting, by=self.account, now=self.now, **how)

    def try_refusal(self):
        if waiting := self.pick(Proposal.objects.filter(state="waiting")):
            reject_proposal(waiting, by=self.account, now=self.now)

    def try_take_back(self):
        if check := self.pick(Verification.objects.standing()):
            revert_verification(check, by=self.account, now=self.now, why="A slip.")

    def try_confirmation(self):
        fact = self.random.choice(sorted(BAD))
        check = Check(fact, "confirmed", **ON_PAPER)
        record_checks(self.listing(), [check], by=self.account, now=self.now)

    def try_joining(self):
        merge(self.listing(), self.listing(), by=self.account, now=self.now)

    def try_parting(self):
        if joined := self.pick(Merge.objects.filter(undone_at=None)):
            undo_merge(joined, now=self.now)


def escapes() -> list[tuple[str, str]]:
    return [
        (facility.code, fact)
        for facility in Facility.objects.all()
        for fact, bad in BAD.items()
        if getattr(facility, fact) == bad
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_team_shows_nothing_of_what_one_account_made_up(seed):
    editor = staff_member("editor")
    staff_member("curator", name="ben")
    for number in range(4):
        make_listing(name1=f"House {number}")
    curator = HostileCurator(editor, seed)

    for _step in range(STEPS):
        curator.step()
        assert escapes() == []

    assert Proposal.objects.exists()


def test_alone_shows_what_was_found_in_two_ways_after_the_waiting_time():
    editor = staff_member("editor")
    make_listing()
    curator = HostileCurator(editor, seed=3)
    for _step in range(STEPS):
        curator.step()
        made = {
            (each.facility.code, each.fact)
            for each in Proposal.objects.filter(made_at__lte=curator.now - timedelta(hours=48))
        }
        assert set(escapes()) <= made

    assert Verification.objects.filter(value_after__in=[*BAD.values()]).exists()
