"""The drawings of steps: described in both languages, in ink of the page, where the steps are."""

import re
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from facilities.guidance.drawings import DESCRIPTIONS, FOLDER, drawing
from facilities.guidance.guides.links import UnknownLinkError
from facilities.guidance.guides.reader import render_markdown

from ..support.html import Page

COLORS = re.compile(r"#[0-9a-f]{3}|rgb|url|http|style", re.IGNORECASE)
SHAPES = {"circle", "g", "path", "rect", "svg", "text"}


class TestDrawings:
    def test_are_all_described(self):
        assert {path.stem for path in FOLDER.glob("*.svg")} == set(DESCRIPTIONS)

    @pytest.mark.parametrize("name", DESCRIPTIONS)
    def test_are_shapes_without_colors_style_or_anything_to_fetch(self, name):
        with override("en"):
            element = drawing(name)
            del element.attrib["aria-label"]

        assert {part.tag for part in element.iter()} <= SHAPES
        assert not COLORS.search(ElementTree.tostring(element, encoding="unicode"))

    @pytest.mark.parametrize("name", DESCRIPTIONS)
    def test_are_described_in_the_language_of_the_page(self, name):
        labels = {}
        for language in ("en", "es"):
            with override(language):
                labels[language] = drawing(name).get("aria-label")

        assert labels["en"] != labels["es"]

    @pytest.mark.parametrize("source", ["drawing:none", "https://example.org/a.png", "a.png"])
    def test_of_others_are_refused(self, source):
        with pytest.raises(UnknownLinkError):
            render_markdown(f"![]({source})", "en")


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/es"])
class TestPages:
    def test_of_the_guide_draw_naloxone_and_the_recovery_position(self, client, prefix):
        page = Page(client.get(f"{prefix}/guides/overdose-and-naloxone/"))
        drawn = [image.attributes["aria-label"] for image in page.all("li svg.drawing[role=img]")]

        with override(prefix.strip("/") or "en"):
            names = ("call", "spray", "breaths", "wait", "hand", "roll", "knee", "hand")
            assert drawn == [str(DESCRIPTIONS[name]) for name in names]

    def test_of_help_now_draw_the_same_steps(self, client, prefix):
        page = Page(client.get(f"{prefix}/help-now/"))

        assert len(page.all("li svg.drawing[role=img]")) == 5
        assert page.all('link[href$="guides.css"]')
