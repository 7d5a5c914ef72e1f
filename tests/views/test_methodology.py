"""How this list works: an index of its parts, and the rules that keep people safe as they apply."""

import pytest
from django.http import QueryDict

from facilities.search import FacilityFilterSet
from facilities.search.withdrawal_safety import detox_advice

from ..support.html import Page

pytestmark = pytest.mark.django_db
OPIOIDS = "if it is opioids"
WATCHED = "if alcohol or benzodiazepines"
PREGNANT = "in pregnancy, do not stop opioids"[: len(WATCHED)]


@pytest.fixture
def page(client) -> Page:
    return Page(client.get("/how-it-works/"))


class TestIndex:
    def test_leads_to_every_part_in_order(self, page):
        index = [link.attributes["href"] for link in page.all(".parts a")]

        assert index == [f"#{heading.attributes['id']}" for heading in page.all("main h2[id]")]
        assert len(index) == 7


class TestSafety:
    def said(self, query: str) -> list[str]:
        """The starts of the lines that a search shows above its list."""
        advice = detox_advice(FacilityFilterSet(QueryDict(query)).query)
        return [line.text[: len(WATCHED)].lower() for line in advice]

    def test_is_told_as_it_is_applied(self, page):
        rules = page.texts("section[aria-labelledby=safety] li")

        assert len(rules) == 6
        assert "A search for detox that names no substance says both" in rules[2]
        both = self.said("setting=overnight-detox")
        assert [both[0][: len(OPIOIDS)], both[1]] == [OPIOIDS, WATCHED]
        assert "names alcohol or benzodiazepines says first not to stop" in rules[3]
        assert self.said("substance=opioid-detox&substance=alcohol-detox")[0] == WATCHED
        assert self.said("treats=alcohol") == [WATCHED]
        assert "pregnancy" in rules[4]
        assert self.said("prefers=pregnant-program&treats=opioids") == [PREGNANT]
        assert self.said("prefers=pregnant-program&treats=cocaine") == []
        assert "17 or younger" in rules[5]
        assert self.said("people=children")[0].startswith("17 or younger")
        assert self.said("people=adults") == []
