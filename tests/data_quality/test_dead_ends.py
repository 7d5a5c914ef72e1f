"""How searches end where places are near, far or nowhere."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from facilities.data_quality.dead_ends import (
    COMMON_NEEDS,
    EndingKind,
    SearchEnding,
    endings_at_zip_code,
    nearest_miles,
    need_of_parameters,
    read_need,
    unit_vectors,
)
from facilities.geo import Point
from facilities.management.commands.find_dead_ends import draw_zips

from ..support.factories import log_changes, make_facility

pytestmark = pytest.mark.django_db
BROOKLYN = {"latitude": 40.7, "longitude": -73.94, "state": "NY"}
BUFFALO = {"latitude": 42.89, "longitude": -78.88, "state": "NY"}  # some 290 miles off


@pytest.fixture(autouse=True)
def facilities():
    make_facility(services="detox residential-detox opioid-detox", **BROOKLYN)
    make_facility(services="methadone", **BUFFALO)
    log_changes()


def ending(words: str, zip_code: str = "11206") -> SearchEnding:
    (found,) = endings_at_zip_code(zip_code, [read_need(words)])
    return found


def test_a_place_within_the_area_is_within_reach():
    found = ending("heroin detox")

    assert found.ending is EndingKind.WITHIN_REACH
    assert found.miles < 5


def test_a_place_beyond_it_is_farther_with_its_miles():
    found = ending("methadone")

    assert found.ending is EndingKind.FARTHER
    assert 270 < found.miles < 310


def test_what_no_facility_has_is_nowhere():
    assert ending("sober living") == SearchEnding(EndingKind.NOWHERE)


def test_a_prepared_search_is_read_like_an_address():
    (found,) = endings_at_zip_code("11206", [need_of_parameters([("medication", "methadone")])])

    assert found.ending is EndingKind.FARTHER


@pytest.mark.parametrize("words", COMMON_NEEDS)
def test_every_common_need_is_understood(words):
    assert [*read_need(words).options]


@pytest.mark.parametrize("words", ["takes my dog", "Phoenix House", ""])
def test_words_that_are_no_need_are_refused(words):
    with pytest.raises(ValueError, match="not understood"):
        read_need(words)


def test_zip_codes_are_drawn_alike_for_a_seed():
    assert draw_zips(5, seed=1) == draw_zips(5, seed=1) != draw_zips(5, seed=2)
    assert len(draw_zips(10**6, seed=1)) > 40_000


def test_the_miles_to_the_nearest_are_those_of_the_search():
    points = unit_vectors([Point(40.7017, -73.9423), Point(42.89, -78.88)])

    in_brooklyn, in_buffalo = nearest_miles(read_need("methadone"), points)

    assert 270 < in_brooklyn < 310
    assert in_buffalo < 0.1


def test_what_no_facility_has_is_infinitely_far():
    points = unit_vectors([Point(40.7, -73.94)])

    assert np.isinf(nearest_miles(read_need("sober living"), points)).all()


def test_the_command_searches_at_every_zip_code_and_asks_the_pages_at_some():
    out = StringIO()

    call_command("find_dead_ends", sample=2, choose=False, stdout=out)

    zip_count = len(draw_zips(10**6, seed=1))
    assert f"{len(COMMON_NEEDS)} needs at {zip_count:,} ZIP codes" in out.getvalue()
    assert f"The pages say the same in {2 * len(COMMON_NEEDS)}:" in out.getvalue()
    assert "           0  a dead end" in out.getvalue()


def test_the_command_fails_where_the_pages_say_otherwise(monkeypatch):
    monkeypatch.setattr("facilities.data_quality.dead_ends.find_nearest", lambda query: None)

    with pytest.raises(CommandError, match="Dead ends:\n"):
        call_command("find_dead_ends", sample=1, choose=False, stdout=StringIO())
