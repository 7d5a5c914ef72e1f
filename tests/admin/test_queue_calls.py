"""A call: what is read out, and what each of its outcomes leaves behind."""

from datetime import UTC, datetime, timedelta

import pytest

from facilities.curation import (
    CheckNotAllowed,
    FactCheck,
    OutdatedValue,
    accept_proposal,
    record_checks,
)
from facilities.curation.dossier import read_dossier
from facilities.curation.history import read_events
from facilities.curation.work_queue import assignments
from facilities.curation.work_queue.call_script import build_call_script
from facilities.curation.work_queue.outcomes import (
    CORRECTIONS_DONE,
    LEAVE_OPEN,
    CallOutcome,
    CallReport,
    record_call_outcome,
)
from facilities.curation.work_queue.ranking import QueueQuery, read_queue
from facilities.curation.work_queue.undo_call import undo_call
from facilities.models import Assignment, Conflict, Proposal, Report, Verification
from facilities.places.service_area import read_service_area
from facilities.places.timezones import TIME_ZONES_BY_SLUG
from facilities.taxonomy import VOCABULARY

from ..support.factories import ON_PAPER, make_listing, make_release, make_report, restate
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 16, tzinfo=UTC)  # 11 a.m. in New York
CODES = "SA DT * OP RD * ODTX BU MD"
YESTERDAY = MONDAY - timedelta(days=1)


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


@pytest.fixture
def ben(django_user_model):
    return django_user_model.objects.create_user("ben")


@pytest.fixture
def facility():
    return make_listing(release=make_release(edition="2022"), codes=CODES)


def read_out(facility):
    known = read_dossier(facility, today=MONDAY.date())
    return build_call_script(known, language="en", today=MONDAY.date())


def reasons(facility) -> dict[str, int]:
    terms = read_queue(read_service_area([]), MONDAY).terms(facility.pk)
    return {term.weight.slug: term.points for term in terms}


def report_of(facility, outcome, **more) -> CallReport:
    script = read_out(facility)
    alone = {line.slug for line in script.alone}
    return CallReport(facility, outcome, script.spoken, alone, **more)


def end(facility, outcome, by, *, now=MONDAY, **more):
    return record_call_outcome(
        report_of(facility, outcome, **more), by=by, now=now, zone=TIME_ZONES_BY_SLUG["eastern"]
    )


def put_off_until(facility) -> datetime:
    return assignments.assignment_for(facility.pk).snoozed_until


