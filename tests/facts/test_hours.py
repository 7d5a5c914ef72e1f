"""Hours of an intake line: read as people write them, told as people say them."""

import pytest

from facilities.curation import InvalidValue
from facilities.facts.hours import format_hours
from facilities.facts.registry import parse_value

NINE_TO_FIVE = [["09:00", "17:00"]]
WORKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), NINE_TO_FIVE)


@pytest.mark.parametrize(
    "text",
    [
        "mon-fri 09:00-17:00",
        "Mon-Fri 9am-5pm",
        "Monday to Friday: 9 a.m. - 5 p.m.",
        "lunes a viernes 9-17",
    ],
)
def test_a_work_week_is_read_as_people_write_it(text):
    assert parse_value("hours", text) == WORKDAYS


def test_days_run_on_over_the_weekend():
    """Read from Saturday to Monday they once came out as no hours at all."""
    assert parse_value("hours", "sat-mon 9-17") == dict.fromkeys(
        ("mon", "sat", "sun"), NINE_TO_FIVE
    )


@pytest.mark.parametrize("text", ["sometimes", "mon", "someday 9-17"])
def test_what_names_no_hours_is_refused_in_words(text):
    with pytest.raises(InvalidValue, match="mon-fri 08:00-17:00"):
        parse_value("hours", text)


def test_days_alike_that_follow_each_other_are_told_as_one():
    assert format_hours(WORKDAYS | {"sat": [["09:00", "12:00"]]}) == (
        "Mon–Fri 9 a.m.–5 p.m.; Sat 9 a.m.–noon"
    )
