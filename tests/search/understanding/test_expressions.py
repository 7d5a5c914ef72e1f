"""Every row of the tables works, and none is said twice with two meanings."""

from collections import defaultdict

import pytest

from facilities.guidance.search_notices import SEARCH_NOTICES_BY_CODE
from facilities.places.gazetteer import resolve_place
from facilities.search.filter_groups import GROUPS_BY_NAME
from facilities.search.understanding import understand
from facilities.search.understanding.expressions import expression_rows, expression_table
from facilities.search.understanding.needs import CAN_BE_LEFT_OUT, DETOX_OF
from facilities.search.understanding.place_finder import (
    find_place_clashes,
    place_clashes,
    region_places,
)
from facilities.search.understanding.spelling import confusable_drug_pairs, correct_spelling
from facilities.search.understanding.tokens import expression_key
from facilities.taxonomy import VOCABULARY
from facilities.taxonomy.services import normalize_term

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "es")
SIMPLE = {
    "detox", "overnight-detox", "rehab", "drinks", "inpatient", "outpatient", "hospital", "pills",
    "negation", "near-me", "in", "anywhere", "unfilterable", "filler", "insurance", "intake",
    "taper",
}  # fmt: skip
FILTERS = [
    (" ".join(words), meaning.split("="))
    for language in LANGUAGES
    for words, meanings in expression_table(language).items()
    for meaning in meanings
    if "=" in meaning
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_meaning_is_one_that_the_reader_knows(language):
    for words, meanings in expression_table(language).items():
        for meaning in meanings:
            kind, _, value = meaning.partition(":")
            group, equals, slug = meaning.partition("=")
            known = (
                meaning in SIMPLE
                or (equals and slug in GROUPS_BY_NAME[group].options)
                or (kind == "substance" and value in GROUPS_BY_NAME["treats"].options)
                or (kind == "medication" and f"keep-{value}" in GROUPS_BY_NAME["keeps"].options)
                or (kind == "intent" and value in ("start", "keep", "stop"))
                or (kind == "notice" and value in SEARCH_NOTICES_BY_CODE)
            )
            assert known, (words, meaning)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("slug", "shop_name"),
    [("methadone", "Dolophine"), ("naltrexone", "Revia"), ("acamprosate", "Campral")],
)
def test_a_shop_name_among_the_services_is_an_expression(slug, shop_name, language):
    assert shop_name in VOCABULARY[slug].synonyms

    (meaning,) = expression_table(language)[expression_key(shop_name)]

    assert meaning.removeprefix("medication").lstrip(":=") == slug


@pytest.mark.parametrize("word", ["heroin", "MAT", "opioids"])
def test_a_row_says_otherwise_of_a_synonym_in_every_language(word):
    assert expression_key(word) not in expression_table("es")


def test_no_expression_repeats_a_word_of_its_own_medication():
    repeated = [
        (slug, text)
        for row in expression_rows()
        if row["meaning"].startswith("medication")
        and (slug := row["meaning"].removeprefix("medication").lstrip(":=")) in VOCABULARY
        for column in ("english", "spanish")
        for text in row[column].split("|")
        if text and text in {*map(normalize_term, VOCABULARY[slug].synonyms)}
    ]
    assert repeated == []


def test_every_expression_that_names_a_filter_chooses_it():
    missed = [
        (text, group, slug)
        for text, (group, slug) in FILTERS
        if place_clashes().get(text) != "place"
        and slug not in understand(text).filters.get(group, ())
        and slug not in understand(text, "es").filters.get(group, ())
    ]
    assert missed == []


def test_every_word_for_opioids_asks_for_their_treatment():
    """So each such search offers to start medication, or has asked for one."""
    words = {
        (" ".join(key), language)
        for language in LANGUAGES
        for key, meanings in expression_table(language).items()
        if "substance:opioids" in meanings
    } | {(synonym, "en") for synonym in VOCABULARY["opioid-detox"].synonyms}
    asked = {("treats", "opioids"), ("substance", "opioid-detox")} | {
        ("medication", slug) for slug in ("buprenorphine", "methadone")
    }

    missed = [
        text
        for text, language in sorted(words)
        if place_clashes().get(text) != "place"
        and not asked
        & {
            (group, slug)
            for group, slugs in understand(text, language).filters.items()
            for slug in slugs
        }
    ]
    assert missed == []


@pytest.mark.parametrize("column", ["english", "spanish"])
def test_no_expression_has_two_rows_with_two_meanings(column):
    meanings = defaultdict(set)
    for row in expression_rows():
        for expression in filter(None, row[column].split("|")):
            meanings[expression].add(row["meaning"])
    assert {text: rows for text, rows in meanings.items() if len(rows) > 1} == {}


def test_substances_and_medications_of_rules_are_options():
    assert set(DETOX_OF.values()) <= GROUPS_BY_NAME["substance"].options.keys()
    assert set(CAN_BE_LEFT_OUT.values()) == GROUPS_BY_NAME["without"].options.keys()


@pytest.mark.parametrize(
    "place", sorted({place for row in region_places().values() for place in row})
)
def test_every_place_of_a_region_is_in_the_gazetteer(place):
    assert resolve_place(place).place is not None


@pytest.mark.parametrize("pair", sorted(map(sorted, confusable_drug_pairs())), ids=" / ".join)
def test_no_correction_crosses_a_pair_of_look_alikes(pair):
    for word, other in (pair, pair[::-1]):
        for position in range(1, len(word)):
            misspelled = word[:position] + word[position + 1 :]
            if misspelled in {" ".join(words) for words in expression_table("en")}:
                continue
            correction = correct_spelling(misspelled)
            assert correction is None or correction.read != other, misspelled


def test_every_clash_of_place_and_need_is_decided_once():
    """A new one is added to ``place_clashes.csv`` with "need" or "place"."""
    assert place_clashes().keys() == find_place_clashes().keys()
    assert set(place_clashes().values()) == {"need", "place"}


@pytest.mark.parametrize(("words", "reading"), sorted(place_clashes().items()))
def test_a_clash_is_read_as_decided(words, reading):
    understanding = understand(words)

    assert bool(understanding.place) == (reading == "place")