class TestCall:
    def test_reads_out_what_is_claimed_and_what_nobody_said(self, facility):
        script = read_out(facility)
        lines = {line.slug: line for line in script.lines}
        unreported = {str(topic.label): topic.labels for topic in script.unreported}

        assert lines["phone"].text == "518-555-0101"
        assert lines["detox"].text == (
            "Detox; Overnight detox, not in a hospital; Detox for opioids"
        )
        assert lines["detox"].facts == {
            "service:detox": "offered",
            "service:residential-detox": "offered",
            "service:opioid-detox": "offered",
        }
        assert "Detox for alcohol" in unreported["Detox"]
        assert unreported["Hours of the intake line"] == ("Hours of the intake line",)

    def test_has_at_most_twelve_lines_however_much_is_known(self, facility, ana):
        facts = {service.fact: "offered" for service in VOCABULARY}
        facts["hours"] = {"mon": [["08:00", "17:00"]]}
        checks = [FactCheck(fact, "corrected", value) for fact, value in facts.items()]
        record_seconded(facility, checks, by=ana, now=MONDAY)

        assert 5 < len(read_out(facility).lines) <= 12

    def test_all_confirmed_dates_every_fact_that_was_read_out_and_no_other(self, facility, ana):
        spoken = {fact for line in read_out(facility).lines for fact in line.facts}
        end(facility, CallOutcome.CONFIRMED, ana)

        found = Verification.objects.filter(facility=facility)
        assert {each.fact for each in found} == spoken
        assert "website" not in spoken
        assert {each.outcome for each in found} == {"confirmed"}
        assert reasons(facility) == {"approximate": 2}

    def test_some_corrected_confirms_the_rest_and_stays_in_hand(self, facility, ana):
        end(facility, CallOutcome.CORRECTED, ana, wrong={"phone", "detox"})

        checked = set(Verification.objects.values_list("fact", flat=True))
        assert "name" in checked
        assert checked.isdisjoint({"phone", "service:detox", "service:opioid-detox"})
        assert assignments.assignment_for(facility.pk).assigned_to == ana

    def test_some_corrected_with_nothing_ticked_records_nothing(self, facility, ana):
        end(facility, CallOutcome.CORRECTED, ana)

        assert not Verification.objects.exists()

    def test_a_wrong_number_is_doubted_and_looked_for_the_next_day(self, facility, ana):
        end(facility, CallOutcome.WRONG_NUMBER, ana)

        (check,) = Verification.objects.all()
        assert (check.fact, check.outcome) == ("phone", "not_confirmed")
        assert reasons(facility)["phone-missed"] == 55
        assert put_off_until(facility) == datetime(2024, 3, 5, 14, tzinfo=UTC)

    def test_closed_takes_it_from_the_list_once_a_second_person_finds_the_same(
        self, facility, ana, ben
    ):
        end(facility, CallOutcome.CLOSED, ana)
        assert facility_status(facility) == "listed"

        accept_proposal(Proposal.objects.get(), by=ben, now=MONDAY, **ON_PAPER)

        assert facility_status(facility) == "withdrawn"
        assert not read_queue(read_service_area([]), MONDAY).filter(QueueQuery(), ana.pk)

    def test_no_answer_tries_another_time_of_day_then_a_week_later(self, facility, ana):
        tries = []
        for _ in range(3):
            now = tries[-1] if tries else MONDAY
            end(facility, CallOutcome.NO_ANSWER, ana, now=now)
            tries.append(put_off_until(facility))

        # Monday 1 p.m., Tuesday 9 a.m., and in a week; New York is in summer time by then.
        assert tries == [
            datetime(2024, 3, 4, 18, tzinfo=UTC), datetime(2024, 3, 5, 14, tzinfo=UTC),
            datetime(2024, 3, 12, 13, tzinfo=UTC),
        ]  # fmt: skip
        assert Assignment.objects.get().attempts == 3
        assert not Verification.objects.exists()

    def test_left_message_waits_two_days(self, facility, ana):
        end(facility, CallOutcome.LEFT_MESSAGE, ana)

        assert put_off_until(facility) == datetime(2024, 3, 6, 14, tzinfo=UTC)

    def test_an_answer_ends_the_count_of_tries(self, facility, ana):
        end(facility, CallOutcome.NO_ANSWER, ana)
        end(facility, CallOutcome.CONFIRMED, ana)

        assert Assignment.objects.get().attempts == 0

    @pytest.mark.parametrize(
        ("outcome", "about", "chosen", "state"),
        [
            ("confirmed", "phone", "", Report.State.CONFIRMED),
            ("confirmed", "phone", LEAVE_OPEN, Report.State.OPEN),
            ("confirmed", "services", Report.State.UNCLEAR, Report.State.UNCLEAR),
            ("closed", "closed", "", Report.State.OPEN),  # until a second person finds the same
            ("no_answer", "phone", "", Report.State.OPEN),
        ],
    )
    def test_ends_reports_as_the_caller_says(self, facility, ana, outcome, about, chosen, state):
        assignments.assign_facility(facility.pk, ana)
        report = make_report(facility=facility, topic=about, contact="a@example.org")

        end(facility, outcome, ana, answers={report.pk: (chosen, "Thank you.")})

        report.refresh_from_db()
        settled = report.state if report.state != Report.State.IN_PROGRESS else Report.State.OPEN
        assert settled == state
        assert (report.contact == "") is (state != Report.State.OPEN)

    def test_leaves_a_number_alone_whose_change_waits(self, facility, ana):
        record_checks(
            facility, [FactCheck("phone", "corrected", "518-555-0102")], by=ana, now=MONDAY
        )

        end(facility, CallOutcome.CONFIRMED, ana)

        assert Proposal.objects.get().state == Proposal.State.WAITING
        assert not Verification.objects.filter(fact="phone").exists()
        assert put_off_until(facility) == datetime(2024, 3, 5, 14, tzinfo=UTC)

    def test_corrections_made_puts_it_to_rest(self, facility, ana):
        end(facility, CallOutcome.CORRECTED, ana, wrong={"address"})
        end(facility, CORRECTIONS_DONE, ana)

        assert not read_queue(read_service_area([]), MONDAY).filter(QueueQuery(), ana.pk)
        assert assignments.assignment_for(facility.pk).assigned_to is None

    def test_is_refused_to_whoever_does_not_have_it(self, facility, ana, ben):
        assignments.claim_facility(facility.pk, ana)

        with pytest.raises(CheckNotAllowed, match="in hand"):
            end(facility, CallOutcome.CONFIRMED, ben)

        assert not Verification.objects.exists()

    def test_is_refused_where_a_fact_changed_meanwhile(self, facility, ana, ben):
        call = report_of(facility, CallOutcome.CONFIRMED)
        record_seconded(
            facility, [FactCheck("name", "corrected", "Birch House")], by=ben, now=MONDAY
        )

        with pytest.raises(OutdatedValue):
            record_call_outcome(call, by=ana, now=MONDAY, zone=None)

        assert assignments.assignment_for(facility.pk).assigned_to is None


@pytest.fixture
def in_conflict(facility, ana):
    """Somebody here found another name than the newest file states."""
    record_seconded(
        facility, [FactCheck("name", "corrected", "Birch House")], by=ana, now=YESTERDAY
    )
    restate(facility, make_release(edition="2023"), name1="Cedar House", codes=CODES)
    return facility


