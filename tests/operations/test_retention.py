"""What the site forgets, and that it forgets nothing else."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models import TextField

from facilities.curation.legal_holds import lift_hold, place_hold
from facilities.models import Facility, NewDevice, Report, Throttle
from facilities.operations.retention import STAFF_NOTES, apply_retention

from ..support.factories import make_facility
from ..support.privacy_proofs import proves

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def ago(**span) -> datetime:
    return NOW - timedelta(**span)


def report(*, closed_at=None, **fields) -> Report:
    receipt = str(Report.objects.count())
    words = {"message": "It rings and nobody answers", "contact": "a@example.org"}
    return Report.objects.create(
        facility=make_facility(), topic="phone", receipt=receipt, reported_on=ago(days=200).date(),
        closed_at=closed_at, **(words | fields),
    )  # fmt: skip


class TestForgetting:
    @pytest.mark.parametrize(("days", "kept"), [(29, 1), (31, 0)])
    def test_of_failed_log_ins_is_after_thirty_days(self, days, kept):
        AccessAttempt.objects.create(username="ana", ip_address="192.0.2.1", failures_since_start=1)
        AccessAttempt.objects.update(attempt_time=ago(days=days))

        apply_retention(NOW)

        assert AccessAttempt.objects.count() == kept

    @proves("report-words")
    def test_of_words_is_ninety_days_after_the_report_closed(self):
        still_open = report()
        lately = report(closed_at=ago(days=89))
        long_ago = report(closed_at=ago(days=91))

        apply_retention(NOW)

        kept = [Report.objects.get(pk=one.pk).message for one in (still_open, lately, long_ago)]
        assert kept == [still_open.message, lately.message, ""]

    def test_of_contacts_is_when_the_report_closes(self):
        still_open, closed = report(), report(closed_at=ago(days=1))

        apply_retention(NOW)

        kept = [Report.objects.get(pk=one.pk).contact for one in (still_open, closed)]
        assert kept == ["a@example.org", ""]

    def test_of_throttles_and_sessions_is_when_they_expire(self):
        for name, expires in (("past", ago(hours=1)), ("future", ago(hours=-1))):
            Throttle.objects.create(key=name, expires_at=expires)
            Session.objects.create(session_key=name, expire_date=expires)

        apply_retention(NOW)

        assert [one.key for one in Throttle.objects.all()] == ["future"]
        assert [one.session_key for one in Session.objects.all()] == ["future"]

    @pytest.mark.parametrize(("days", "kept"), [(29, 1), (31, 0)])
    def test_of_notes_of_new_devices_is_after_thirty_days(self, days, kept):
        user = User.objects.create_user("ana")
        NewDevice.objects.create(user=user, first_used_at=ago(days=days))

        apply_retention(NOW)

        assert NewDevice.objects.count() == kept

    def test_is_told_in_numbers(self):
        report(closed_at=ago(days=1))

        printed = StringIO()
        call_command("delete_expired", stdout=printed)

        assert "1  contacts left with reports that are closed" in printed.getvalue()

    def test_is_done_once(self):
        report(closed_at=ago(days=100))

        first, second = apply_retention(NOW), apply_retention(NOW)

        assert sorted(first.values()) == [0, 0, 0, 0, 0, 0, 1, 1]
        assert set(second.values()) == {0}


class TestNotesOfStaff:
    @pytest.fixture(autouse=True)
    def _schedule(self, settings):
        settings.STAFF_NOTES_KEPT = timedelta(days=365)

    def checked(self, facility, **span):
        return facility.verifications.create(
            fact="phone", outcome="confirmed", method="phone", note="Ask for the nurse",
            checked_at=ago(**span),
        )  # fmt: skip

    @pytest.mark.parametrize(("days", "kept"), [(364, True), (366, False)])
    def test_are_kept_for_as_long_as_the_operator_says(self, days, kept):
        check = self.checked(make_facility(), days=days)

        apply_retention(NOW)

        check.refresh_from_db()
        assert bool(check.note) == kept

    def test_are_kept_for_good_without_a_schedule(self, settings):
        settings.STAFF_NOTES_KEPT = timedelta()
        check = self.checked(make_facility(), days=4000)

        apply_retention(NOW)

        check.refresh_from_db()
        assert check.note

    def test_are_kept_under_a_legal_hold_and_of_what_waits(self):
        facility = make_facility()
        merged = make_facility(status="hidden", merged_into=facility)
        hold = place_hold(facility, "A letter", by=None, now=NOW)
        old, of_merged = self.checked(facility, days=900), self.checked(merged, days=900)
        waiting = make_facility().proposals.create(
            fact="phone", method="phone", made_at=ago(days=900), note="Called twice"
        )

        apply_retention(NOW)
        for record in (old, of_merged, waiting):
            record.refresh_from_db()
            assert record.note
        lift_hold(hold, by=None, now=NOW)
        apply_retention(NOW)

        old.refresh_from_db()
        assert old.note == ""

    def test_know_every_note_of_a_settled_matter(self):
        """What waits for a second person keeps its note; a report's words have their own time.

        What a facility disputes, and the answer to it, are no notes of staff.
        """
        apart = {
            "MergeProposal", "RowProposal", "Facility", "LegalHold", "Report", "Credential",
            "Dispute",
        }  # fmt: skip
        own: dict[str, set[str]] = {}
        for notes in STAFF_NOTES:
            own.setdefault(notes.model.__name__, set()).update(notes.texts)
        written = {
            model.__name__: {
                field.name for field in model._meta.concrete_fields if type(field) is TextField
            }
            for model in apps.get_app_config("facilities").get_models()
            if any(field.related_model is Facility for field in model._meta.concrete_fields)
            and not model.__name__.startswith("Historical")
        }

        assert own == {
            name: texts for name, texts in written.items() if texts and name not in apart
        }
