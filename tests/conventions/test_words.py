"""What the site says, says it plainly and speaks of people first, in both languages."""

import csv
import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.conf import settings

from facilities.management.translations import translatable_messages
from facilities.taxonomy import VOCABULARY

from ..support.readability import WORD, ease, grade, syllables_in_english, syllables_in_spanish
from ..support.real_data import ROOT

AVOIDED = Path(__file__).parent / "words_to_avoid.csv"
CATALOG = ROOT / "facilities" / "locale" / "es" / "LC_MESSAGES" / "django.po"
# Names that agencies and groups gave themselves.
OFFICIAL = (
    "Substance Abuse and Mental Health Services Administration",
    "Alcoholics Anonymous",
    "Alcohólicos Anónimos",
)
# Abuse by a person is called what it is; "vale" is also a voucher.
OTHER_MEANINGS = ("sexual abuse", "abuso sexual")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|{{.*?}}|{%.*?%}|%%")
TAG = re.compile(r"<[^>]*>")
IN_SPANISH = re.compile(r'<(\w+)[^>]* lang="es"[^>]*>.*?</\1>', re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
LONG = 8  # words


@cache
def vocabulary(language: str) -> list[str]:
    """Labels and help; official names and what people type to search are theirs, not ours."""
    categories = [category.label(language) for category in VOCABULARY.categories]
    services = [text for each in VOCABULARY for text in (each.label(language), each.help(language))]
    return categories + services


@cache
def site(language: str) -> list[str]:
    """The sentences of code and templates in a language, without placeholders."""
    if language == "en":
        found = translatable_messages(settings.BASE_DIR)
        texts = {text for message in found for text in (message.text, message.plural)}
    else:
        catalog = polib.pofile(str(CATALOG))
        texts = {text for each in catalog for text in (each.msgstr, *each.msgstr_plural.values())}
    return sorted(PLACEHOLDER.sub(" ", text) for text in texts)


@cache
def written_in_templates(language: str) -> list[str]:
    """What templates state without translation; Spanish is marked as such."""
    source = " ".join(path.read_text() for path in sorted((ROOT / "templates").rglob("*.html")))
    source = PLACEHOLDER.sub(" ", source)
    spanish = [element[0] for element in IN_SPANISH.finditer(source)]
    elements = spanish if language == "es" else [IN_SPANISH.sub(" ", source)]
    return [text.strip() for each in elements for text in TAG.split(each) if text.strip()]


@cache
def guides(language: str) -> list[str]:
    """The paragraphs of the guides, without what stands before the first: title, sources, links."""
    folder = ROOT / "facilities" / "guidance" / "guides" / language
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))]
    lines = [line for text in texts for line in text.partition("\n\n")[2].splitlines()]
    return [LINK.sub(r"\1", line).strip(" #*->|") for line in lines if line.strip(" #*->|")]


def avoided(language: str) -> list[tuple[re.Pattern, str]]:
    """What not to say, and what to say in its place."""
    with AVOIDED.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["language"] == language]
    return [(pattern(row["words"]), row["instead"]) for row in rows]


def pattern(words: str) -> re.Pattern:
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


def without_names(text: str) -> str:
    for name in (*OFFICIAL, *OTHER_MEANINGS):
        text = re.sub(re.escape(name), "", text, flags=re.IGNORECASE)
    return text


@pytest.mark.parametrize("language", ["en", "es"])
class TestWords:
    @pytest.mark.slow
    def test_speak_of_people_first(self, language):
        ours = (vocabulary, site, written_in_templates, guides)
        texts = [text for place in ours for text in place(language)]

        found = [
            f"“{match[0]}” in “{text}”: say {instead}"
            for expression, instead in avoided(language)
            for text in texts
            if (match := expression.search(without_names(text)))
        ]

        assert found == []

    def test_are_read_from_everywhere(self, language):
        assert len(vocabulary(language)) > 500
        assert len(site(language)) > 150
        assert any("SAMHSA" in text for text in site(language))

    def test_to_avoid_name_what_to_say(self, language):
        assert all(instead.strip() for _, instead in avoided(language))


class TestAvoidedWords:
    @pytest.mark.parametrize(
        "sentence",
        ["Help for addicts", "a drug habit", "a clean urine test", "Offers MAT"],
    )
    def test_are_found(self, sentence):
        assert any(expression.search(sentence) for expression, _ in avoided("en"))

    @pytest.mark.parametrize("sentence", ["addiction medicine", "disuse", "cleaning", "matters"])
    def test_are_whole_words(self, sentence):
        assert not any(expression.search(sentence) for expression, _ in avoided("en"))

    def test_leave_official_names_alone(self):
        text = without_names("Alcoholics Anonymous; Substance Abuse and Mental Health Services "
                             "Administration")  # fmt: skip

        assert not any(expression.search(text) for expression, _ in avoided("en"))


class TestReading:
    def helps(self, language):
        return [service.help(language) for service in VOCABULARY]

    def long(self, language):
        return [text for text in site(language) if len(WORD.findall(text)) >= LONG]

    def test_of_the_site_takes_eight_years_of_school(self):
        assert grade(self.long("en")) <= 8

    def test_of_the_services_takes_eight_years_of_school(self):
        assert grade(self.helps("en")) <= 8

    def test_of_the_guides_takes_eight_years_of_school(self):
        assert grade(guides("en")) <= 8

    def test_of_the_site_is_plain_in_spanish(self):
        assert ease(self.long("es")) >= 60

    def test_of_the_services_is_plain_in_spanish(self):
        assert ease(self.helps("es")) >= 60


class TestFormulas:
    @pytest.mark.parametrize(
        ("word", "count"),
        [("care", 1), ("table", 2), ("asked", 1), ("needed", 2), ("medication", 4), ("detox", 2)],
    )
    def test_count_english_syllables(self, word, count):
        assert syllables_in_english(word) == count

    @pytest.mark.parametrize(
        ("word", "count"),
        [("cuidado", 3), ("día", 2), ("ayuda", 3), ("muy", 1), ("desintoxicación", 6)],
    )
    def test_count_spanish_syllables(self, word, count):
        assert syllables_in_spanish(word) == count

    def test_grade_by_hand(self):
        # 10 words, 2 sentences, 10 syllables: 0.39 * 5 + 11.8 * 1 - 15.59
        assert grade(["The cat sat on it. The dog ran to us."]) == pytest.approx(-1.84)

    def test_ease_by_hand(self):
        # 6 words, 2 sentences, 8 syllables: 206.84 - 60 * 8 / 6 - 1.02 * 3
        assert ease(["Usted no va. No hay café."]) == pytest.approx(123.78)