class TestAlone:
    def test_a_fact_in_conflict_is_no_part_of_all_confirmed(self, in_conflict, ana):
        (line,) = read_out(in_conflict).alone
        assert (line.slug, line.text, line.source_text) == ("name", "Birch House", "Cedar House")

        end(in_conflict, CallOutcome.CONFIRMED, ana)

        assert Conflict.objects.get().fact == "name"
        assert not Verification.objects.filter(fact="name", checked_at=MONDAY).exists()

    def test_what_was_heard_by_itself_settles_the_conflict(self, in_conflict, ana):
        end(in_conflict, CallOutcome.CONFIRMED, ana, right={"name"})

        assert not Conflict.objects.exists()

    def test_answers_that_contradict_each_other_are_asked_one_by_one(self, facility, ana):
        """ "Opioid use only" and "Detox for alcohol": one of them is wrong."""
        pair = {"service:alcohol-detox", "service:opioid-only"}
        checks = [FactCheck(fact, "corrected", "offered") for fact in sorted(pair)]
        record_seconded(facility, checks, by=ana, now=YESTERDAY)

        assert pair <= {line.slug for line in read_out(facility).alone}
        end(facility, CallOutcome.CONFIRMED, ana)

        checked = Verification.objects.filter(checked_at=MONDAY)
        assert pair.isdisjoint(checked.values_list("fact", flat=True))

    def test_a_number_shared_by_strangers_is_asked_by_itself(self, facility, ana):
        release = facility.source_release
        release.report = {"shared_numbers": [facility.code]}
        release.save()

        assert [line.slug for line in read_out(facility).alone] == ["phone"]
        end(facility, CallOutcome.CONFIRMED, ana)

        assert not Verification.objects.filter(fact="phone").exists()


def facility_status(facility) -> str:
    facility.refresh_from_db()
    return facility.status


def public_state(facility) -> dict:
    """What pages show of the facility, and what staff know of it."""
    facility.refresh_from_db()
    columns = {field.attname: getattr(facility, field.attname) for field in facility._meta.fields}
    standing = facility.verifications.standing().order_by("pk")
    waiting = facility.proposals.filter(state="waiting")
    return {
        **columns,
        "checks": [*standing.values("fact", "value_after", "checked_at")],
        "conflicts": [*facility.conflicts.values("fact", "shown_value", "source_value")],
        "proposals": [*waiting.order_by("pk").values("fact", "value")],
        "reports": [*facility.reports.order_by("pk").values("state", "answer", "closed_at")],
        "assignment": [*Assignment.objects.filter(facility=facility).values(*assignments.STORED)],
    }


class TestUndo:
    @pytest.mark.parametrize("outcome", CallOutcome.values)
    def test_brings_back_all_that_was_before(self, in_conflict, ana, ben, outcome):
        end(in_conflict, CallOutcome.NO_ANSWER, ana)
        make_report(facility=in_conflict, topic="closed", state=Report.State.IN_PROGRESS)
        assignments.assign_facility(in_conflict.pk, ana)
        before = public_state(in_conflict)

        call = end(
            in_conflict,
            outcome,
            ana,
            right={"name"},
            wrong={"detox"} if outcome == CallOutcome.CORRECTED else (),
            answers={report.pk: ("", "") for report in in_conflict.reports.all()},
        )
        changed = public_state(in_conflict)
        undo_call(call, by=ben, now=MONDAY + timedelta(hours=23))

        assert changed != before
        assert public_state(in_conflict) == before

    def test_stands_in_the_history(self, facility, ana, ben):
        call = end(facility, CallOutcome.CONFIRMED, ana)
        count = call.verifications.count()
        undo_call(call, by=ben, now=MONDAY)

        undone = [event for event in read_events(facility) if event.kind == "taken_back"]
        assert len(undone) == count > 5
        assert {(event.check.reverted_by, event.note) for event in undone} == {
            (ben, "The call was undone.")
        }

    def test_is_refused_after_a_day(self, facility, ana):
        call = end(facility, CallOutcome.CONFIRMED, ana)

        with pytest.raises(CheckNotAllowed, match="cannot be undone"):
            undo_call(call, by=ana, now=MONDAY + timedelta(hours=25))

    def test_is_refused_twice(self, facility, ana):
        call = end(facility, CallOutcome.CONFIRMED, ana)
        undo_call(call, by=ana, now=MONDAY)

        with pytest.raises(CheckNotAllowed, match="cannot be undone"):
            undo_call(call, by=ana, now=MONDAY)

    def test_is_refused_where_somebody_built_on_it(self, facility, ana, ben):
        call = end(facility, CallOutcome.CONFIRMED, ana)
        later = MONDAY + timedelta(hours=1)
        record_seconded(
            facility, [FactCheck("name", "corrected", "Birch House")], by=ben, now=later
        )

        with pytest.raises(CheckNotAllowed, match="Name was checked again since"):
            undo_call(call, by=ana, now=later)

        assert call.verifications.standing().count() == call.verifications.count()

    def test_goes_from_the_newest_call_back(self, facility, ana):
        first = end(facility, CallOutcome.NO_ANSWER, ana)
        second = end(facility, CallOutcome.CONFIRMED, ana, now=MONDAY + timedelta(hours=2))
        later = MONDAY + timedelta(hours=3)

        with pytest.raises(CheckNotAllowed):
            undo_call(first, by=ana, now=later)
        undo_call(second, by=ana, now=later)
        undo_call(first, by=ana, now=later)

        assert Assignment.objects.get().last_tried_at is None
