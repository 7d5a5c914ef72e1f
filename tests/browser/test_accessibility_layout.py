"""Every page on small screens, with large letters and enlarged four times: all reads, all is hit.

In Spanish, whose words are longer. 1280 pixels enlarged four times are 320.
"""

import re

import pytest

from ..support.pages import PUBLIC
from ..support.real_data import ROOT

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


@pytest.mark.parametrize("page", PUBLIC, ids=str)
class TestPage:
    def test_reads_in_one_column_enlarged_four_times(self, show, page):
        window = show(page, "es", size=ENLARGED)

        assert window.evaluate(OVERFLOW) <= 0
        assert window.evaluate(CLIPPED) == []

    def test_reads_with_letters_twice_as_large_and_is_hit_by_a_thumb(self, show, page):
        window = show(page, "es", size=PHONE)
        assert window.evaluate(SMALL) == []

        window.evaluate("document.documentElement.style.fontSize = '200%'")
        assert window.evaluate(OVERFLOW) <= 0
        assert window.evaluate(CLIPPED) == []


class TestStyle:
    def test_leaves_the_order_of_reading_to_the_page(self):
        found = [
            line.strip()
            for path in STYLES.glob("*.css")
            for line in path.read_text().splitlines()
            if re.search(r"(row|column)-reverse|[^-]order: -", line)
        ]

        assert found == []
