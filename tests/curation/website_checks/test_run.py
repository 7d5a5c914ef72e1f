"""Rounds of visits to websites: what is due, what is kept, and that no public fact changes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from facilities.curation.website_checks.alerts import website_alert
from facilities.curation.website_checks.checker import WebsiteChecker
from facilities.curation.website_checks.messages import website_check_sentence
from facilities.curation.website_checks.run import (
    MachineOffline,
    facilities_due_for_website_check,
    run_website_checks,
    save_website_results,
)
from facilities.curation.work_queue.ranking import read_queue
from facilities.models import DataVersion, Facility, WebsiteCheck
from facilities.places.service_area import ServiceArea

from ...support.bad_web_server import misbehaving, visitor_to
from ...support.factories import make_facility, make_release

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def server():
    with misbehaving() as server:
        yield server


@pytest.fixture
def visitor(server) -> WebsiteChecker:
    return visitor_to(server)


@pytest.mark.django_db
class TestARound:
    def round(self, visitor, now=NOW) -> None:
        chosen = facilities_due_for_website_check(Facility.objects.listed(), now, is_resumed=True)
        list(
            save_website_results(
                run_website_checks(chosen.values_list("pk", "website"), visitor),
                visitor,
                lambda: now,
            )
        )

    def test_counts_failures_in_a_row_and_changes_no_fact(self, visitor, server):
        make_facility(website=f"http://good.test:{server.port}/ok")
        facility = make_facility(website=f"http://good.test:{server.port}/missing")
        before = Facility.objects.order_by("pk").values(), DataVersion.current()

        counts = []
        for days in (0, 4, 8):
            self.round(visitor, NOW + timedelta(days=days))
            counts.append(WebsiteCheck.objects.get(facility=facility).failures)

        assert counts == [1, 2, 3]
        assert list(before[0]) == list(Facility.objects.order_by("pk").values())
        assert before[1] == DataVersion.current()

    @pytest.mark.parametrize(("path", "failures"), [("ok", 0), ("shy", 2), ("elsewhere", 0)])
    def test_forgives_after_an_answer_alone(self, visitor, server, path, failures):
        website = f"http://good.test:{server.port}/{path}"
        facility = make_facility(website=website)
        WebsiteCheck.objects.create(
            facility=facility, website=website, outcome="unreachable", failures=2,
            checked_at=NOW - timedelta(days=9),
        )  # fmt: skip

        self.round(visitor)

        assert WebsiteCheck.objects.get().failures == failures

    def test_begins_anew_with_another_website(self, visitor, server):
        facility = make_facility(website=f"http://good.test:{server.port}/missing")
        WebsiteCheck.objects.create(
            facility=facility, website="http://old.test/", outcome="unreachable", failures=2,
            checked_at=NOW - timedelta(hours=1),
        )  # fmt: skip

        self.round(visitor)

        assert WebsiteCheck.objects.get().failures == 1

    def test_visits_a_shared_website_once(self, visitor, server):
        for _number in range(3):
            make_facility(website=f"http://good.test:{server.port}/ok")

        self.round(visitor)

        assert server.asked() == ["/ok"]
        assert WebsiteCheck.objects.filter(outcome="reachable").count() == 3

    def test_goes_on_where_the_last_one_stopped(self, visitor, server):
        for number in range(4):
            make_facility(website=f"http://good.test:{server.port}/{number}")
        chosen = facilities_due_for_website_check(Facility.objects.listed(), NOW, is_resumed=True)[
            :3
        ]
        list(
            save_website_results(
                run_website_checks(chosen.values_list("pk", "website"), visitor),
                visitor,
                lambda: NOW,
            )
        )

        left = facilities_due_for_website_check(
            Facility.objects.listed(), NOW + timedelta(days=1), is_resumed=True
        )
        later = facilities_due_for_website_check(
            Facility.objects.listed(), NOW + timedelta(days=31), is_resumed=True
        )

        assert (left.count(), later.count()) == (1, 4)
        assert later.first() == left.get()

    def test_keeps_nothing_without_a_network(self, visitor):
        for number in range(12):
            make_facility(website=f"http://{number}.example/")

        with pytest.raises(MachineOffline):
            self.round(visitor)

        assert not WebsiteCheck.objects.exists()

    def test_believes_silence_where_a_known_website_answers(self, visitor, server):
        known = make_facility(website=f"http://good.test:{server.port}/ok")
        self.round(visitor)
        for number in range(12):
            make_facility(website=f"http://{number}.example/")

        self.round(visitor, NOW + timedelta(days=1))

        assert WebsiteCheck.objects.filter(failures=1).exclude(facility=known).count() == 12


@pytest.mark.django_db
class TestTrouble:
    @pytest.mark.parametrize(("failures", "points"), [(1, 0), (2, 0), (3, 5), (9, 5)])
    def test_begins_with_the_third_failure(self, failures, points):
        facility = make_facility(website="https://a.example", source_release=make_release())
        WebsiteCheck.objects.create(
            facility=facility, website="https://a.example", outcome="unreachable", detail="404",
            failures=failures, checked_at=NOW,
        )  # fmt: skip

        terms = read_queue(ServiceArea(), NOW).terms(facility.pk)

        assert sum(term.points for term in terms if "website" in term.weight.slug) == points
        assert ("(404)" in website_alert(facility)) is bool(points)

    def test_of_a_former_website_is_none(self):
        facility = make_facility(website="https://new.example")
        WebsiteCheck.objects.create(
            facility=facility, website="https://a.example", outcome="moved", checked_at=NOW
        )

        assert website_alert(facility) == ""


@pytest.mark.django_db
class TestTheCommand:
    def test_asks_first_who_asks(self, settings):
        settings.CONTACT_URL = ""

        with pytest.raises(CommandError, match="CONTACT_URL"):
            call_command("check_websites")

    def test_never_opens_this_machine(self, settings, server, capsys):
        settings.CONTACT_URL = "https://example.org/contact"
        server.requests.clear()
        make_facility(website=f"http://127.0.0.1:{server.port}/", state="OH")
        make_facility(website=f"http://127.0.0.1:{server.port}/", state="NY")

        call_command("check_websites", "--state", "oh", "--limit", "5", "--resume")

        assert server.requests == []
        assert "1  unreachable" in capsys.readouterr().out
        assert "not on the public internet" in website_check_sentence(WebsiteCheck.objects.get())
