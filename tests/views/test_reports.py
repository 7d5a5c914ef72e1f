"""The public's reports: sent without an account or cookie, followed by a receipt, forgotten."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core import serializers
from django.test import Client

from facilities.curation import FactCheck, listing_doubt, record_checks, revert_verification
from facilities.curation.reports import LETTERS, AlreadyClosed, close_report, mark_in_progress
from facilities.models import Report, Throttle
from facilities.operations.retention import apply_retention
from facilities.web.throttling import is_within_limit

from ..support.accounts import staff_member
from ..support.factories import make_facility, make_listing
from ..support.html import Page
from ..support.privacy_proofs import proves

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, 20, 35, tzinfo=UTC)
OURS = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Brand-and-Model/1.0"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ secret }} %s"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def facility():
    return make_facility(name="Alder House", phone="518-555-0101")


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


def token_in(client, address, clock, *, seconds=20) -> str:
    token = Page(client.get(address)).form_token
    clock.shift(timedelta(seconds=seconds))
    return token


def send(client, address, clock, *, seconds=20, token=None, visitor="203.0.113.9", **fields):
    token = token or token_in(client, address, clock, seconds=seconds)
    body = "&".join(f"{name}={value}" for name, value in {"form_token": token, **fields}.items())
    return client.post(
        address, body, content_type="application/x-www-form-urlencoded", headers=OURS,
        REMOTE_ADDR=visitor,
    )  # fmt: skip


def report_on(facility) -> str:
    return f"/facility/{facility.slug}/report/"


def receipt_in(response) -> str:
    [receipt] = Page(response).texts("[data-receipt]")
    return receipt


class TestForm:
    def test_is_led_to_from_the_facility(self, client, facility):
        html = client.get(f"/facility/{facility.slug}/").content.decode()

        assert f'href="{report_on(facility)}"' in html

    def test_asks_for_no_patients_and_no_account(self, client, facility):
        response = client.get(report_on(facility))
        html = response.content.decode()

        assert "Do not write about a patient" in html
        assert response.cookies == {}
        assert "<script" not in html.replace('<script src="', "")

    @pytest.mark.parametrize("status", ["draft", "hidden", "withdrawn"])
    def test_is_there_for_what_the_public_may_see(self, client, status):
        facility = make_facility(status=status)

        answers = {"draft": 404, "hidden": 410, "withdrawn": 200}

        assert client.get(report_on(facility)).status_code == answers[status]

    def test_costs_two_queries(self, client, facility, django_assert_num_queries):
        with django_assert_num_queries(2):  # the facility; the release of the footer
            client.get(report_on(facility))

    def test_is_there_in_spanish(self, client, facility):
        html = client.get(f"/es{report_on(facility)}").content.decode()

        assert "¿Qué está mal?" in html


class TestSending:
    def test_keeps_what_was_said_and_gives_a_receipt(self, client, clock, facility):
        response = send(client, report_on(facility), clock, about="closed", words="It+burned+down.")

        kept = Report.objects.get()
        assert (kept.facility, kept.topic, kept.message) == (facility, "closed", "It burned down.")
        assert receipt_in(response).replace("-", "") == kept.receipt
        assert len(kept.receipt) == 12
        assert set(kept.receipt) <= set(LETTERS)
        assert response.cookies == {}

    @proves("report-day", "no-name")
    def test_keeps_nothing_that_tells_who_or_at_what_time(self, client, clock, facility):
        send(client, report_on(facility), clock, about="phone")

        kept = serializers.serialize("json", [*Report.objects.all(), *Throttle.objects.all()])
        fields = json.loads(kept)[0]["fields"]
        assert fields.pop("reported_on") == "2024-03-01"
        assert {name for name, value in fields.items() if value} == {
            "facility", "topic", "receipt", "state",
        }  # fmt: skip
        for secret in ("203.0.113", "Brand", "15:20", "15:21"):
            assert secret not in kept

    def test_twice_in_one_go_is_one_report(self, client, clock, facility):
        token = token_in(client, report_on(facility), clock)

        first = send(client, report_on(facility), clock, token=token, about="phone")
        again = send(client, report_on(facility), clock, token=token, about="phone")

        assert receipt_in(first) == receipt_in(again)
        assert Report.objects.count() == 1

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({}, "Choose what is wrong."),
            ({"about": "fire"}, "Select a valid choice"),
            ({"about": "other"}, "Say in a few words what is wrong."),
            ({"about": "phone", "words": "x" * 1001}, "at most 1000 characters"),
            ({"about": "phone", "words": "%00"}, "Null characters are not allowed"),
            ({"about": "phone", "comment": "cheap+pills"}, "only programs fill it in"),
        ],
    )
    def test_of_what_cannot_be_shows_the_form_again(
        self, client, clock, facility, fields, sentence
    ):
        response = send(client, report_on(facility), clock, **fields)

        assert response.status_code == 400
        assert sentence in response.content.decode()
        assert not Report.objects.exists()

    def test_in_no_time_is_a_robots_doing(self, client, clock, facility):
        response = send(client, report_on(facility), clock, seconds=2, about="closed", words="Gone")

        assert "That was very quick" in response.content.decode()
        assert ">\nGone</textarea>" in response.content.decode()
        assert (
            send(client, report_on(facility), clock, seconds=3, about="closed").status_code == 200
        )

    def test_from_another_site_is_refused(self, client, facility):
        response = client.post(report_on(facility), {}, headers={"Sec-Fetch-Site": "cross-site"})

        assert response.status_code == 403

    def test_shows_hostile_words_as_words(self, client, clock, facility):
        response = send(client, report_on(facility), clock, about="phone", contact=HOSTILE * 9)

        html = response.content.decode()
        assert response.status_code == 400
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


class TestToken:
    def test_of_two_people_in_one_second_brings_two_reports(self, client, facility):
        address = report_on(facility)
        tokens = [Page(client.get(address)).form_token for _ in range(2)]

        assert tokens[0] != tokens[1]

    def test_brings_one_report(self, client, clock, facility):
        address = report_on(facility)
        token = token_in(client, address, clock)

        first = send(client, address, clock, token=token, about="closed")
        loaded_again = send(client, address, clock, token=token, about="closed")
        another = send(client, address, clock, token=token, about="phone")

        assert receipt_in(first) == receipt_in(loaded_again)
        assert another.status_code == 400
        assert "This form was sent already" in another.content.decode()
        assert Report.objects.get().topic == "closed"

    def test_is_of_one_facility(self, client, clock, facility):
        token = token_in(client, report_on(make_facility(name="Birch House")), clock)

        refused = send(client, report_on(facility), clock, token=token, about="closed")

        assert refused.status_code == 400
        assert "not sent from its own page" in refused.content.decode()
        assert not Report.objects.exists()


class TestLimit:
    def test_is_ten_an_hour_for_one_connection(self, client, clock, facility):
        def status(visitor="203.0.113.9"):
            response = send(client, report_on(facility), clock, visitor=visitor, about="services")
            return response.status_code

        assert [status() for _ in range(12)] == [200] * 10 + [429] * 2
        assert status(visitor="203.0.113.10") == 200
        clock.shift(timedelta(hours=1))
        assert status() == 200

    def test_lets_one_connection_doubt_a_number_once_a_day(self, client, clock, facility):
        first = send(client, report_on(facility), clock, about="phone")
        again = send(client, report_on(facility), clock, about="phone", words="still")
        assert (first.status_code, again.status_code) == (200, 429)
        assert listing_doubt(facility, NOW.date()) == ""

        send(client, report_on(facility), clock, about="phone", visitor="203.0.113.10")

        assert "this number is wrong" in listing_doubt(facility, NOW.date())

    def test_lets_one_connection_say_once_a_day_that_a_place_has_closed(
        self, client, clock, facility
    ):
        answers = [send(client, report_on(facility), clock, about="closed") for _time in range(2)]
        assert [answer.status_code for answer in answers] == [200, 429]

    def test_counts_a_household_of_ipv6_as_one(self, client, clock, facility):
        visitors = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
        statuses = [
            send(client, report_on(facility), clock, visitor=visitor, about="phone").status_code
            for visitor in visitors
        ]

        assert statuses == [200, 429, 200]

    def test_is_of_each_purpose_for_itself(self):
        hour = {"now": NOW, "limit": 1, "window": timedelta(hours=1)}

        uses = [
            is_within_limit(purpose, "203.0.113.9", **hour) for purpose in ("one", "two", "one")
        ]

        assert uses == [True, True, False]

    @proves("report-count")
    def test_keeps_a_keyed_hash_that_changes_with_the_day_and_goes(self, settings):
        for now in (NOW, NOW + timedelta(days=1)):
            is_within_limit("test", "203.0.113.9", now=now, limit=9, window=timedelta(hours=1))
        settings.SECRET_KEY = "another" * 9
        is_within_limit("test", "203.0.113.9", now=NOW, limit=9, window=timedelta(hours=1))
        assert Throttle.objects.values("key").distinct().count() == 3

        apply_retention(NOW + timedelta(days=2))

        assert not Throttle.objects.exists()


class TestReceipt:
    @pytest.fixture
    def report(self, facility):
        return Report.objects.create(
            facility=facility, topic="closed", message="secret words", contact="me@example.org",
            receipt="ABCDEFGHJKMN", reported_on=NOW.date(),
        )  # fmt: skip

    @pytest.mark.parametrize("code", ["ABCDEFGHJKMN", "abcd-efgh-jkmn", "+AbCd+EfGh.jkmn+"])
    def test_shows_the_state_however_it_is_typed(self, client, clock, report, code):
        html = send(client, "/receipt/", clock, code=code).content.decode()

        assert 'data-state="open"' in html
        assert "Alder House" in html

    def test_shows_what_was_done_and_not_what_was_said(self, client, clock, report):
        close_report(
            report, state="confirmed", answer=HOSTILE, by=None, now=NOW + timedelta(days=3)
        )

        html = send(client, "/receipt/", clock, code=report.receipt).content.decode()

        assert 'data-state="confirmed"' in html
        assert "March 4, 2024" in html
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html
        assert "secret words" not in html
        assert "me@example.org" not in html

    def test_shows_which_facts_were_corrected_and_nothing_else_of_them(self, client, clock, report):
        report.facility = facility = make_listing()
        report.save()
        ana = staff_member("curator", name="ana")
        check = FactCheck("admission_hours", "corrected", "At ten", note="Asked Maria")
        other = FactCheck("admission_exclusions", "corrected", "Nobody under 18")
        linked, unlinked = record_checks(
            facility, [check, other], by=ana, now=NOW + timedelta(days=1)
        ).verifications
        close_report(
            report, state="corrected", answer="", by=ana, now=NOW + timedelta(days=3),
            corrections=[linked],
        )  # fmt: skip

        html = send(client, "/receipt/", clock, code=report.receipt).text

        assert "Admission hours, since March 2, 2024" in html
        for hidden in ("At ten", "Maria", "ana", "under 18", "Who cannot be admitted"):
            assert hidden not in Page(html).text
        revert_verification(linked, by=ana, now=NOW + timedelta(days=4))
        html = send(client, "/receipt/", clock, code=report.receipt).text
        assert "What was corrected has been taken back since." in html

    @pytest.mark.parametrize(
        "code", ["", "ABCDEFGHJKMP", "%00", "x" * 41, "%F0%9F%98%80", "' OR 1"]
    )
    def test_that_is_unknown_is_told_so(self, client, clock, report, code):
        response = send(client, "/receipt/", clock, code=code)

        assert response.status_code == 400
        assert "data-state" not in response.content.decode()

    def test_is_never_in_an_address(self, client, clock, report):
        html = send(client, "/receipt/", clock, code=report.receipt).content.decode()

        assert f"code={report.receipt}" not in html
        assert "data-state" not in client.get(f"/receipt/?code={report.receipt}").content.decode()

    def test_cannot_be_guessed_for_long(self, client, clock, report):
        statuses = [send(client, "/receipt/", clock, code="x" * 12).status_code for _ in range(30)]

        html = send(client, "/receipt/", clock, code=report.receipt).content.decode()

        assert statuses == [400] * 30
        assert "Too many codes" in html


class TestClosing:
    @pytest.fixture
    def report(self, facility):
        return Report.objects.create(
            facility=facility, topic="closed", message="It burned down.", contact="me@example.org",
            receipt="ABCDEFGHJKMN", reported_on=NOW.date(),
        )  # fmt: skip

    @proves("report-words", "report-contact")
    def test_deletes_the_contact_at_once_and_the_words_after_90_days(self, report):
        close_report(report, state="confirmed", answer="It stands.", by=None, now=NOW)
        assert (report.contact, report.message) == ("", "It burned down.")

        apply_retention(NOW + timedelta(days=90))
        report.refresh_from_db()
        assert report.message == "It burned down."
        apply_retention(NOW + timedelta(days=90, seconds=1))

        report.refresh_from_db()
        assert (report.message, report.answer) == ("", "It stands.")

    def test_happens_once(self, report):
        mark_in_progress(report)
        close_report(report, state="confirmed", answer="It stands.", by=None, now=NOW)

        with pytest.raises(AlreadyClosed):
            close_report(report, state="confirmed", answer="", by=None, now=NOW)
        with pytest.raises(AlreadyClosed):
            mark_in_progress(report)
