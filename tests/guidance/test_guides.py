"""The guides: both languages complete, plain, sourced, safe, and every link leading somewhere."""

import re
import tracemalloc
from datetime import date

import pytest
from django.http import QueryDict

from facilities.guidance.guides import Guide, all_guides, find_guide, safety_notice
from facilities.guidance.guides.links import UnknownLinkError
from facilities.guidance.guides.reader import render_markdown
from facilities.search import GROUPS, FacilityFilterSet

from ..conventions.test_words import avoided, without_names
from ..support.html import Page, text_of
from ..support.readability import WORD, ease, grade

SLUGS = (
    "tonight", "choosing-a-center", "what-to-expect-in-detox", "who-treats-you", "medications",
    "center-or-home", "after-detox", "paying-and-getting-there", "for-families",
    "overdose-and-naloxone",
)  # fmt: skip
ALL = [(slug, language) for slug in SLUGS for language in ("en", "es")]
BLOCKS = "p, li:not(:has(p)), h2, h3"
NUMBERS = {"911", "988", "+18006624357", "+18004874889", "+18002221222"}
WRITTEN_NUMBERS = {"1-800-662-4357", "1-800-487-4889", "1-800-222-1222", "435748"}
SAFE = {
    "en": (
        "tolerance falls during detox",
        "risk of overdose is highest in the first weeks",
        "detox alone is not enough",
        "Without medication to follow it, the risk of overdose goes up",
        "You do not need detox before you start methadone or buprenorphine",
        "Carry naloxone",
        "with no prescription",
        "It can wear off, so call 911",
        "another dose after two to three minutes",
        "Never stop alcohol or benzodiazepines suddenly. Withdrawal from them can be fatal",
        "Are you pregnant? Do not stop opioids suddenly",
        "Do not try to taper heroin or fentanyl by yourself",
        "Fentanyl is now common in what is sold as heroin",
        "Taken too soon, it can bring on sudden withdrawal",
    ),
    "es": (
        "tolerancia baja durante la desintoxicación",
        "riesgo de sobredosis es mayor en las primeras semanas",
        "la desintoxicación sola no basta",
        "Sin un medicamento después, sube el riesgo de sobredosis",
        "No necesita desintoxicarse antes de empezar metadona o buprenorfina",
        "Lleve naloxona",
        "sin receta",
        "Su efecto se puede pasar: llame al 911",
        "otra dosis después de dos a tres minutos",
        "Nunca deje de golpe el alcohol ni las benzodiacepinas. La abstinencia puede ser mortal",
        "¿Está embarazada? No deje los opioides de golpe",
        "No intente bajar poco a poco la heroína o el fentanilo por su cuenta",
        "el fentanilo es común en lo que se vende como heroína",
        "Si se toma muy pronto, puede provocar abstinencia de golpe",
    ),
}
ABOUT_WITHDRAWAL = {
    "tonight", "what-to-expect-in-detox", "medications", "center-or-home", "after-detox",
}  # fmt: skip
REMINDER = {
    "en": (
        "After days without opioids the old dose can kill",
        "no detox is needed first",
        "Alcohol or benzodiazepines: do not stop suddenly",
        "Are you pregnant? Do not stop opioids suddenly",
    ),
    "es": (
        "Después de días sin opioides, la dosis de antes puede matar",
        "no hace falta desintoxicarse antes",
        "Alcohol o benzodiacepinas: no los deje de golpe",
        "¿Está embarazada? No deje los opioides de golpe",
    ),
}
each = pytest.mark.parametrize(("slug", "language"), ALL)


def blocks(found: Guide) -> list[str]:
    """The paragraphs, items and headings of a guide."""
    return Page(found.html).texts(BLOCKS)


def text(found: Guide) -> str:
    """All that is written in a guide, its head and its links at the end."""
    head = [found.title, found.description, *(way.label for way in found.next_steps)]
    sources = [f"{source.name}: {source.supports}" for source in found.sources]
    return " \n".join([*head, *blocks(found), *sources])


def links(found: Guide) -> list[str]:
    return [*Page(found.html).links(), *(way.address for way in found.next_steps)]


class TestMemory:
    def test_does_not_grow_with_names_of_no_guide(self):
        find_guide("none-0", "en")
        tracemalloc.start()
        for number in range(1_000):
            assert find_guide(f"none-{number}-{'x' * 1_000}", "en") is None
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert size < 100_000


class TestLanguages:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_have_the_same_guides_in_the_same_order(self, language):
        assert tuple(found.slug for found in all_guides(language)) == SLUGS

    @pytest.mark.parametrize("slug", SLUGS)
    def test_have_the_same_parts(self, slug):
        shapes = [
            [node.tag for node in Page(find_guide(slug, language).html).all("h2, h3, ol, ul, li")]
            for language in ("en", "es")
        ]
        headings = [[tag for tag in shape if tag.startswith("h")] for shape in shapes]

        assert headings[0] == headings[1]
        assert abs(shapes[0].count("li") - shapes[1].count("li")) <= 1

    @pytest.mark.parametrize("slug", SLUGS)
    def test_have_the_same_sources_and_review(self, slug):
        english, spanish = find_guide(slug, "en"), find_guide(slug, "es")

        assert {one.address for one in english.sources} == {one.address for one in spanish.sources}
        assert english.reviewed_on == spanish.reviewed_on == date(2026, 11, 21)

    @pytest.mark.parametrize("slug", SLUGS)
    def test_lead_to_the_same_places(self, slug):
        there = [
            link.removeprefix("/es").partition("#")[0] for link in links(find_guide(slug, "es"))
        ]

        assert set(there) == {link.partition("#")[0] for link in links(find_guide(slug, "en"))}

    def test_are_rendered_once(self):
        assert all_guides("es") is all_guides("es")


