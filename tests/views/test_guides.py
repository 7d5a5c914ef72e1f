"""The guides' pages: found in both languages, with one query, in order, leading on."""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from facilities.guidance.guides import guide, guides

from ..guidance.test_guides import each


class Outline(HTMLParser):
    """The levels of a page's headings, its anchors, and the tags of its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.anchors: list[str] = []
        self.links: list[dict[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if "id" in given:
            self.anchors.append(given["id"])
        if tag == "a":
            self.links.append(given)


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
        assert [found.title for found in guides(language) if found.title not in html] == []

    @each
    def test_ask_for_the_release_alone(self, client, slug, language):
        with CaptureQueriesContext(connection) as queries:
            html = self.page(client, slug, language)

        assert len(queries) == 1, [query["sql"][:90] for query in queries]
        assert f'<html lang="{language}">' in html

    @each
    def test_have_headings_in_order_and_anchors_that_exist_once(self, client, slug, language):
        outline = Outline(self.page(client, slug, language))
        steps = zip(outline.levels, outline.levels[1:], strict=False)

        assert outline.levels.count(1) == 1
        assert outline.levels[0] == 1
        assert all(after - before <= 1 for before, after in steps)
        assert len(outline.anchors) == len(set(outline.anchors))
        inner = {link["href"][1:] for link in outline.links if link["href"].startswith("#")}
        assert inner <= set(outline.anchors)

    @each
    def test_have_no_link_elsewhere_that_tells_where_from(self, client, slug, language):
        links = Outline(self.page(client, slug, language)).links
        outward = [link for link in links if link["href"].startswith("http")]

        assert outward
        assert [link for link in outward if "noreferrer" not in link.get("rel", "")] == []

    def test_say_when_they_were_reviewed(self, client):
        assert "Last reviewed on Nov. 21, 2026" in self.page(client, "medications")

    @each
    def test_fold_their_sources_at_the_end(self, client, slug, language):
        html = self.page(client, slug, language)
        sources = re.search(
            r'<details class="more sources">.*?</details>\s*</article>', html, re.S
        )[0]

        assert sources.count("<li>") == len(guide(slug, language).sources)
        assert "open" not in sources.partition(">")[0]

    def test_have_contents_where_long_but_never_before_danger_signs(self, client):
        assert 'class="parts"' in self.page(client, "medications")
        assert 'class="parts"' not in self.page(client, "tonight")
        assert 'class="parts"' not in self.page(client, "overdose-and-naloxone")

    def test_lead_back_by_a_breadcrumb(self, client):
        html = self.page(client, "medications", "es")
        crumbs = html[html.index('class="breadcrumb"') :]

        assert re.findall(r'href="([^"]*)"', crumbs)[:2] == ["/es/", "/es/guides/"]

    def test_offer_the_questions(self, client):
        with override("en"):
            choose = reverse("facilities:care_finder")

        assert f'href="{choose}"' in self.page(client, "tonight")

    @pytest.mark.parametrize("slug", ["nothing", "_safety", "-safety", "en"])
    def test_of_other_names_are_not_found(self, client, slug):
        assert client.get(f"/guides/{slug}/").status_code == 404
