"""Two reports of one thing put a dated notice on the page, and the facility is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from facilities.curation.facility_notices import pending_notices
from facilities.curation.listing_doubts import listing_doubt
from facilities.curation.reports import ReportDraft, submit_report
from facilities.curation.self_service.links import create_update_link
from facilities.curation.work_queue.outcomes import CallReport, record_call_outcome
from facilities.curation.work_queue.undo_call import undo_call
from facilities.models import FacilityNotice, Report
from facilities.operations.facility_mail import mail_notices

from ..support.accounts import staff_client, staff_member
from ..support.background import run_jobs
from ..support.factories import make_listing

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, tzinfo=UTC)
REPORTED = "Several people told us that this number is wrong, last on March 1, 2024."


def report(facility, visitor: int, *, topic="phone", now=NOW) -> None:
    draft = ReportDraft(facility, topic)
    submit_report(draft, form=f"{visitor}{now}", address=f"203.0.113.{visitor}", now=now)


@pytest.fixture
def listing():
    return make_listing(name1="Alder House")


class TestNotice:
    def test_of_two_reports_has_its_day_and_lapses_after_30(self, listing):
        report(listing, 1)
        assert listing_doubt(listing, NOW.date()) == ""
        report(listing, 2)

        assert listing_doubt(listing, NOW.date()).startswith(REPORTED)
        assert listing_doubt(listing, NOW.date() + timedelta(days=30)).startswith(REPORTED)
        assert listing_doubt(listing, NOW.date() + timedelta(days=31)) == ""

    @pytest.mark.parametrize("topic", ["services", "insurance"])
    def test_is_of_numbers_and_closing_alone(self, listing, topic):
        for visitor in (1, 2):
            report(listing, visitor, topic=topic)

        assert not pending_notices().exists()

    def test_is_one_for_all_reports_of_30_days(self, listing):
        for visitor in range(4):
            report(listing, visitor)
        assert pending_notices().count() == 1

        report(listing, 5, now=NOW + timedelta(days=31))
        assert pending_notices().count() == 2


class TestTelling:
    @pytest.fixture
    def reported(self, listing):
        for visitor in (1, 2):
            report(listing, visitor)
        return listing

    def test_is_a_mail_where_the_facility_has_an_address(self, reported, settings):
        settings.EMAIL_ENABLED = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        create_update_link(reported, sent_to="desk@alder.example.org", by=None, now=NOW)

        mail_notices(reported)
        run_jobs()

        (sent,) = mail.outbox
        assert sent.to == ["desk@alder.example.org"]
        assert "Alder House: The phone number" in sent.body
        assert not pending_notices().exists()

    @pytest.mark.parametrize(("enabled", "sent_to"), [(True, "518-555-0101"), (False, "a@b.org")])
    def test_waits_for_a_call_otherwise(self, reported, settings, enabled, sent_to):
        settings.EMAIL_ENABLED = enabled
        create_update_link(reported, sent_to=sent_to, by=None, now=NOW)
        mail_notices(reported)
        run_jobs()
        curator = staff_client("curator")

        page = curator.get(f"/admin/queue/{reported.code}/").text

        assert "Tell the facility" in page
        assert "The phone number, last on March 1, 2024." in page
        assert "Facilities to tell what people reported</a>: 1" in curator.get("/admin/").text

    def test_is_done_by_a_call_and_undone_with_it(self, reported):
        ana = staff_member("curator", name="ana")

        missed = CallReport(reported, "no_answer", {})
        record_call_outcome(missed, by=ana, now=NOW, zone=None)
        assert pending_notices().exists()
        reached = CallReport(reported, "corrected", {})
        call = record_call_outcome(reached, by=ana, now=NOW + timedelta(hours=1), zone=None)
        assert not pending_notices().exists()

        undo_call(call, by=ana, now=NOW + timedelta(hours=2))
        assert pending_notices().exists()

    def test_is_done_by_a_call_that_settles_the_reports_too(self, reported):
        """Else a later report alone would make it wait again, and say that several came."""
        answers = {each.pk: ("", "") for each in Report.objects.filter(facility=reported)}
        told = CallReport(reported, "confirmed", {}, answers=answers)
        record_call_outcome(told, by=staff_member(name="ana"), now=NOW, zone=None)

        assert not Report.objects.filter(closed_at=None).exists()
        assert not FacilityNotice.objects.filter(told_at=None).exists()
