"""A call: what is read out, and what each of its outcomes leaves behind."""

from datetime import UTC, datetime

import pytest

from facilities.curation import Check, NotAllowed, OutdatedValue, record_checks
from facilities.curation.dossier import read_dossier
from facilities.curation.work_queue import assignments
from facilities.curation.work_queue.call_script import build_call_script
from facilities.curation.work_queue.outcomes import (
    CORRECTIONS_DONE,
    LEAVE_OPEN,
    CallReport,
    Outcome,
    record_outcome,
)
from facilities.curation.work_queue.ranking import QueueQuery, read_queue
from facilities.models import Assignment, Conflict, Proposal, Report, Verification
from facilities.places.service_area import read_service_area
from facilities.places.timezones import TIME_ZONES_BY_SLUG

from ..support.factories import make_listing, make_release, make_report, restate

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 16, tzinfo=UTC)  # 11 a.m. in New York


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


@pytest.fixture
def ben(django_user_model):
    return django_user_model.objects.create_user("ben")


@pytest.fixture
def facility():
    return make_listing(release=make_release(edition="2022"), codes="SA DT * OP * ODTX BU MD")


def read_out(facility):
    known = read_dossier(facility, today=MONDAY.date())
    return build_call_script(known, language="en", today=MONDAY.date())


def reasons(facility) -> dict[str, int]:
    terms = read_queue(read_service_area([]), MONDAY).terms(facility.pk)
    return {term.weight.slug: term.points for term in terms}


def end(facility, outcome, by, *, now=MONDAY, **more):
    call = CallReport(facility, outcome, read_out(facility).shown, **more)
    return record_outcome(call, by=by, now=now, zone=TIME_ZONES_BY_SLUG["eastern"])


def put_off_until(facility) -> datetime:
    return assignments.assignment_for(facility.pk).snoozed_until


