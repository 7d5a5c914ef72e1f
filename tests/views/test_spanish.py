"""The site in Spanish: pages without our English, the way there and back, numbers and days."""

import re
from datetime import date
from functools import cache, cached_property

import polib
import pytest
from django.urls import URLPattern
from django.utils.formats import date_format, number_format
from django.utils.translation import override

from facilities import urls
from facilities.models import Facility
from facilities.taxonomy import VOCABULARY

from ..conventions.test_translations import CATALOG, translations
from ..support.factories import log_changes, make_facility, make_release
from ..support.html import Page
from ..support.pages import NO_PAGES

pytestmark = pytest.mark.django_db

# Attributes that people see or hear
SPOKEN = {"aria-label", "title", "alt", "placeholder", "content", "data-waiting", "data-refused"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
# What English that never went through a translation would hardly do without
ENGLISH = re.compile(r"\b(?:the|of|and|with|you|your|is|are|this|that|not|or|to)\b")
AGENCY = "Substance Abuse and Mental Health Services Administration"
PAGES = {
    "results": "/es/search/?place=11206&medication=buprenorphine&ignored=dogwood",
    "coordinates": "/es/search/?lat=40.7&lon=-73.94&sort=name",
    "state": "/es/search/?place=Nueva+York+(estado)&sort=distance",
    "nothing found": "/es/search/?place=12207&within=5&language=greek",
    "ambiguous": "/es/search/?place=Springfield",
    "misspelled": "/es/search/?place=Austin%2C+TX&corrected=austn~austin",
    "error": "/es/search/?page=abc&lat=900&within=3&sort=best&q=%00&substance=gold",
    "page past the end": "/es/search/?page=9",
    "results on a map": "/es/map/?place=11206",
    "unknown": "/es/facility/nobody-aaaaaaaa/",
} | {
    pattern.name: f"/es/{pattern.pattern}"
    for pattern in urls.urlpatterns
    if isinstance(pattern, URLPattern)
    and "<" not in str(pattern.pattern)
    and pattern.name not in NO_PAGES
}


class SpokenPage(Page):
    """A page without its code and without what it marks as English itself: titles of sources."""

    @cached_property
    def text(self) -> str:
        """All that people see or hear."""
        spoken = [value for name in SPOKEN for value in self.attributes(f"[{name}]", name)]
        shown = Page(self.tree.html).tree.root
        for node in shown.css('script, style, :not(html)[lang="en"]'):
            node.decompose()
        return " ".join(f"{shown.text()} {' '.join(filter(None, spoken))}".split())

    def links_to(self, language: str) -> set[str]:
        return {*self.links(f'a[hreflang="{language}"]')}


@pytest.fixture
def listings(db):
    """A facility that says much, one withdrawn, one hidden, and a neighbor; in a release."""
    release = make_release(edition="2023")
    near = {"city": "Brooklyn", "state": "NY", "zip": "11206", "source_release": release}
    make_facility(
        name="Alder", latitude=40.70, longitude=-73.94, phone="718-555-0142", **near,
        phone_extension="7", services="opioid-detox residential-detox outpatient-detox "
        "buprenorphine medicaid women no-opioid-treatment opioid-only smoking-allowed children",
    )  # fmt: skip
    make_facility(
        name="Birch", latitude=40.71, longitude=-73.95, position_origin="zip", **near,
        status="withdrawn", services="detox no-opioid-medication tricare men",
    )  # fmt: skip
    make_facility(name="Cedar", status="hidden", **near)
    make_facility(
        name="Dogwood", latitude=40.70, longitude=-74.0, is_address_confidential=True, **near,
        last_verified_on=date(2026, 3, 5), services="detox buprenorphine",
    )  # fmt: skip
    log_changes()


@pytest.fixture
def read(client, listings):
    """Reads a page by its address."""
    return lambda address: SpokenPage(client.get(address))


@cache
def english() -> set[str]:
    """Our English of three words or more, without what the Spanish keeps of it."""
    catalog = [(text, translations(entry)) for entry in polib.pofile(str(CATALOG))
               for text in (entry.msgid, entry.msgid_plural)]  # fmt: skip
    services = [(each.label("en"), [each.label("es")]) for each in VOCABULARY]
    services += [(each.help("en"), [each.help("es")]) for each in VOCABULARY]
    return {
        part.strip()
        for text, spanish in catalog + services
        for part in PLACEHOLDER.split(text)
        if len(part.split()) > 2 and not any(part.strip() in words for words in spanish)
    }


def facility_page(name: str) -> str:
    return f"/es/facility/{Facility.objects.get(name=name).slug}/"


class TestPages:
    @pytest.mark.parametrize("name", PAGES)
    def test_show_no_english_of_ours(self, read, name):
        page = read(PAGES[name])

        assert page.language == "es"
        assert {part for part in english() if part in page.text} == set()

    @pytest.mark.parametrize("name", ["Alder", "Birch", "Cedar", "Dogwood"])
    def test_of_facilities_show_no_english_of_ours(self, read, name):
        page = read(facility_page(name))

        assert page.language == "es"
        assert {part for part in english() if part in page.text} == set()

    @pytest.mark.parametrize("name", PAGES)
    def test_show_no_english_at_all(self, read, name):
        text = read(PAGES[name]).text.replace(AGENCY, "")

        assert [text[each.start() - 30 : each.end() + 30] for each in ENGLISH.finditer(text)] == []

    @pytest.mark.parametrize("name", ["Alder", "Birch", "Cedar", "Dogwood"])
    def test_of_facilities_show_no_english_at_all(self, read, name):
        text = read(facility_page(name)).text.replace(AGENCY, "")

        assert [text[each.start() - 30 : each.end() + 30] for each in ENGLISH.finditer(text)] == []

    def test_in_english_show_it(self, read):
        page = read("/search/?place=12207&within=5&language=greek")

        assert {part for part in english() if part in page.text}

    def test_say_press_two_for_spanish(self, read):
        assert "988 crisis: llame y oprima 2" in read("/es/").text


class TestErrors:
    def test_are_plain_sentences(self, read):
        text = read("/es/search/?page=abc&lat=900").text

        assert "No pudimos leer esa ubicación." in text
        assert "No hay ninguna página con ese número." in text

    def test_of_long_texts_are_plain_sentences(self, read):
        text = read(f"/es/search/?place={'x' * 300}&q={'x' * 300}").text

        assert "Es demasiado largo para un lugar." in text
        assert "Es demasiado para buscar." in text


class TestSwitch:
    @pytest.mark.parametrize("name", PAGES)
    def test_keeps_the_page_and_its_query_and_leads_back(self, read, name):
        there = read(PAGES[name]).links_to("en")

        assert there == {PAGES[name].removeprefix("/es")}
        assert read(there.pop()).links_to("es") == {PAGES[name]}

    def test_keeps_a_facility(self, read):
        address = facility_page("Alder")

        assert read(address).links_to("en") == {address.removeprefix("/es")}

    def test_keeps_signs_that_addresses_escape(self, client, listings):
        address = "/search/?ignored=ni%C3%B1os+%26+%22m%C3%A1s%22"

        assert address in Page(client.get(f"/es{address}")).links()


class TestWords:
    def test_of_distance_name_the_points_of_the_compass(self, read):
        text = read("/es/search/?place=11206&q=dogwood").text

        assert re.search(r"a 3\.\d millas al O de 11206", text)

    def test_of_distance_need_no_direction_at_the_same_point(self, read):
        here = {"latitude": 40.70, "longitude": -74.0, "position_origin": "zip"}
        make_facility(name="Elm", **here)

        text = read(facility_page("Dogwood")).text
        assert "cerca de aquí (no se sabe la distancia exacta)" in text

    def test_of_states_are_spanish_and_in_order(self, read):
        for name, state in (("Elm", "MI"), ("Fir", "MO"), ("Gum", "MT")):
            make_facility(name=name, state=state)
        log_changes()

        found = re.findall(r"(Míchigan|Misuri|Montana|Nueva York) +\d", read("/es/search/").text)

        assert found == ["Míchigan", "Misuri", "Montana", "Nueva York"]


class TestNumbers:
    """In the United States, Spanish too writes 12,744 and 3.4."""

    def test_have_the_signs_of_the_united_states(self):
        with override("es"):
            assert number_format(40.7128, 4) == "40.7128"
            assert number_format(12744, force_grouping=True) == "12,744"

    def test_of_distance_have_decimal_points(self, read):
        assert re.search(r"\ba \d\.\d millas al ", read(PAGES["results"]).text)

    def test_of_days_are_spanish(self, read):
        with override("es"):
            assert date_format(date(2026, 3, 5)) == "5 de marzo de 2026"
        assert "el 5 de marzo de 2026" in read("/es/search/?place=11206&q=dogwood").text