@each
class TestText:
    def test_is_plain(self, slug, language):
        found = find_guide(slug, language)
        texts = [*blocks(found), found.description]

        if language == "en":
            assert grade(texts) <= 8
        else:
            assert ease(texts) >= 60

    def test_is_short(self, slug, language):
        found = blocks(find_guide(slug, language))

        assert 400 <= sum(len(WORD.findall(block)) for block in found) <= 900
        assert [block for block in found if len(WORD.findall(block)) > 60] == []

    def test_speaks_of_people_first(self, slug, language):
        words = without_names(text(find_guide(slug, language)))

        assert [match[0] for pattern, _ in avoided(language)
                for match in pattern.finditer(words)] == []  # fmt: skip

    def test_promises_nothing(self, slug, language):
        words = text(find_guide(slug, language)).lower()

        assert not re.search(r"guarantee|detox today|garantiz|desintoxicación hoy", words)

    def test_gives_no_number_but_the_public_lines(self, slug, language):
        found = find_guide(slug, language)
        written = re.findall(r"\d(?:-\d{3}){2}-\d{4}|\b\d{6}\b", text(found))

        assert set(written) <= WRITTEN_NUMBERS
        assert {link[4:] for link in links(found) if link.startswith("tel:")} <= NUMBERS


class TestSources:
    @each
    def test_are_named_secure_and_say_what_they_support(self, slug, language):
        sources = find_guide(slug, language).sources

        assert len(sources) >= 5
        assert [one for one in sources if not one.address.startswith("https://")] == []
        assert [one for one in sources if not (one.name and one.supports)] == []
        assert len({one.address for one in sources}) == len(sources)


class TestSafety:
    @pytest.mark.parametrize(("language", "fact"), [(key, fact) for key in SAFE
                                                    for fact in SAFE[key]])  # fmt: skip
    def test_states_each_fact(self, language, fact):
        assert fact.lower() in Page(safety_notice(language)).text.lower()

    @each
    def test_stands_whole_in_each_text_about_detox_and_in_short_where_detox_is_mentioned(
        self, slug, language
    ):
        found = find_guide(slug, language)
        whole = found.html.count(str(safety_notice(language)))
        short = sum(found.html.count(marks) for marks in REMINDER[language])

        assert whole == (slug in ABOUT_WITHDRAWAL)
        if not whole and re.search(r"detox|desintoxica", text(found), re.IGNORECASE):
            assert short == len(REMINDER[language])
        elif not whole:
            assert slug == "paying-and-getting-there"

    @each
    def test_lets_no_text_end_in_detox_alone(self, slug, language):
        ways = [way.address for way in find_guide(slug, language).next_steps]

        if any("detox" in way for way in ways):
            assert any("starts=start-" in way for way in ways)

    @pytest.mark.parametrize("slug", SLUGS)
    def test_tells_spanish_speakers_to_press_two(self, slug):
        blocks = Page(find_guide(slug, "es").html).all(BLOCKS)
        said = [text_of(block) for block in blocks if block.css('a[href^="tel:988"]')]

        assert [text for text in said if "oprima 2" not in text] == []
        assert [text for text in said if "AYUDA" not in text] == []


@each
class TestLinks:
    def test_to_searches_are_valid(self, slug, language):
        known = {group.name for group in GROUPS}
        searches = [link for link in links(find_guide(slug, language)) if "/search/" in link]

        assert searches
        for link in searches:
            address, _, query = link.partition("?")
            chosen = QueryDict(query)
            assert address == ("/es/search/" if language == "es" else "/search/")
            assert set(chosen) <= known
            assert FacilityFilterSet(chosen).errors == {}, link

    def test_lead_to_guides_there_are(self, slug, language):
        start = "/es/guides/" if language == "es" else "/guides/"
        found = [link for link in links(find_guide(slug, language)) if "/guides/" in link]

        for link in found:
            page, _, anchor = link.removeprefix(start).partition("#")
            target = find_guide(page.rstrip("/"), language)
            assert target
            assert target.slug != slug
            assert not anchor or anchor in {heading.anchor for heading in target.headings}

    def test_elsewhere_are_secure_and_tell_nothing(self, slug, language):
        found = find_guide(slug, language)

        assert Page(found.html).all('a[href^="http"]:not([rel~=noreferrer])') == []
        assert [link for link in links(found) if link.startswith("http:")] == []

    def test_at_the_end_are_a_way_on(self, slug, language):
        assert len(find_guide(slug, language).next_steps) >= 3


class TestMarkup:
    def test_of_a_text_is_shown_as_typed(self):
        html, _ = render_markdown(
            "A <b onclick='x'>bold</b> word\n\n<script>alert(1)</script>", "en"
        )

        assert "<b" not in html
        assert "<script" not in html
        assert "&lt;script&gt;" in html

    @pytest.mark.parametrize("link", ["javascript:alert(1)", "http://example.org", "data:x", "//a"])
    def test_refuses_other_links(self, link):
        with pytest.raises(UnknownLinkError):
            render_markdown(f"[words]({link})", "en")
