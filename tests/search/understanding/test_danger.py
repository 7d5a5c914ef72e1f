"""Danger is composed of classes of words, and what speaks against it is decided for all alike."""

import csv

import pytest

from facilities.guidance.alerts import ALERTS
from facilities.places.tables import cities
from facilities.search.understanding.danger import find_alert
from facilities.search.understanding.danger.patterns import (
    danger_patterns,
    find_meanings,
    pattern_rows,
)
from facilities.search.understanding.danger.words import FOLDER, word_classes

MEANINGS = {alert.code: alert.meaning for alert in ALERTS} | {"": ""}
USED_BY_SCOPES = {
    "not", "denies nothing", "past", "for long", "clause", "subject", "grief", "over", "animal",
    "figure",
}  # fmt: skip


def test_every_class_of_words_is_used_and_every_class_named_in_a_pattern_exists():
    known = {word_class.name for word_class in word_classes()}
    known |= {pattern.meaning for pattern in danger_patterns()}
    used = {name for pattern in danger_patterns() for name in pattern.classes | pattern.unless}
    meanings = {alert.meaning for alert in ALERTS}

    assert used - known == set()
    assert known - used == USED_BY_SCOPES | meanings


def test_no_class_stands_in_two_rows():
    names = [word_class.name for word_class in word_classes()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("row", pattern_rows(), ids=lambda row: row["example"])
def test_the_example_of_every_row_has_its_meaning(row):
    assert row["meaning"] in find_meanings(row["example"])


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("he is not breathing", "now"),
        ("he isnt overdosing", ""),  # denied
        ("no seizures or dts", ""),  # denied, and what "or" adds
        ("he said no. he is overdosing", "now"),  # a "not" ends with its sentence
        ("i dont think hes breathing", "now"),
        ("my ex hit me years ago", ""),  # past
        ("my mom died 2 years ago and i want to die", "crisis"),  # past in its own clause
        ("overdose prevention class", ""),  # talk of a topic
        ("passed out in class with pinpoint pupils", "now"),  # a state stands whatever is told of
        ("dying to know", ""),  # a figure of speech
        ("my 3yo ate a gummy", "now"),
        ("my 43yo ate a gummy", ""),
        ("no quiero morir", ""),
        ("quiero morir", "crisis"),
        ("he od'd", "now"),  # is not "odd"
    ],
)
def test_scopes_decide_what_is_meant(text, meaning):
    assert MEANINGS[find_alert(text)] == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("hes not breatihng", "now"),
        ("she is unresponsve", "now"),
        ("having a siezure", "now"),
        ("feeling sucidal", "crisis"),
        ("tiene combulsiones", "now"),
    ],
)
def test_misspelled_danger_is_recognized(text, meaning):
    """No table has these misspellings."""
    assert MEANINGS[find_alert(text)] == meaning


@pytest.mark.parametrize("text", ["suboxone {}", "my son took pills and is on meth {}"])
def test_the_name_of_a_city_is_not_taken_for_misspelled_danger(text):
    names = [city.name for city in cities() if city.population > 10_000]
    assert [name for name in names if find_alert(text.format(name))] == []


def test_no_cell_repeats_an_expression():
    with (FOLDER / "words.csv").open(encoding="utf-8", newline="") as lines:
        cells = [
            (row["class"], row[language].split("|"))
            for row in csv.DictReader(lines)
            for language in ("english", "spanish")
        ]

    repeated = {name for name, cell in cells if len(cell) > len({*cell})}
    assert repeated == set()
