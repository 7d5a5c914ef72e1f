"""Access for everyone: axe finds nothing on any page, in any state, language or colour scheme."""

from pathlib import Path

import axe_playwright_python
import pytest
from django.urls import URLPattern

from facilities import urls
from facilities.guidance.care_finder import Setting

from ..support.pages import NO_PAGES, PUBLIC, STAFF
from ..support.permissions_matrix import OPEN_TO

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# The style sheet is one for both languages, so each is looked at in one scheme.
SCHEMES = {"en": "light", "es": "dark"}
FOUND = """async (tags) => {
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
  });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
}"""


@pytest.mark.parametrize("page", [*PUBLIC, *STAFF], ids=str)
@pytest.mark.parametrize("language", SCHEMES)
class TestPage:
    def test_has_the_status_that_it_should(self, rendered, page, language):
        assert rendered[language, page].status == page.status

    def test_leaves_axe_nothing_to_say(self, show, page, language):
        window = show(page, language, scheme=SCHEMES[language])
        window.evaluate(AXE)

        assert window.evaluate(FOUND, TAGS) == []


class TestList:
    def test_has_every_public_address(self):
        named = {each.name for each in urls.urlpatterns if isinstance(each, URLPattern)}

        assert {page.route for page in PUBLIC} | set(NO_PAGES) >= named

    def test_has_every_kind_of_suggestion(self, rendered):
        answered = [page for page in PUBLIC if page.route == "care_finder"]
        found = {
            each.name
            for each in Setting
            for page in answered
            if f'data-setting="{each.name.lower()}"' in rendered["en", page].file.read_text()
        }

        assert found == {each.name for each in Setting}

    def test_names_staff_pages_as_they_are_named(self):
        assert {page.route for page in STAFF} <= set(OPEN_TO)
