"""Searches of the real directory, held against a plain reading of the workbook."""

import random
import re

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facilities.geo import Point, bounding_box
from facilities.models import Facility, SourceRow, VersionStamp
from facilities.search import GROUPS, FacilityFilterSet
from facilities.search.compile import sort_slots
from facilities.search.index import SearchIndex
from facilities.search.index_files import load_segment, save_segment
from facilities.search.run import match_facilities, search
from facilities.search.segment import FIELDS, build_segment
from facilities.search.sort_keys import DistanceKey

from ..support import reference_search
from ..support.reference_search import RULES, PlainRow, fitting

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def rows(shared_data) -> list[PlainRow]:
    return reference_search.read(shared_data)


@pytest.fixture
def row_numbers(loaded_2023) -> dict[int, int]:
    """Facility key -> its row in the workbook."""
    return dict(SourceRow.objects.values_list("facility_id", "row_number"))


def question(query: str):
    filterset = FacilityFilterSet(QueryDict(query))
    assert filterset.query, filterset.errors
    return filterset.query


def random_choices(source: random.Random) -> dict[str, set[str]]:
    groups = source.sample(sorted(RULES), source.randint(1, 4))
    return {
        group: set(source.sample(sorted(RULES[group][1]), source.randint(1, 2))) for group in groups
    }


def as_query(place: str, within: int, chosen: dict[str, set[str]]) -> str:
    pairs = [f"{group}={slug}" for group, slugs in chosen.items() for slug in slugs]
    return "&".join([f"place={place}", f"within={within}", *pairs])


class TestNearest:
    def test_twenty_are_those_of_the_haversine_around_fifty_points(self, rows, row_numbers):
        source = random.Random(11206)
        for _ in range(50):
            at = source.choice(rows)
            latitude, longitude = round(at.latitude, 2), round(at.longitude, 2)
            results = search(question(f"lat={latitude}&lon={longitude}&within=100"))
            distances = {row.number: row.miles_from(latitude, longitude) for row in rows}
            expected = sorted(miles for miles in distances.values() if miles <= 100)[:20]
            numbers = [row_numbers[found.facility.pk] for found in results.hits]
            assert [distances[number] for number in numbers] == pytest.approx(expected, abs=1e-3)
            assert [found.miles for found in results.hits] == pytest.approx(expected, abs=1e-3)

    def test_radius_counts_agree_with_the_haversine(self, rows, loaded_2023):
        for within in (5, 25, 50, 100):
            results = search(question(f"lat=40.75&lon=-73.99&within={within}"))
            near = [row for row in rows if row.miles_from(40.75, -73.99) <= within]
            assert results.total == len(near)


class TestCounts:
    def test_of_fifty_random_searches_are_those_of_a_naive_count(self, rows, loaded_2023):
        source = random.Random(2023)
        for _ in range(50):
            at, within = source.choice(rows), source.choice((10, 25, 50, 100))
            chosen = random_choices(source)
            asked = question(as_query(at.cells["zip"], within, chosen))
            point = asked.area.point
            near = [r for r in rows if r.miles_from(point.latitude, point.longitude) <= within]
            results = search(asked)
            assert results.total == len(fitting(near, chosen))
            for group, (_, options) in RULES.items():
                for slug in options:
                    added = chosen | {group: chosen.get(group, set()) | {slug}}
                    expected = len(fitting(near, added))
                    assert results.counts[group][slug] == expected, (chosen, group, slug)

    def test_of_the_whole_country_are_those_of_the_codes(self, rows, loaded_2023):
        results = search(question(""))
        assert results.total == 12_744
        assert results.counts["medication"]["buprenorphine"] == 6_923
        assert results.counts["medication"]["methadone"] == 1_481
        assert results.counts["payment"]["medicaid"] == 9_493
        assert results.counts["language"]["spanish"] == 2_794
        assert results.by_state["TX"] == sum(row.cells["state"] == "TX" for row in rows)

    def test_opioid_detox_leaves_out_those_for_alcohol_only(self, rows, loaded_2023):
        excluded = [r for r in rows if {"ODTX", "AUDO"} <= r.codes and "OUDO" not in r.codes]
        results = search(question(""))
        assert len(excluded) > 0
        assert results.counts["substance"]["opioid-detox"] == 2_739 - len(excluded)


