"""Access for everyone: every page, in every state, as axe sees it and as small screens show it.

English is looked at in light colors; Spanish, whose words are longer, in dark ones and on small
screens, with large letters and enlarged four times. 1280 pixels enlarged four times are 320.
"""

import re
from dataclasses import dataclass

import pytest
from django.urls import URLPattern

from facilities import urls
from facilities.guidance.care_finder import CareSetting

from ..support import axe
from ..support.pages import NO_PAGES, OTHER_STAFF, PUBLIC, STAFF
from ..support.permissions_matrix import OPEN_TO
from ..support.real_data import ROOT
from ..support.rendering import resize

# The style sheet is one for both languages, so each is looked at in one scheme.
SCHEMES = {"en": "light", "es": "dark"}
PHONE = (390, 844)
ENLARGED = (320, 256)
STYLES = ROOT / "facilities" / "static" / "facilities"

OVERFLOW = "() => document.documentElement.scrollWidth - innerWidth"
# Words that a box cuts off, but those that only a screen reader is meant to find.
CLIPPED = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter((each) => each.checkVisibility() && each.clientWidth > 1)
  .filter((each) => !each.closest(".visually-hidden"))
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((each) => {
    const style = getComputedStyle(each);
    const isCut = (way) => ["hidden", "clip"].includes(way);
    return (isCut(style.overflowX) && each.scrollWidth > each.clientWidth + 1)
      || (isCut(style.overflowY) && each.scrollHeight > each.clientHeight + 1);
  })
  .map((each) => each.outerHTML.slice(0, 120))"""
# WCAG 2.5.8: 24 by 24 pixels, or 24 around its middle free of others; links within a sentence
# are as high as their line.
SMALL = """() => {
  const kinds = "a[href], button, summary, select, input, textarea";
  const targets = [...document.querySelectorAll(kinds)]
    .filter((each) => each.checkVisibility() && each.type !== "hidden")
    .filter((each) => !each.closest(".visually-hidden, .skip, [aria-hidden=true]"))
    .map((each) => {
      const label = each.matches("[type=checkbox], [type=radio]") && each.closest("label");
      return { each, box: (label || each).getBoundingClientRect() };
    });
  const inSentence = ({ each, box }) => getComputedStyle(each).display === "inline"
    && each.parentElement.textContent.trim().length > each.textContent.trim().length;
  const distance = (x, y, box) => Math.hypot(
    Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
  const isCrowded = ({ each, box }) => targets.some((other) => other.each !== each
    && distance(box.x + box.width / 2, box.y + box.height / 2, other.box) < 12);
  return targets
    .filter(({ box }) => box.width < 24 || box.height < 24)
    .filter((target) => !inSentence(target) && isCrowded(target))
    .map(({ each }) => each.outerHTML.slice(0, 160));
}"""
# What a mouse can press and the Tab key never comes to.
UNREACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, select, input, textarea, summary")]
  .filter((each) => each.checkVisibility() && !each.disabled && each.type !== "hidden")
  .filter((each) => each.tabIndex < 0)
  .map((each) => each.outerHTML.slice(0, 120))"""
FOCUSED = """() => [...document.querySelectorAll("*")].indexOf(document.activeElement)
  + document.activeElement.tagName"""
TABS = 6  # as many controls has the header of every page


@dataclass(frozen=True)
class Appearance:
    """What is wrong with a page: what axe says, elements, and pixels that stick out."""

    violations: list[str]
    small: list[str]
    with_large_letters: tuple[int, list[str]]
    enlarged: tuple[int, list[str]]


@pytest.fixture(scope="class")
def in_spanish(show, page) -> Appearance:
    """One visit, in windows of three sizes."""
    window = show(page, "es", scheme=SCHEMES["es"])
    violations = axe.violations(window)
    resize(window, PHONE)
    small = window.evaluate(SMALL)
    window.evaluate("document.documentElement.style.fontSize = '200%'")
    with_large_letters = cut_off(window)
    window.evaluate("document.documentElement.style.fontSize = ''")
    resize(window, ENLARGED)
    return Appearance(violations, small, with_large_letters, enlarged=cut_off(window))


def cut_off(window) -> tuple[int, list[str]]:
    """By how many pixels the page is too wide, and which words cannot be seen whole."""
    return max(window.evaluate(OVERFLOW), 0), window.evaluate(CLIPPED)


@pytest.mark.parametrize("page", [*PUBLIC, *STAFF], ids=str)
class TestEveryPage:
    @pytest.mark.parametrize("language", SCHEMES)
    def test_has_the_status_that_it_should(self, rendered, page, language):
        assert rendered[language, page].status == page.status

    def test_leaves_axe_nothing_to_say_in_english(self, show, page):
        assert axe.violations(show(page, "en", scheme=SCHEMES["en"])) == []


@pytest.mark.parametrize("page", [*STAFF, *OTHER_STAFF], ids=str)
class TestStaffPage:
    def test_is_for_everyone_in_spanish(self, show, rendered, page):
        """One visit: the status, axe, the way by keyboard, and enlarged four times."""
        window = show(page, "es", scheme=SCHEMES["es"])

        assert rendered["es", page].status == page.status
        assert axe.violations(window) == []
        assert window.evaluate(UNREACHABLE) == []
        assert len({focus_next(window) for _press in range(TABS)}) == TABS
        resize(window, ENLARGED)
        assert window.evaluate(OVERFLOW) <= 0


def focus_next(window) -> str:
    """Press Tab, and return the element that has the focus then."""
    window.keyboard.press("Tab")
    return window.evaluate(FOCUSED)


@pytest.mark.parametrize("page", PUBLIC, ids=str, scope="class")
class TestPublicPage:
    def test_leaves_axe_nothing_to_say_in_spanish(self, in_spanish):
        assert in_spanish.violations == []

    def test_is_hit_by_a_thumb(self, in_spanish):
        assert in_spanish.small == []

    def test_reads_with_letters_twice_as_large(self, in_spanish):
        assert in_spanish.with_large_letters == (0, [])

    def test_reads_in_one_column_enlarged_four_times(self, in_spanish):
        assert in_spanish.enlarged == (0, [])


class TestList:
    def test_has_every_public_address(self):
        named = {each.name for each in urls.urlpatterns if isinstance(each, URLPattern)}

        assert {page.route for page in PUBLIC} | set(NO_PAGES) >= named

    def test_has_every_kind_of_suggestion(self, rendered):
        answered = [page for page in PUBLIC if page.route == "care_finder"]
        found = {
            each.name
            for each in CareSetting
            for page in answered
            if f'data-setting="{each.name.lower()}"' in rendered["en", page].file.read_text()
        }

        assert found == {each.name for each in CareSetting}

    def test_names_staff_pages_as_they_are_named(self):
        assert {page.route for page in (*STAFF, *OTHER_STAFF)} <= set(OPEN_TO)


class TestStyle:
    def test_leaves_the_order_of_reading_to_the_page(self):
        found = [
            line.strip()
            for path in STYLES.glob("*.css")
            for line in path.read_text().splitlines()
            if re.search(r"(row|column)-reverse|[^-]order: -", line)
        ]

        assert found == []
