"""What is wrong with a form stands at its fields, and in a list that leads there."""

from datetime import UTC, datetime, timedelta

import pytest

from ..support.factories import make_facility, make_listing
from ..support.html import Page
from ..support.self_service_client import OURS, URLENCODED, address_for, send, today

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, 20, tzinfo=UTC)


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


class TestOfAReport:
    def refused(self, client, clock, answers: str) -> str:
        address = f"/facility/{make_facility().slug}/report/"
        token = Page(client.get(address)).form_token
        clock.shift(timedelta(seconds=20))
        body = f"form_token={token}&{answers}"
        response = client.post(address, body, content_type=URLENCODED, headers=OURS)
        assert response.status_code == 400
        return response.content.decode()

    def test_describe_the_box(self, client, clock):
        page = Page(self.refused(client, clock, "about=other"))

        box = page.one("textarea[name=words]").attributes
        assert box["aria-invalid"] == "true"
        assert box["aria-describedby"] == "id_words_helptext id_words_error"
        assert page.all("#id_words_error")
        assert "#id_words" in page.links()

    def test_describe_the_choice(self, client, clock):
        page = Page(self.refused(client, clock, ""))

        assert page.attribute("fieldset#id_about", "aria-describedby") == "id_about_error"
        assert "#id_about" in page.links()
        assert len(page.all('[aria-invalid="true"]')) == 5


class TestOfAnUpdate:
    @pytest.fixture
    def address(self, clock) -> str:
        return address_for(make_listing(name1="Alder House"), NOW)

    def test_describe_the_box(self, client, clock, address):
        html = send(client, address, clock, **{"to-phone": "call us"}).content.decode()

        assert 'aria-invalid="true" aria-describedby="to-phone_helptext to-phone_error"' in html
        assert 'id="to-phone_error"' in html
        assert 'href="#to-phone"' in html

    def test_describe_the_choice_of_today(self, client, clock, address):
        html = today(client, address, clock, can_admit="perhaps").content.decode()

        assert 'id="id_can_admit" aria-describedby="id_can_admit_error"' in html
        assert 'href="#id_can_admit"' in html


class TestOfTheQuestions:
    def test_describe_the_one_that_could_not_be_read(self, client):
        answer = Page(client.get("/choose/?seizures=perhaps"))
        change = answer.links('a[href^="/choose/?change="]')[0]
        html = client.get(change).content.decode()

        assert 'aria-describedby="error-seizures help-seizures"' in html
        assert 'id="error-seizures"' in html
        assert html.count('aria-invalid="true"') == 3
