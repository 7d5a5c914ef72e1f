"""What a process keeps of the directory follows each change, and never shows what is not so."""

import pytest
from django.db import transaction
from django.http import QueryDict

from facilities.models import Change, DataVersion, Facility, Revision
from facilities.resolution.change_log import recording_changes
from facilities.search import FacilityFilterSet, candidates, recent_records, shared_index
from facilities.search.candidates import all_candidates
from facilities.search.run import match_facilities, search

from ..support.factories import make_facility

pytestmark = pytest.mark.django_db(transaction=True)
BROOKLYN = {"city": "Brooklyn", "state": "NY", "zip": "11206"}
NEAR = "lat=40.7&lon=-73.94"


@pytest.fixture(autouse=True)
def alder():
    with recording_changes() as log:
        facility = make_facility(name="Alder", latitude=40.7, longitude=-73.94, **BROOKLYN)
        log.note(facility.uuid, before=None, after="listed")
    return facility


def change(facility: Facility, **values) -> None:
    """Change columns as a curator's save does: under the lock, and in the log."""
    with recording_changes() as log:
        before = Facility.objects.get(pk=facility.pk).status
        Facility.objects.filter(pk=facility.pk).update(**values)
        log.note(facility.uuid, before=before, after=values.get("status", before), fields=["name"])


def names(query: str) -> list[str]:
    return [hit.facility.name for hit in search(FacilityFilterSet(QueryDict(query)).query).hits]


def counted(query: str) -> int:
    """How many the index counts; SQL is not asked again whether they are listed."""
    return match_facilities(FacilityFilterSet(QueryDict(query)).query).total


def base():
    return all_candidates().parts[0].segment


class TestChange:
    def test_is_found_by_the_next_search(self, alder):
        assert (counted("q=alder"), counted("q=birch")) == (1, 0)

        change(alder, name="Birch", name_key="birch")

        assert (counted("q=alder"), counted("q=birch")) == (0, 1)
        assert names(NEAR) == ["Birch"]

    def test_adds_a_facility_and_takes_one_off(self, alder):
        assert counted(NEAR) == 1
        with recording_changes() as log:
            birch = make_facility(name="Birch", latitude=40.7, longitude=-73.95, **BROOKLYN)
            log.note(birch.uuid, before=None, after="listed")
        assert names(NEAR) == ["Alder", "Birch"]

        change(alder, status="hidden")

        assert (counted(NEAR), counted(f"{NEAR}&within=state"), counted("")) == (1, 1, 1)

    def test_reads_what_changed_and_nothing_else(self, alder, django_assert_num_queries):
        before = base()
        change(alder, name="Birch", name_key="birch")

        # 1 the version, 1 how much changed, 2 what changed, 1 those facilities
        with django_assert_num_queries(5):
            all_candidates()
        with django_assert_num_queries(1):  # the version
            all_candidates()
        assert base() is before

    def test_of_too_many_builds_anew(self, alder, monkeypatch):
        monkeypatch.setattr(shared_index, "MOST_CHANGES", 1)
        before = base()
        with recording_changes() as log:
            for name in ("Birch", "Cedar"):
                facility = make_facility(name=name, latitude=40.7, longitude=-73.95, **BROOKLYN)
                log.note(facility.uuid, before=None, after="listed")

        assert counted(NEAR) == 3
        assert base() is not before

    def test_that_is_not_committed_stays_within_its_transaction(self, alder, monkeypatch):
        monkeypatch.setattr("facilities.models.versioned_cache.KEEP_WITHIN_TRANSACTIONS", False)
        assert counted("") == 1
        with transaction.atomic():
            change(alder, status="hidden")
            assert (counted(""), counted(NEAR)) == (0, 0)
            transaction.set_rollback(True)

        assert (counted(""), counted(NEAR)) == (1, 1)


class TestSearch:
    def test_leaves_out_what_was_taken_off_since_the_index(self, alder):
        matched = match_facilities(FacilityFilterSet(QueryDict(NEAR)).query)
        change(alder, status="hidden")

        assert search(matched.query, matched).hits == ()

    def test_does_not_wait_while_another_thread_makes_the_index(self, alder):
        with candidates._shared.computation:
            assert names(NEAR) == ["Alder"]


class TestRecords:
    def test_of_a_page_are_read_once(self, alder, django_assert_num_queries):
        assert names(NEAR) == ["Alder"]

        with django_assert_num_queries(1):  # the version
            assert names(NEAR) == ["Alder"]

    def test_of_what_changed_are_read_anew(self, alder):
        with recording_changes() as log:
            birch = make_facility(name="Birch", latitude=40.7, longitude=-73.95, **BROOKLYN)
            log.note(birch.uuid, before=None, after="listed")
        assert names(NEAR) == ["Alder", "Birch"]

        change(birch, name="Cedar")
        assert names(NEAR) == ["Alder", "Cedar"]

        change(alder, status="hidden")
        assert names(NEAR) == ["Cedar"]

    def test_are_forgotten_when_there_are_many(self, alder, monkeypatch, django_assert_num_queries):
        monkeypatch.setattr(recent_records, "MOST", 1)
        with recording_changes() as log:
            birch = make_facility(name="Birch", latitude=30.0, longitude=-90.0, **BROOKLYN)
            log.note(birch.uuid, before=None, after="listed")
        assert names(NEAR) == ["Alder"]
        assert names("lat=30&lon=-90") == ["Birch"]

        with django_assert_num_queries(2):  # the version and the facility
            assert names(NEAR) == ["Alder"]


class TestOtherDatabase:
    """The same connection shows another history: a replica that lags, or a restored backup."""

    def show(self, version: tuple[int, str], alder: Facility, **values) -> None:
        """Show the database of ``version``, without what came after it."""
        number, token = version
        Facility.objects.filter(pk=alder.pk).update(**values)
        Change.objects.filter(revision__gte=number).delete()
        Revision.objects.filter(number__gte=number).delete()
        Revision.objects.create(number=number, token=token)
        DataVersion.objects.filter(pk=1).update(number=number, token=token)

    def test_that_lags_is_answered_as_it_is(self, alder):
        old = DataVersion.current()
        change(alder, name="Birch", name_key="birch")
        new = DataVersion.current()
        assert counted("q=birch") == 1

        for _ in range(3):
            self.show(old, alder, name="Alder", name_key="alder")
            assert (counted("q=alder"), counted("q=birch"), names(NEAR)) == (1, 0, ["Alder"])
            self.show(new, alder, name="Birch", name_key="birch")
            assert (counted("q=alder"), counted("q=birch"), names(NEAR)) == (0, 1, ["Birch"])

    def test_that_stays_behind_gets_an_index_of_its_own(self, alder, django_assert_num_queries):
        old = DataVersion.current()
        change(alder, name="Birch", name_key="birch")
        assert counted("q=birch") == 1
        self.show(old, alder, name="Alder", name_key="alder")

        assert [counted("q=alder") for _ in range(shared_index.MOST_BEHIND)] == [1] * 20
        with django_assert_num_queries(1):
            assert all_candidates().total == 1

    def test_with_the_same_number_and_another_token_is_read_anew(self, alder):
        assert counted("q=alder") == 1
        self.show((DataVersion.current().number, "another"), alder, name="Oak", name_key="oak")

        assert (counted("q=alder"), counted("q=oak")) == (0, 1)

    def test_with_a_later_number_of_another_history_is_read_anew(self, alder):
        assert counted("q=alder") == 1
        self.show((7, "another"), alder, name="Oak", name_key="oak")

        assert (counted("q=alder"), counted("q=oak")) == (0, 1)