class TestText:
    def test_a_brand_finds_its_medication(self, loaded_2023):
        assert search(question("q=suboxone")).total >= 6_923
        assert search(question("q=Suboxone&place=Ohio")).total == len(
            [1 for f in Facility.objects.filter(state="OH") if "buprenorphine" in f.offered]
        )

    def test_words_of_a_name_are_found_in_any_order_and_case(self, rows, loaded_2023):
        results = search(question("q=TREATMENT+shelby+county"))
        names = {found.facility.name for found in results.hits}
        assert "Shelby County Treatment Center" in names

    def test_nonsense_finds_nothing(self, loaded_2023):
        assert search(question("q=xyzzyplugh")).total == 0


slugs = {
    group.name: st.sets(st.sampled_from(sorted(group.options)), max_size=2) for group in GROUPS
}


@pytest.fixture
def changed_index(loaded_2023, tmp_path) -> SearchIndex:
    """An index of the directory that began with other facts, facilities too many and too few.

    What it began with was written to files, and read from there.
    """
    source = random.Random(49)
    records = list(Facility.objects.listed().values_list(*FIELDS))
    source.shuffle(records)
    changed, added, others = records[:100], records[100:150], records[150:300]
    outdated = [(key, *other[1:]) for (key, *_), other in zip(changed, others, strict=False)]
    removed = [(-number, *other[1:]) for number, other in enumerate(others[:50], start=1)]
    built = build_segment([*outdated, *removed, *records[150:]])
    save_segment(built, VersionStamp(1, "token"), tmp_path)
    _version, base = load_segment(VersionStamp(1, "token"), tmp_path)
    index = SearchIndex.of_base(base)
    index = index.with_changes({record[0]: record for record in (*changed[:70], *added)})
    index = index.with_changes({record[0]: None for record in removed})
    return index.with_changes({record[0]: record for record in changed[50:]})


class TestBothReadings:
    """The same search in SQL and over the index: the same facilities in the same order."""

    @settings(
        max_examples=60, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(
        place=st.sampled_from(["11206", "California", "Cook County, IL", "99501", "00926", ""]),
        within=st.sampled_from(["", "5", "60", "state"]),
        text=st.sampled_from(["", "", "suboxone", "center", "recovery medicaid", "de la", "ñ"]),
        chosen=st.fixed_dictionaries({}, optional=slugs),
        sort=st.sampled_from(["", "distance", "fit", "verified", "name"]),
    )
    def test_agree(self, changed_index, place, within, text, chosen, sort):
        query = QueryDict(mutable=True)
        query.update({"place": place, "within": within if place else "", "q": text, "sort": sort})
        for group, picked in chosen.items():
            query.setlist(group, sorted(picked))
        filterset = FacilityFilterSet(query)
        assert filterset.query, filterset.errors
        in_sql = list(filterset.qs.values_list("pk", flat=True))
        of_area = match_facilities(filterset.query)
        of_index = match_facilities(filterset.query, changed_index.in_area(filterset.query.area))
        assert of_area.ids.tolist() == in_sql
        assert of_index.ids.tolist() == in_sql
        assert of_index.first_ids(20).tolist() == in_sql[:20]
        if point := filterset.query.area.point:
            all_of_it = match_facilities(filterset.query, changed_index.everywhere).selected
            in_turn = [
                sort_slots(changed_index.everywhere, bits, [DistanceKey(point)], 1).tolist()
                for bits in (
                    all_of_it,
                    changed_index.everywhere.around_nearest(all_of_it, point),
                )
            ]
            assert in_turn[0] == in_turn[1]
        answers = search(filterset.query, of_area), search(filterset.query, of_index)
        assert answers[0] == answers[1]


class TestNarrowQuery:
    def test_can_be_answered_by_an_index_alone(self, loaded_2023):
        if connection.vendor == "postgresql":  # which may think 12,744 rows quicker to read whole
            connection.cursor().execute("SET LOCAL enable_seqscan = off")
            connection.cursor().execute("SET LOCAL enable_bitmapscan = off")
        near = Facility.objects.listed().in_box(bounding_box(Point(40.7, -74.0), 25))
        plan = near.values("id", "x", "service_bits_0", "service_bits_5", "state").explain()
        assert re.search("COVERING INDEX facility_near|Index Only Scan using facility_near", plan)
