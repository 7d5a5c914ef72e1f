"""The change log as readers use it: what changed since a version that they know, or None."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from facilities.models import (
    Change,
    DataVersion,
    Facility,
    Revision,
    VersionStamp,
    changes_since,
)
from facilities.resolution.change_log import recording_changes

from ..support.factories import make_facility

MOMENT = 0.3  # seconds in which somebody would be noticed who does not wait


def change(facility: Facility) -> VersionStamp:
    with recording_changes() as log:
        log.note_fields(facility, ["name"])
    return DataVersion.current()


@pytest.mark.django_db
class TestChangesSince:
    def test_a_version_are_the_facilities_of_later_ones(self, django_assert_num_queries):
        alder, birch = make_facility(), make_facility()
        first, second, third = change(alder), change(birch), change(birch)

        with django_assert_num_queries(2):
            assert changes_since(first) == {birch.pk}
        assert changes_since(second) == {birch.pk}
        with django_assert_num_queries(1):
            assert changes_since(third) == set()

    def test_include_those_that_are_gone(self):
        alder, birch = make_facility(), make_facility()
        known = change(birch)
        with recording_changes() as log:
            log.note(alder.uuid, before="listed", after=None)
        key = alder.pk
        alder.delete()

        assert changes_since(known) == {key}

    @pytest.mark.parametrize("number", [0, 1, 2, 3])
    @pytest.mark.parametrize("token", ["", "0123456789abcdef"])
    def test_a_version_of_other_data_are_unknown(self, number, token):
        change(make_facility())
        change(make_facility())

        assert changes_since(VersionStamp(number, token)) is None

    def test_a_version_are_unknown_where_the_log_has_a_gap(self):
        known = change(make_facility())
        change(make_facility())
        newest = change(make_facility())
        Change.objects.filter(revision=known.number + 1).delete()
        Revision.objects.filter(number=known.number + 1).delete()

        assert (changes_since(known), changes_since(newest)) == (None, set())

    def test_are_unknown_where_an_older_program_counted_on(self):
        known = change(make_facility())
        DataVersion.objects.update(number=known.number + 1)  # with the token as it was

        assert changes_since(known) is None
        assert changes_since(DataVersion.current()) is None

    def test_a_version_of_a_backup_go_on_and_those_after_it_are_unknown(self, tmp_path):
        backed_up = change(make_facility())
        call_command("backup", tmp_path / "site.zip", stdout=StringIO())
        lost = change(make_facility())

        call_command("restore", tmp_path / "site.zip", replace=True, stdout=StringIO())

        assert changes_since(lost) is None
        assert changes_since(backed_up) is None  # its successor's number was given twice
        assert changes_since(DataVersion.current()) == set()


def in_thread(work):
    """Run in a thread with a connection of its own, which is closed at the end."""

    def run():
        try:
            return work()
        finally:
            connection.close()

    return run


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_become_visible_in_the_order_of_numbers(self):
        """One that began first and takes long holds up the next: no number overtakes another."""
        alder, birch = make_facility(), make_facility()
        known = change(alder)
        slow_wrote, slow_may_end, quick_wrote = (threading.Event() for _ in range(3))

        def slow():
            with recording_changes() as log:
                log.note_fields(alder, ["name"])
                slow_wrote.set()
                assert slow_may_end.wait(20)

        def quick():
            assert slow_wrote.wait(20)
            with recording_changes() as log:
                quick_wrote.set()
                log.note_fields(birch, ["name"])

        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(in_thread(work)) for work in (slow, quick)]
            assert slow_wrote.wait(20)
            has_overtaken = quick_wrote.wait(MOMENT)
            meanwhile = DataVersion.current(), changes_since(known)
            slow_may_end.set()
            for each in running:
                each.result(20)

        assert (has_overtaken, meanwhile) == (False, (known, set()))
        assert DataVersion.current().number == known.number + 2
        assert changes_since(known) == {alder.pk, birch.pk}
        order = Change.objects.filter(revision__gt=known.number).order_by("revision")
        assert [each.facility_uuid for each in order] == [alder.uuid, birch.uuid]

    def test_that_are_rolled_back_give_no_version_to_keep(self):
        alder, birch = make_facility(), make_facility()
        known = change(alder)
        with transaction.atomic():
            seen_within = change(alder)
            transaction.set_rollback(True)

        newest = change(birch)

        assert newest.number == seen_within.number
        assert newest != seen_within
        assert (changes_since(seen_within), changes_since(known)) == (None, {birch.pk})

    def test_of_many_writers_miss_no_change_for_a_reader_who_follows(self):
        facilities = [make_facility() for _ in range(12)]
        known = change(facilities[0])
        followed: set[int] = set()
        is_over = threading.Event()

        def follow():
            version = known
            while True:
                is_last = is_over.is_set()
                newest = DataVersion.current()
                followed.update(changes_since(version))
                version = newest
                if is_last:
                    return

        with ThreadPoolExecutor(5) as pool:
            reader = pool.submit(in_thread(follow))
            writers = [
                pool.submit(in_thread(lambda each=each: change(each))) for each in facilities
            ]
            for each in writers:
                each.result(60)
            is_over.set()
            reader.result(60)

        assert followed == {facility.pk for facility in facilities}
        assert DataVersion.current().number == known.number + len(facilities)
