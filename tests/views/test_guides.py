"""The guides' pages: found in both languages, with one query, in order, leading on."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from facilities.guidance.guides import all_guides, find_guide

from ..guidance.test_guides import each
from ..support.html import Page


@pytest.mark.django_db
class TestPages:
    def page(self, client, slug="", language="en") -> str:
        prefix = "/es" if language == "es" else ""
        response = client.get(f"{prefix}/guides/{slug}/" if slug else f"{prefix}/guides/")
        assert response.status_code == 200
        return response.content.decode()

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_of_the_list_name_each_guide_and_ask_for_the_release_alone(self, client, language):
        with CaptureQueriesContext(connection) as queries:
            html = self.page(client, language=language)

        assert len(queries) == 1, [query["sql"][:90] for query in queries]
        assert [found.title for found in all_guides(language) if found.title not in html] == []

    @each
    def test_ask_for_the_release_alone(self, client, slug, language):
        with CaptureQueriesContext(connection) as queries:
            html = self.page(client, slug, language)

        assert len(queries) == 1, [query["sql"][:90] for query in queries]
        assert f'<html lang="{language}">' in html

    @each
    def test_have_headings_in_order_and_anchors_that_exist_once(self, client, slug, language):
        page = Page(self.page(client, slug, language))
        levels = [int(heading.tag[1]) for heading in page.all("h1, h2, h3, h4, h5, h6")]
        anchors = page.attributes("[id]", "id")

        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert len(anchors) == len(set(anchors))
        assert {link[1:] for link in page.links('a[href^="#"]')} <= set(anchors)

    @each
    def test_have_no_link_elsewhere_that_tells_where_from(self, client, slug, language):
        page = Page(self.page(client, slug, language))

        assert page.all('a[href^="http"]')
        assert page.all('a[href^="http"]:not([rel~="noreferrer"])') == []

    def test_say_when_they_were_reviewed(self, client):
        assert "Last reviewed on Nov. 21, 2026" in self.page(client, "medications")

    @each
    def test_fold_their_sources_at_the_end(self, client, slug, language):
        page = Page(self.page(client, slug, language))

        sources = page.one("article > details.sources:last-child")
        assert len(sources.css("li")) == len(find_guide(slug, language).sources)
        assert "open" not in sources.attributes

    def test_have_contents_where_long_but_never_before_danger_signs(self, client):
        assert 'class="parts"' in self.page(client, "medications")
        assert 'class="parts"' not in self.page(client, "tonight")
        assert 'class="parts"' not in self.page(client, "overdose-and-naloxone")

    def test_lead_back_by_a_breadcrumb(self, client):
        page = Page(self.page(client, "medications", "es"))

        assert page.links(".breadcrumb a")[:2] == ["/es/", "/es/guides/"]

    def test_offer_the_questions(self, client):
        with override("en"):
            choose = reverse("facilities:care_finder")

        assert f'href="{choose}"' in self.page(client, "tonight")

    @pytest.mark.parametrize("slug", ["nothing", "_safety", "-safety", "en"])
    def test_of_other_names_are_not_found(self, client, slug):
        assert client.get(f"/guides/{slug}/").status_code == 404
