"""The privacy page: what it says, where, and that each of its sentences has a test."""

import pytest
from django.test import override_settings

from facilities.guidance.help_lines import MORE_LINES
from facilities.guidance.privacy_statements import PARTS, PrivacySettings, privacy_statements

from ..support.html import Page
from ..support.privacy_proofs import proven, proves

SENTENCES = [each for part in PARTS for each in part.sentences]
HERE = PrivacySettings(exit_host="www.example.org", tile_host="", is_encrypted=True)
WITH_TILES = PrivacySettings("www.example.org", "tiles.example.org", is_encrypted=False)


def said(here: PrivacySettings) -> dict[str, str]:
    return {
        each.slug: each.words for _, sentences in privacy_statements(here) for each in sentences
    }


def shown(client, address: str) -> list[str]:
    return Page(client.get(address)).attributes("[data-sentence]", "data-sentence")


class TestSentences:
    @proves("proven")
    def test_have_a_test_each(self):
        slugs = [each.slug for each in SENTENCES]

        assert len(set(slugs)) == len(slugs) == 32
        assert set(proven()) == set(slugs)

    def test_that_contradict_each_other_never_stand_together(self):
        assert {*said(HERE)} ^ {*said(WITH_TILES)} == {
            "one-origin", "map-tiles", "encrypted", "not-encrypted",
        }  # fmt: skip
        assert {"one-origin", "encrypted"} <= {*said(HERE)}

    def test_name_the_hosts_that_the_operator_set(self):
        assert "www.example.org" in said(HERE)["exit"]
        assert "tiles.example.org" in said(WITH_TILES)["map-tiles"]


@pytest.mark.django_db
class TestPage:
    @pytest.mark.parametrize("address", ["/privacy/", "/es/privacy/"])
    def test_shows_every_sentence_that_holds_and_nothing_between(self, client, settings, address):
        settings.HTTPS = True
        page = Page(client.get(address))

        assert shown(client, address) == [*said(HERE)]
        # Besides: the lead, the heading and the button of what is kept on the device.
        assert len(page.all("article p")) == 3

    @proves("map-tiles")
    def test_tells_of_pictures_from_elsewhere_where_an_operator_set_them(self, client):
        address = "https://tiles.example.org/{z}/{x}/{y}.png"
        with override_settings(MAP_TILE_URL=address):
            page = client.get("/privacy/").content.decode()

        assert "Those come from tiles.example.org" in page
        assert "from this site alone:" not in page

    def test_of_tiles_of_our_own_stays_as_it_is(self, client):
        with override_settings(MAP_TILE_URL="/static/tiles.pmtiles"):
            assert "one-origin" in shown(client, "/privacy/")

    def test_is_led_to_from_every_page_and_leads_to_clearing(self, client):
        assert 'href="/privacy/"' in client.get("/").content.decode()
        assert 'href="/es/clear/"' in client.get("/es/privacy/").content.decode()


@pytest.mark.django_db
class TestHelpNow:
    @pytest.mark.parametrize("address", ["/help-now/", "/es/help-now/"])
    def test_dials_the_public_lines_and_no_other(self, client, address):
        page = Page(client.get(address))
        [words] = page.texts("main")

        assert {link.removeprefix("tel:") for link in page.links('main a[href^="tel:"]')} == {
            "911", "988", "+18006624357", "+18002221222", "+18004874889",
        }  # fmt: skip
        assert "435748" in words
        assert "AYUDA" in words
        assert len(page.all("main ol")) == 1

    def test_names_where_each_line_was_found(self):
        assert all(line.source.startswith("https://") for line in MORE_LINES)
