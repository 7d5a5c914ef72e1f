"""What is kept until the data change: computed once a version, and never from rolled back rows."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest
from django.db import connection, transaction

from facilities.models import Facility, versioned_cache
from facilities.models.versioned_cache import VersionedCache

from ..support.factories import log_changes, make_facility


class Counter:
    """Counts facilities, and how often it was asked to."""

    def __init__(self):
        self.calls = 0

    def __call__(self, *arguments) -> int:
        self.calls += 1
        return Facility.objects.count()


@pytest.fixture
def counter(monkeypatch) -> Counter:
    monkeypatch.setattr(versioned_cache, "_caches", [])
    return Counter()


@pytest.mark.django_db
class TestCache:
    def test_computes_once_until_the_data_change(self, counter):
        cache = VersionedCache(counter, maxsize=1)
        make_facility()

        before = [cache(), cache()]
        make_facility()
        log_changes()

        assert (before, cache(), counter.calls) == ([1, 1], 2, 2)

    def test_keeps_results_by_arguments_and_drops_what_was_used_longest_ago(self, counter):
        cache = VersionedCache(counter, maxsize=2)

        for argument in ("a", "b", "a", "c", "a", "b"):
            cache(argument)

        assert counter.calls == 4  # a, b, c, and b again

    def test_keeps_nothing_of_an_older_version(self, counter):
        cache = VersionedCache(counter, maxsize=9)
        cache("a")
        log_changes()

        cache("b")

        assert len(cache.values) == 1

    def test_keeps_results_that_are_none(self):
        calls = []
        cache = VersionedCache(lambda: calls.append(1), maxsize=1)

        assert [cache(), cache(), len(calls)] == [None, None, 1]

    def test_is_emptied_with_all_others(self, counter):
        cache = VersionedCache(counter, maxsize=1)
        cache()

        versioned_cache.clear_all_caches()
        cache()

        assert counter.calls == 2


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    @pytest.fixture(autouse=True)
    def _as_in_production(self, monkeypatch):
        monkeypatch.setattr(versioned_cache, "KEEP_WITHIN_TRANSACTIONS", False)

    @pytest.mark.parametrize("is_bumped", [False, True])
    def test_leave_nothing_behind_when_rolled_back(self, counter, is_bumped):
        cache = VersionedCache(counter, maxsize=1)
        with transaction.atomic():
            make_facility()
            if is_bumped:
                log_changes()
            within = cache()
            transaction.set_rollback(True)
        log_changes()  # the version that was rolled back is now another's

        assert (within, cache()) == (1, 0)

    def test_read_what_is_kept(self, counter):
        cache = VersionedCache(counter, maxsize=1)
        cache()

        with transaction.atomic():
            cache()

        assert counter.calls == 1


@pytest.mark.django_db(transaction=True)
class TestThreads:
    def test_compute_a_new_version_once(self):
        calls, access, together = [], Lock(), Barrier(8)

        def compute() -> int:
            with access:
                calls.append(1)
            return Facility.objects.count()

        cache = VersionedCache(compute, maxsize=1)

        def ask(_) -> int:
            together.wait()
            try:
                return cache()
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            answers = [*pool.map(ask, range(8))]

        assert (answers, len(calls)) == ([0] * 8, 1)