class TestCall:
    def test_reads_out_what_is_claimed_and_what_nobody_said(self, facility):
        parts = {part.slug: part for part in read_out(facility).parts}

        assert parts["phone"].lines[0].value_text == "518-555-0101"
        assert {line.fact for line in parts["detox"].lines} == {
            "service:detox", "service:opioid-detox"
        }  # fmt: skip
        assert "Hours of the intake line" in parts["phone"].unreported
        assert "Detox for alcohol" in parts["detox"].unreported

    def test_all_confirmed_dates_every_fact_that_was_read_out(self, facility, ana):
        shown = read_out(facility).shown
        end(facility, Outcome.CONFIRMED, ana)

        found = Verification.objects.filter(facility=facility)
        assert {each.fact for each in found} == set(shown)
        assert {each.outcome for each in found} == {"confirmed"}
        assert reasons(facility) == {"approximate": 2}

    def test_some_corrected_confirms_the_rest_and_stays_in_hand(self, facility, ana):
        end(facility, Outcome.CORRECTED, ana, wrong={"phone", "service:detox"})

        checked = set(Verification.objects.values_list("fact", flat=True))
        assert "name" in checked
        assert checked.isdisjoint({"phone", "service:detox"})
        assert assignments.assignment_for(facility.pk).assigned_to == ana

    def test_some_corrected_with_nothing_ticked_records_nothing(self, facility, ana):
        end(facility, Outcome.CORRECTED, ana)

        assert not Verification.objects.exists()

    def test_a_wrong_number_is_doubted_and_looked_for_the_next_day(self, facility, ana):
        end(facility, Outcome.WRONG_NUMBER, ana)

        (check,) = Verification.objects.all()
        assert (check.fact, check.outcome) == ("phone", "not_confirmed")
        assert reasons(facility)["phone-missed"] == 55
        assert put_off_until(facility) == datetime(2024, 3, 5, 14, tzinfo=UTC)

    def test_closed_takes_it_from_the_list(self, facility, ana):
        end(facility, Outcome.CLOSED, ana)

        facility.refresh_from_db()
        assert facility.status == "withdrawn"
        assert not read_queue(read_service_area([]), MONDAY).filter(QueueQuery(), ana.pk)

    def test_no_answer_tries_another_time_of_day_then_a_week_later(self, facility, ana):
        tries = []
        for _ in range(3):
            now = tries[-1] if tries else MONDAY
            end(facility, Outcome.NO_ANSWER, ana, now=now)
            tries.append(put_off_until(facility))

        # Monday 1 p.m., Tuesday 9 a.m., and in a week; New York is in summer time by then.
        assert tries == [
            datetime(2024, 3, 4, 18, tzinfo=UTC), datetime(2024, 3, 5, 14, tzinfo=UTC),
            datetime(2024, 3, 12, 13, tzinfo=UTC),
        ]  # fmt: skip
        assert Assignment.objects.get().attempts == 3
        assert not Verification.objects.exists()

    def test_left_message_waits_two_days(self, facility, ana):
        end(facility, Outcome.LEFT_MESSAGE, ana)

        assert put_off_until(facility) == datetime(2024, 3, 6, 14, tzinfo=UTC)

    def test_an_answer_ends_the_count_of_tries(self, facility, ana):
        end(facility, Outcome.NO_ANSWER, ana)
        end(facility, Outcome.CONFIRMED, ana)

        assert Assignment.objects.get().attempts == 0

    @pytest.mark.parametrize(
        ("outcome", "about", "chosen", "state"),
        [
            ("confirmed", "phone", "", Report.State.CONFIRMED),
            ("confirmed", "phone", LEAVE_OPEN, Report.State.OPEN),
            ("confirmed", "services", Report.State.UNCLEAR, Report.State.UNCLEAR),
            ("closed", "closed", "", Report.State.CORRECTED),
            ("no_answer", "phone", "", Report.State.OPEN),
        ],
    )
    def test_ends_reports_as_the_caller_says(self, facility, ana, outcome, about, chosen, state):
        assignments.assign(facility.pk, ana)
        report = make_report(facility=facility, topic=about, contact="a@example.org")

        end(facility, outcome, ana, answers={report.pk: (chosen, "Thank you.")})

        report.refresh_from_db()
        settled = report.state if report.state != Report.State.IN_PROGRESS else Report.State.OPEN
        assert settled == state
        assert (report.contact == "") is (state != Report.State.OPEN)

    def test_leaves_a_number_alone_whose_change_waits(self, facility, ana):
        record_checks(facility, [Check("phone", "corrected", "518-555-0102")], by=ana, now=MONDAY)

        end(facility, Outcome.CONFIRMED, ana)

        assert Proposal.objects.get().state == Proposal.State.WAITING
        assert not Verification.objects.filter(fact="phone").exists()
        assert put_off_until(facility) == datetime(2024, 3, 5, 14, tzinfo=UTC)

    def test_corrections_made_puts_it_to_rest(self, facility, ana):
        end(facility, Outcome.CORRECTED, ana, wrong={"name"})
        end(facility, CORRECTIONS_DONE, ana)

        assert not read_queue(read_service_area([]), MONDAY).filter(QueueQuery(), ana.pk)
        assert assignments.assignment_for(facility.pk).assigned_to is None

    def test_is_refused_to_whoever_does_not_have_it(self, facility, ana, ben):
        assignments.claim(facility.pk, ana)

        with pytest.raises(NotAllowed, match="in hand"):
            end(facility, Outcome.CONFIRMED, ben)

        assert not Verification.objects.exists()

    def test_is_refused_where_a_fact_changed_meanwhile(self, facility, ana, ben):
        call = CallReport(facility, Outcome.CONFIRMED, read_out(facility).shown)
        record_checks(facility, [Check("name", "corrected", "Birch House")], by=ben, now=MONDAY)

        with pytest.raises(OutdatedValue):
            record_outcome(call, by=ana, now=MONDAY, zone=None)

        assert assignments.assignment_for(facility.pk).assigned_to is None

    def test_confirming_settles_a_conflict_with_the_newest_file(self, facility, ana):
        record_checks(facility, [Check("name", "corrected", "Birch House")], by=ana, now=MONDAY)
        restate(facility, make_release(edition="2023"), name1="Cedar House")
        lines = [line for part in read_out(facility).parts for line in part.lines]
        (line,) = [line for line in lines if line.fact == "name"]
        assert (line.value_text, line.source_text) == ("Birch House", "Cedar House")

        end(facility, Outcome.CONFIRMED, ana)

        assert not Conflict.objects.exists()
