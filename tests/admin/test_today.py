"""The first page of staff: what waits today, where to call now, and what did not run."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from facilities.models import Job, Report, ScheduledTask
from facilities.operations.jobs import start_job
from facilities.operations.scheduled_tasks import record_success
from facilities.operations.staff_mail import announce_report

from ..operations.test_jobs import greet
from ..support.accounts import client_of, staff_client, staff_member
from ..support.background import run_jobs
from ..support.factories import make_listing
from ..support.html import Page

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")
NOON_IN_NEW_YORK = datetime(2024, 3, 6, 17, tzinfo=UTC)  # a Wednesday


def report(facility, topic: str = "phone", **fields) -> Report:
    number = Report.objects.count()
    day = timezone.localdate()
    return facility.reports.create(topic=topic, receipt=f"R{number}", reported_on=day, **fields)


class TestToday:
    def test_counts_what_waits_in_the_service_area_alone(self, settings):
        settings.SERVICE_AREA = ["NY"]
        here, elsewhere = make_listing(state="NY"), make_listing(state="OH")
        report(here), report(here, "services"), report(elsewhere)
        report(here, state="corrected", closed_at=timezone.now())

        page = Page(staff_client().get(INDEX))

        assert page.texts("section[aria-labelledby=today-waits] li") == [
            "Reports about phone numbers: 1",
            "Other reports: 1",
        ]

    def test_leads_to_the_calls_of_zones_where_people_answer_now(self):
        make_listing(state="NY", phone="518-555-0101")

        with time_machine.travel(NOON_IN_NEW_YORK, tick=False):
            page = Page(staff_client().get(INDEX))

        assert page.texts("section[aria-labelledby=today-calls] li") == ["Eastern time, noon: 1"]
        assert page.attribute("section[aria-labelledby=today-calls] li a", "href").endswith(
            "/queue/?zone=eastern"
        )

    def test_warns_of_timers_that_did_not_run_and_of_work_that_nothing_does(self):
        ScheduledTask.objects.create(
            name="published-data", succeeded_at=timezone.now() - timedelta(days=9)
        )
        ana = staff_member("curator", name="ana")
        start_job(greet, "Greet", by=ana, name="Eva")

        warnings = " ".join(Page(client_of(ana).get(INDEX)).texts(".messagelist .warning"))

        assert "Published data did not run when it should have." in warnings
        assert "1 background job waits, and nothing runs it." in warnings

    def test_tells_administrators_what_was_deleted_and_when(self):
        call_command("delete_expired", stdout=StringIO())

        administrator, curator = (Page(staff_client(role).get(INDEX)) for role in
                                  ("administrator", "curator"))  # fmt: skip

        assert "0 sessions of staff, expired" in administrator.text
        assert "0 sessions of staff, expired" not in curator.text


@pytest.fixture
def mailing(settings):
    settings.EMAIL_ENABLED, settings.STAFF_EMAIL = True, ["staff@example.org"]


class TestMail:
    def test_tells_numbers_alone(self, mailing):
        facility = make_listing(name="Alder House", state="NY", phone="518-555-0101")
        report(facility, message="Ask for Eva", contact="eva@example.org")
        record_success(ScheduledTask.Name.DELETE_EXPIRED)

        call_command("mail_staff", stdout=StringIO())

        (sent,) = mail.outbox
        assert "Reports about phone numbers: 1" in sent.body
        assert sent.to == ["staff@example.org"]
        assert not any(word in sent.body for word in ("Alder", "555", "Eva", "eva@"))

    def test_is_not_sent_where_nothing_waits(self, mailing):
        call_command("mail_staff", stdout=StringIO())

        assert mail.outbox == []

    @pytest.mark.parametrize(("topic", "number"), [("phone", 1), ("services", 0)])
    def test_comes_at_once_for_a_report_about_a_phone(self, mailing, topic, number):
        announce_report(topic)
        run_jobs()

        assert len(mail.outbox) == number

    def test_of_a_report_needs_a_mail_server(self, settings):
        settings.EMAIL_ENABLED = False
        announce_report("phone")
        run_jobs()

        assert mail.outbox == []
        assert not Job.objects.exists()
