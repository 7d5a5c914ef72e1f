"""A query over keys: its SQL is written once, and its answers are those of the ORM."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from facilities.models import Facility
from facilities.models.keyed_query import KeyedQuery

from ..support.factories import make_facility


@pytest.fixture
def facilities(db) -> list[Facility]:
    return [make_facility(name=name) for name in ("Alder", "Birch", "Cedar")]


@pytest.fixture
def builds() -> list[int]:
    """How many keys each queryset was built for, in turn."""
    return []


@pytest.fixture
def by_code(builds) -> KeyedQuery:
    def build(codes: list[str]):
        builds.append(len(codes))
        listed = Facility.objects.filter(code__in=codes, status__in=["listed", "hidden"])
        return listed.order_by("-name")

    return KeyedQuery(str, build)


class TestKeyedQuery:
    def test_finds_each_time_what_its_keys_name(self, facilities, by_code):
        alder, birch, cedar = facilities

        found = [
            [facility.name for facility in by_code.objects(codes)]
            for codes in ([alder.code, cedar.code], [birch.code, alder.code], ["nobody-s", ""])
        ]

        assert found == [["Cedar", "Alder"], ["Birch", "Alder"], []]

    def test_is_built_once_for_a_number_of_keys(self, facilities, by_code, builds):
        for count in (1, 2, 1, 3, 2):
            by_code.objects([facility.code for facility in facilities[:count]])

        assert builds == [1, 2, 3]

    def test_gives_records_as_the_orm_does(self, facilities, by_code):
        (record,) = by_code.objects([facilities[0].code])

        expected = Facility.objects.get(pk=facilities[0].pk)
        assert (record, record.uuid, record.denied_services, record.is_address_confidential) == (
            expected, expected.uuid, expected.denied_services, False,
        )  # fmt: skip

    def test_gives_rows_of_a_union(self, facilities, django_assert_num_queries):
        keys = [facility.pk for facility in facilities]
        Facility.objects.filter(pk=keys[1]).update(status="hidden")

        def build(keys: list[int]):
            listed = Facility.objects.filter(pk__in=keys, status="listed")
            hidden = Facility.objects.filter(pk__in=keys, status="hidden")
            return listed.values_list("pk", "status").union(hidden.values_list("pk", "name"))

        status = KeyedQuery(int, build)

        with django_assert_num_queries(1):
            rows = status.rows(keys[:2])

        assert sorted(rows) == sorted([(keys[0], "listed"), (keys[1], "Birch")])

    def test_asks_nothing_without_keys(self, by_code, django_assert_num_queries, db):
        with django_assert_num_queries(0):
            assert (by_code.rows([]), by_code.objects([])) == ([], [])

    def test_takes_a_hostile_key_as_a_key(self, facilities, by_code):
        assert by_code.objects(["' OR 1=1 --", "%s"]) == []

    def test_is_compiled_by_many_threads_at_once(self, by_code):
        with ThreadPoolExecutor(8) as pool:
            compiled = [*pool.map(by_code.compiled, [1, 2, 3] * 30)]

        assert {len(each.parameters) for each in compiled} == {3, 4, 5}  # and two for the status
