"""Every fact that a listing shows stands in a row of a release or in somebody's check."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities.curation import FactCheck, accept_proposal, record_checks, revert_verification
from facilities.facts.findings import CheckNotRecorded
from facilities.facts.registry import STATED_FACTS, UNSTATED_FACTS
from facilities.models import DataVersion, Proposal, Verification
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities
from facilities.sources.cleaners import text_cell
from facilities.sources.codes import read_code_key
from facilities.taxonomy import VOCABULARY

from ..support.change_log import watched
from ..support.engines import server_in_environment
from ..support.factories import TODAY, key_lines, make_listing, make_release, restate

pytestmark = pytest.mark.django_db
ZIPS, KEY = zip_code_table(), read_code_key(key_lines())
NAMES = st.sampled_from(["Alder House", "Birch House", "<b>Cedar</b>"])
PHONES = st.sampled_from(["518-555-0101", "518-555-0102", "800-555-0103", ""])
CODES = st.lists(st.sampled_from(["SA", "DT", "BU", "NOOP", "ODTX", "CARF", "MD"]), unique=True)
SERVICES = st.sampled_from(["detox", "buprenorphine", "medicaid", "private-rooms", "methadone"])
ANSWERS = st.sampled_from(["offered", "denied", None])


def check(fact, value) -> st.SearchStrategy:
    outcomes = st.sampled_from(["confirmed", "corrected", "corrected", "not_confirmed"])
    return st.builds(FactCheck, st.just(fact), outcomes, value)


CHECKS = st.one_of(
    check("name", NAMES),
    check("phone", PHONES),
    check("fax", PHONES),
    check("is_address_confidential", st.booleans()),
    check("hours", st.sampled_from([{}, {"always": True}, {"mon": [["08:00", "12:00"]]}])),
    check("position", st.sampled_from([None, [42.5, -73.5]])),
    st.tuples(SERVICES, ANSWERS).flatmap(
        lambda pair: check(f"service:{pair[0]}", st.just(pair[1]))
    ),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("check"), CHECKS, st.integers(0, 1)),
        st.tuples(st.just("file"), st.tuples(NAMES, PHONES, CODES), st.just(0)),
        st.tuples(st.just("revert"), st.integers(0, 9), st.integers(0, 1)),
        st.tuples(st.just("accept"), st.integers(0, 9), st.integers(0, 1)),
    ),
    max_size=12,
)


@pytest.mark.slow
class TestAListing:
    @settings(
        # The rules are in Python; the other engine is asked whether it keeps what they give.
        max_examples=5 if server_in_environment() else 25, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(steps=STEPS)
    def test_shows_nothing_that_nobody_said(self, steps, people):
        listing = make_listing(release=make_release())
        for number, step in enumerate(steps):
            with watched():
                now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number)
                take(listing, step, people, now)

        listing.refresh_from_db()
        assert [fact for fact in shown(listing) if not is_traced(listing, *fact)] == []
        before = DataVersion.current()
        assert not recompute_facilities(ZIPS, today=TODAY, only=[listing.pk]).writes_facts
        assert DataVersion.current() == before


@pytest.fixture
def people(django_user_model):
    return [django_user_model.objects.create_user(name) for name in ("ana", "ben")]


def take(listing, step, people, now) -> None:
    """One thing that may happen to a listing, allowed or not."""
    kind, what, who = step
    checks, waiting = listing.verifications.order_by("pk"), Proposal.objects.order_by("pk")
    try:
        if kind == "check":
            record_checks(listing, [what], by=people[who], now=now)
        elif kind == "file":
            name, phone, codes = what
            cells = {"name1": name, "phone": phone, "codes": " ".join(codes)}
            restate(listing, make_release(), **cells)
        elif kind == "revert" and checks:
            revert_verification(checks[what % len(checks)], by=people[who], now=now)
        elif kind == "accept" and waiting.filter(facility=listing):
            waiting = waiting.filter(facility=listing)
            accept_proposal(waiting[what % len(waiting)], by=people[who], now=now)
    except CheckNotRecorded:
        pass


def shown(listing):
    """(fact, value) for all that the columns hold."""
    for fact in (*STATED_FACTS, *UNSTATED_FACTS):
        if value := getattr(listing, fact):
            yield fact, value
    if listing.position_origin == "hand":
        yield "position", [listing.latitude, listing.longitude]
    yield from ((service.fact, "offered") for service in listing.offered)
    yield from ((service.fact, "denied") for service in listing.denied)


def is_traced(listing, fact, value) -> bool:
    """By another road than the merge: the last word of a person, else the newest row's cells."""
    words = Verification.objects.filter(facility=listing, fact=fact, reverted_at=None)
    last = words.exclude(outcome="not_confirmed").order_by("checked_at", "pk").last()
    if last is not None:
        return last.value_after == value
    cells = listing.source_rows.order_by("release").last().raw
    if not fact.startswith("service:"):
        return value in [text_cell(cell) for cell in cells.values()]
    stated = {VOCABULARY.find(*KEY[code]).slug for code in cells["service_code_info"].split()
              if code != "*"}  # fmt: skip
    slug = fact.removeprefix("service:")
    if value == "offered":
        return slug in stated
    return any(slug in denier.denies for denier in listing.offered)
