"""Feeds of what changed, for everything and for each state."""

from xml.etree import ElementTree

import pytest

from facilities.curation import FactCheck
from facilities.models import Facility

from ..support.releases import NOW, house, load_edition
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def two_states(tmp_path):
    load_edition(
        tmp_path, 2023, house("Alder House"),
        house("Birch House", city="Dayton", state="OH", zip="45402"),
    )  # fmt: skip


def titles(response) -> list[str]:
    root = ElementTree.fromstring(response.content)
    return [entry.text for entry in root.iterfind("a:entry/a:title", ATOM)]


class TestFeed:
    def test_lists_the_changes_of_all(self, client, two_states):
        response = client.get("/feeds/all/")

        assert response["Content-Type"].startswith("application/atom+xml")
        assert sorted(titles(response)) == [
            "Listed: Alder House (Albany, NY)",
            "Listed: Birch House (Dayton, OH)",
        ]

    def test_of_a_state_lists_those_of_its_own(self, client, two_states):
        assert titles(client.get("/feeds/oh/")) == ["Listed: Birch House (Dayton, OH)"]
        assert client.get("/feeds/zz/").status_code == 404

    def test_names_no_facility_that_was_hidden(self, client, two_states):
        alder = Facility.objects.get(name="Alder House")
        record_seconded(alder, [FactCheck("status", "corrected", "hidden")], by=None, now=NOW)

        assert "Alder" not in client.get("/feeds/all/").content.decode()

    def test_is_not_sent_again_while_nothing_changes(self, client, two_states):
        tag = client.get("/feeds/all/")["ETag"]

        assert client.get("/feeds/all/", headers={"If-None-Match": tag}).status_code == 304

    def test_of_spanish_readers_is_in_spanish(self, client, two_states):
        assert titles(client.get("/es/feeds/oh/")) == ["En la lista: Birch House (Dayton, OH)"]
