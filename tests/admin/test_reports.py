"""The public's reports in the staff's site: what is open first, settled on one page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from facilities.models import Report, Verification

from ..support.accounts import client_of, staff_member
from ..support.factories import make_facility

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, tzinfo=UTC)


def corrected(report, *, at) -> Verification:
    return Verification.objects.create(
        facility=report.facility, fact="admission_hours", outcome="corrected", method="phone",
        value_after="At ten", checked_at=at,
    )  # fmt: skip


LIST = "/admin/facilities/report/"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ secret }}"


def make_report(*, days_ago=0, **fields) -> Report:
    fields = {"facility": None, "topic": "closed", "receipt": f"{Report.objects.count():012}"} | {
        "reported_on": NOW.date() - timedelta(days=days_ago),
        **fields,
    }
    fields["facility"] = fields["facility"] or make_facility(name="Alder House")
    return Report.objects.create(**fields)


def page_of(report) -> str:
    return f"{LIST}{report.pk}/change/"


@pytest.fixture
def curator():
    return staff_member("curator")


@pytest.fixture
def client(curator):
    return client_of(curator)


class TestList:
    def test_has_what_is_open_first_and_of_that_the_oldest(self, client):
        made = {
            "closed": make_report(state="corrected", closed_at=NOW),
            "newer": make_report(days_ago=1),
            "older": make_report(days_ago=9),
            "in hand": make_report(days_ago=20, state="in_progress"),
        }

        shown = client.get(LIST).context["cl"].result_list

        order = ["older", "newer", "in hand", "closed"]
        assert [report.pk for report in shown] == [made[name].pk for name in order]

    @pytest.mark.parametrize(
        ("query", "count"), [("", 3), ("?is=open", 2), ("?is=closed", 1), ("?topic=phone", 1)]
    )
    def test_is_narrowed(self, client, query, count):
        make_report(topic="phone")
        make_report(state="in_progress")
        make_report(state="unclear", closed_at=NOW)

        assert len(client.get(LIST + query).context["cl"].result_list) == count

    def test_asks_the_same_however_long_it_is(self, client, django_assert_num_queries):
        for _ in range(40):
            make_report()

        # session, user, device, permissions twice, count, the list
        with django_assert_num_queries(7):
            client.get(LIST)


class TestPage:
    def test_leads_to_the_facility_and_shows_words_as_words(self, client):
        report = make_report(message=HOSTILE, contact=HOSTILE)

        html = client.get(page_of(report)).content.decode()

        assert f"/admin/facilities/facility/{report.facility_id}/change/" in html
        assert "<img src=x" not in html
        assert html.count("&lt;img src=x") == 2

    def test_takes_in_hand_and_closes(self, client, curator):
        report = make_report(message="It is gone.", contact="me@example.org")

        client.post(page_of(report), {"take": "yes"})
        report.refresh_from_db()
        assert report.state == "in_progress"
        check = corrected(report, at=NOW + timedelta(days=900))
        client.post(
            page_of(report),
            {"state": "corrected", "answer": "We took it down.", "corrections": check.pk},
        )

        report.refresh_from_db()
        assert (report.state, report.answer) == ("corrected", "We took it down.")
        assert (report.contact, report.closed_by) == ("", curator)
        assert [*report.corrections.all()] == [check]
        assert "Admission hours" in client.get(page_of(report)).text

    def test_does_not_close_as_corrected_where_nothing_was(self, client):
        report = make_report()
        corrected(report, at=NOW - timedelta(days=900))

        html = client.post(page_of(report), {"state": "corrected"}).content.decode()

        report.refresh_from_db()
        assert report.state == "open"
        assert "Nothing was corrected here" in html

    def test_does_not_close_as_corrected_without_saying_what(self, client):
        report, other = make_report(), make_report()
        corrected(report, at=NOW)
        elsewhere = corrected(other, at=NOW)

        for keys in ([], [elsewhere.pk]):
            html = client.post(page_of(report), {"state": "corrected", "corrections": keys}).text
            report.refresh_from_db()
            assert report.state == "open"
            assert "Admission hours: not reported → At ten (March 1, 2024)" in html
        assert (
            "Say what was corrected because of this report."
            in client.post(page_of(report), {"state": "corrected"}).text
        )

    def test_does_not_close_with_a_number_that_nobody_else_checked(self, client):
        report = make_report()

        html = client.post(
            page_of(report), {"state": "confirmed", "answer": "Call 888-555-0166 instead."}
        ).text

        report.refresh_from_db()
        assert report.state == "open"
        assert "Leave numbers, websites and mail addresses out" in html

    @pytest.mark.parametrize("state", ["", "open", "in_progress", "gone"])
    def test_does_not_close_without_an_outcome(self, client, state):
        report = make_report()

        html = client.post(page_of(report), {"state": state}).content.decode()

        report.refresh_from_db()
        assert report.state == "open"
        assert "It is not closed yet" in html

    def test_says_that_somebody_was_quicker(self, client):
        report = make_report(state="confirmed", closed_at=NOW, answer="Right.")

        html = client.post(
            page_of(report), {"state": "corrected", "answer": "Wrong."}, follow=True
        ).content.decode()

        report.refresh_from_db()
        assert report.answer == "Right."
        assert "Somebody else has closed it" in html

    @pytest.mark.parametrize("key", ["0", "999", "x", "9" * 30])
    def test_of_no_report_is_not_found(self, client, key):
        assert client.get(f"{LIST}{key}/change/").status_code == 404

    @pytest.mark.parametrize("part", ["add/", "{}/delete/"])
    def test_can_neither_be_made_nor_deleted_here(self, client, part):
        assert client.get(LIST + part.format(make_report().pk)).status_code == 403


class TestStranger:
    @pytest.mark.parametrize("has_account", [True, False])
    def test_sees_no_report(self, has_account):
        report = make_report(message="secret words")
        stranger = Client()
        if has_account:
            member = staff_member("curator")
            member.groups.clear()
            stranger = client_of(member)

        for address in (LIST, page_of(report)):
            response = stranger.get(address)
            assert response.status_code in (302, 403)
            assert b"secret words" not in response.content
        stranger.post(page_of(report), {"state": "corrected"})
        report.refresh_from_db()
        assert report.state == "open"
