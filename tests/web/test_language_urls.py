"""A further language: a line in the settings makes the site speak it, English where it cannot."""

from dataclasses import replace

import pytest

from facilities.guidance.guides import reader
from facilities.taxonomy import VOCABULARY

from ..support.factories import make_facility
from ..support.html import Page

PAGES = (
    "", "search/", "choose/?suicide=yes", "guides/", "guides/tonight/", "how-it-works/",
    "quality/", "accessibility/", "worksheets/emergency-plan/", "nowhere/",
)  # fmt: skip


@pytest.fixture
def french(settings):
    """French as the documentation has it added, with nothing translated yet."""
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "French")]
    reader.all_guides.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("french")
class TestSite:
    @pytest.mark.parametrize("page", PAGES)
    def test_answers_in_it(self, client, page):
        answer = client.get(f"/fr/{page}")
        html = answer.content.decode()

        assert answer.status_code == (404 if page == "nowhere/" else 200)
        assert '<html lang="fr">' in html
        assert 'hreflang="es">Español</a>' in html

    def test_switches_to_it_from_each_other_one(self, client):
        for start in ("", "/es"):
            html = client.get(f"{start}/search/?page=1").content.decode()
            assert '<a href="/fr/search/?page=1" lang="fr" hreflang="fr">Français</a>' in html

    def test_links_within_it(self, client):
        facility = make_facility(services="detox buprenorphine")
        page = Page(client.get(f"/fr/facility/{facility.slug}/"))

        assert page.all('a[href^="/fr/"]')
        assert {*page.links('a[href^="/"]:not([href^="/fr/"], [href^="/es/"])')} == {
            f"/facility/{facility.slug}/"
        }

    def test_is_told_to_search_engines(self, client):
        page = Page(client.get("/"))
        languages = page.attributes("link[rel=alternate][hreflang]", "hreflang")
        assert languages == ["en", "es", "fr", "x-default"]
        assert 'hreflang="fr"' in client.get("/sitemap-pages.xml").content.decode()
        assert "Disallow: /fr/admin/" in client.get("/robots.txt").content.decode()

    def test_says_which_text_is_still_english(self, client):
        def marked(address):
            return [node.tag for node in Page(client.get(address)).all("main [lang=en]")]

        assert marked("/fr/guides/tonight/") == ["li", "article"]
        assert marked("/fr/guides/") == ["li"] * 10
        assert marked("/es/guides/tonight/") == marked("/es/guides/") == []


class TestWords:
    def test_of_a_service_come_from_a_further_column(self):
        service = replace(VOCABULARY["detox"], more={"label_fr": "Sevrage", "help_fr": ""})

        assert service.label("fr") == service.label("fr-ca") == "Sevrage"
        assert service.help("fr") == service.help("en")
        assert service.label("es-us") == "Desintoxicación"
        assert service.label("vi") == "Detox"
