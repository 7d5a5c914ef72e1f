"""The files of the search index spare building it; whatever befalls them, answers stay right."""

import os
import resource
from contextlib import contextmanager
from pathlib import Path

import pytest

from facilities.models import DataVersion, Facility, Revision, versioned_cache
from facilities.resolution.change_log import recording_changes
from facilities.search import index_files
from facilities.search.candidates import all_candidates
from facilities.search.index_files import load_segment, save_segment

from ..support.factories import make_facility

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.SEARCH_INDEX_DIR = str(tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture(autouse=True)
def facilities() -> list[Facility]:
    with recording_changes() as log:
        made = [make_facility(name=f"House {number}") for number in range(3)]
        for facility in made:
            log.note(facility.uuid, before=None, after="listed")
    return made


def ids_in_another_process() -> set[int]:
    """What a process finds that has no index yet."""
    versioned_cache.clear_all_caches()
    candidates = all_candidates()
    return set(candidates.ids(candidates.slots(candidates.inside)).tolist())


def listed() -> set[int]:
    return set(Facility.objects.listed().values_list("pk", flat=True))


def hide(facility: Facility) -> None:
    with recording_changes() as log:
        Facility.objects.filter(pk=facility.pk).update(status="hidden")
        log.note(facility.uuid, before="listed", after="hidden")


def only_version(folder: Path) -> Path:
    (version,) = folder.iterdir()
    return version


@contextmanager
def files_limited_to(size: int):
    """A write beyond fails, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class TestFiles:
    def test_spare_the_next_process_all_rows(self, django_assert_num_queries):
        assert ids_in_another_process() == listed()

        with django_assert_num_queries(1):  # the version
            assert len(ids_in_another_process()) == 3

    def test_of_an_older_version_are_brought_up_to_date(self, folder, facilities):
        ids_in_another_process()
        before = only_version(folder)
        hide(facilities[0])

        assert ids_in_another_process() == listed() == {each.pk for each in facilities[1:]}
        assert only_version(folder) == before

    def test_are_replaced_when_too_much_changed(self, folder, facilities, monkeypatch):
        monkeypatch.setattr("facilities.search.shared_index.MOST_CHANGES", 0)
        ids_in_another_process()
        before = only_version(folder)
        hide(facilities[0])

        assert ids_in_another_process() == listed()
        assert only_version(folder) != before

    def test_are_none_where_no_folder_is_set(self, settings, folder):
        settings.SEARCH_INDEX_DIR = ""

        assert ids_in_another_process() == listed()
        assert not folder.exists()


class TestFault:
    @pytest.mark.parametrize("name", ["ids.npy", "bits.npy", "name_table.words.npy"])
    @pytest.mark.parametrize("share", [0, 0.5])
    def test_truncated_file(self, folder, facilities, name, share):
        ids_in_another_process()
        path = only_version(folder) / name
        whole = path.stat().st_size
        os.truncate(path, int(whole * share))

        assert ids_in_another_process() == listed()
        assert path.stat().st_size == whole

    def test_missing_file(self, folder):
        ids_in_another_process()
        (only_version(folder) / "ids.npy").unlink()

        assert ids_in_another_process() == listed()

    def test_full_disk(self, folder):
        with files_limited_to(1_000):
            assert ids_in_another_process() == listed()
        assert list(folder.iterdir()) == []

        assert ids_in_another_process() == listed()
        assert only_version(folder)

    def test_folder_that_cannot_be_written(self, settings, folder):
        folder.write_text("a file in its place")

        assert ids_in_another_process() == listed()

    def test_crash_while_writing(self, folder):
        ids_in_another_process()
        version = only_version(folder)
        abandoned = version.rename(folder / f"{index_files.UNFINISHED}abandoned")
        (abandoned / "scores.npy").unlink()
        os.utime(abandoned, (0, 0))

        assert ids_in_another_process() == listed()
        assert only_version(folder) == version

    def test_second_writer_of_the_same_version(self, folder, facilities):
        ids_in_another_process()
        version = DataVersion.current()
        _version, segment = load_segment(version, folder)
        save_segment(segment, version, folder)

        assert only_version(folder)
        assert ids_in_another_process() == listed()


class TestOtherData:
    def test_of_other_filters_are_not_read(self, folder, monkeypatch):
        ids_in_another_process()
        before = only_version(folder)
        monkeypatch.setattr(index_files, "FORMAT", index_files.FORMAT + 1)
        index_files.index_fingerprint.cache_clear()

        assert ids_in_another_process() == listed()
        assert {before} < {*folder.iterdir()}
        index_files.index_fingerprint.cache_clear()

    def test_of_a_restored_backup_are_not_those_of_the_same_number(self, facilities):
        ids_in_another_process()
        Facility.objects.filter(pk=facilities[0].pk).update(status="hidden")
        DataVersion.objects.update(token="another")
        Revision.objects.update(token="another")

        assert ids_in_another_process() == listed() == {each.pk for each in facilities[1:]}

    def test_of_a_later_version_are_not_read(self, folder, facilities):
        hide(facilities[0])
        ids_in_another_process()
        version = DataVersion.current()
        Facility.objects.filter(pk=facilities[0].pk).update(status="listed")
        Revision.objects.filter(number=version.number).delete()
        older = Revision.objects.get(number=version.number - 1)
        DataVersion.objects.update(number=older.number, token=older.token)

        assert ids_in_another_process() == listed() == {each.pk for each in facilities}
