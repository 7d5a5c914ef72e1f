"""The queue's list in the admin: why each listing is there, filters, forecast, weights."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities.curation.work_queue.weights import WEIGHTS
from facilities.resolution.change_log import recording_changes

from ..support.accounts import staff_client
from ..support.factories import log_changes, make_facility, make_release
from ..support.html import Page

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 4, 16, tzinfo=UTC)  # Monday: 11 a.m. in New York, 6 a.m. in Honolulu
QUEUE = "/admin/queue/"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client():
    return staff_client("curator")


@pytest.fixture
def listing():
    return make_listings(1)[0]


def make_listings(count: int) -> list:
    release = make_release(edition="2022")
    return [
        make_facility(name=f"House {number}", source_release=release) for number in range(count)
    ]


def text_of(answer) -> str:
    return Page(answer).text


class TestList:
    def test_shows_the_terms_of_each_score(self, client):
        make_facility(source_release=make_release(edition="2020"), services="medicaid")

        said = text_of(client.get(QUEUE))

        # 1,159 days: six shelf lives of a phone and of payment, three of name and address.
        assert "27 points: Phone: check is overdue" in said
        assert "Phone: check is overdue: 6 × 3 (of 6) = 18" in said
        assert "Name and address: check is overdue: 1 × 3 = 3" in said

    def test_tells_where_it_is_time_to_call(self, client):
        old = {"source_release": make_release(edition="2021")}
        make_facility(latitude=40.7, longitude=-73.9, **old)
        make_facility(latitude=21.31, longitude=-157.86, state="HI", **old)

        said = text_of(client.get(QUEUE))

        assert "Call these now: Eastern time" in said
        assert "Hawaii time: it is 6 a.m. there" in said
        assert "Example City, NY · Phone not reported · it is 11 a.m. there · call now" in said
        assert "Example City, HI · Phone not reported · it is 6 a.m. there" in said
        assert said.count("call now") == 1

    @pytest.mark.parametrize("query", ["state=ZZ", "zone=mars", "whose=x", "a_day=0", "a_day=x"])
    def test_refuses_what_it_does_not_know(self, client, listing, query):
        answer = client.get(f"{QUEUE}?{query}")

        assert answer.status_code == 400
        assert "House 0" not in text_of(answer)

    def test_survives_a_page_that_is_not_there(self, client, listing):
        assert "House 0" in text_of(client.get(f"{QUEUE}?page=x"))

    def test_foretells_and_warns(self, client):
        make_listings(4)

        said = text_of(client.get(f"{QUEUE}?a_day=1"))

        # Checks of 2022's last day are 429 days old; a round of four takes four days: 3 2 1 0.
        assert "median age of a phone check goes from 429 days to 1 by March 8, 2024" in said
        assert "More checks are due" not in said

    def test_holds_the_service_area_alone(self, client, listing, settings):
        settings.SERVICE_AREA = ["OH"]

        assert "House 0" not in text_of(client.get(QUEUE))

    def test_is_in_spanish_too(self, client, listing):
        answer = client.get(f"/es{QUEUE}")

        assert answer.status_code == 200
        assert '<html lang="es"' in answer.content.decode()

    def test_takes_the_same_queries_for_one_as_for_many(self, client):
        counts = []
        for _ in range(2):
            make_listings(30)
            log_changes()
            client.get(QUEUE)
            with CaptureQueriesContext(connection) as found:
                client.get(QUEUE)
            counts.append(len(found))

        # 5 to know who asks; version; 6 of news and turns; the page's facilities; the pace.
        assert counts == [14, 14]

    def test_reads_what_changed_in_seven_queries_more(self, client, django_assert_num_queries):
        changed = make_listings(30)[0]
        log_changes()
        client.get(QUEUE)
        with recording_changes() as log:
            log.note_fields(changed, ["phone"])

        # the known revision, the changes after it, the changed numbers; releases, checks, those
        # who share a number, facilities
        with django_assert_num_queries(14 + 7):
            client.get(QUEUE)


class TestWeights:
    def test_are_all_on_their_page(self, client):
        rows = Page(client.get(f"{QUEUE}weights/")).texts(".weights tbody tr")

        assert rows == [
            f"{weight.label} {weight.points} {weight.most} × {weight.why}" for weight in WEIGHTS
        ]
