"""The search index of this process, kept up to date with the change log.

Each request reads the data version on its own connection first. Where it is not that of the index,
only the facilities that the log names are read, and the index that follows is published whole.
"""

import ctypes
from contextlib import suppress
from dataclasses import replace
from threading import Lock

from django.db import connection
from django.db.models import QuerySet

from ..models import Change, DataVersion, Facility, VersionStamp, changes_since, versioned_cache
from . import index_files
from .index import SearchIndex
from .segment import CHUNK, FIELDS

MOST_CHANGES = 2_000  # beside a base; with more, a new base is built
MOST_BEHIND = 20  # requests in a row


class SharedIndex:
    """The index of the newest version that this process has seen."""

    def __init__(self):
        self.published: tuple[VersionStamp, SearchIndex] | None = (
            None  # replaced whole, so read at once
        )
        self.behind = 0
        self.computation = Lock()
        versioned_cache.register_cache(self)

    def clear(self) -> None:
        self.published, self.behind = None, 0

    def current(self, *, wait: bool) -> SearchIndex | None:
        """Return the index of what this request's connection sees; None: it has to ask SQL.

        Unless told to ``wait``, None also while another thread makes the index.
        """
        # What a transaction sees may be rolled back, and its version then belongs to other data.
        if connection.in_atomic_block and not versioned_cache.KEEP_WITHIN_TRANSACTIONS:
            return None
        version = DataVersion.current()
        if index := self._published_at(version):
            return index
        if not self.computation.acquire(blocking=wait):
            return None
        try:
            return self._published_at(version) or self._renew(version)
        finally:
            self.computation.release()

    def _published_at(self, version: VersionStamp) -> SearchIndex | None:
        published = self.published  # once: another thread may replace it
        if published is None or published[0] != version:
            return None
        self.behind = 0
        return published[1]

    def _renew(self, version: VersionStamp) -> SearchIndex | None:
        """Publish the index of ``version``, read before; None if the connection lags behind."""
        if self.published is not None and version.number < self.published[0].number:
            # A replica that lags, or a restored backup, which is behind for good.
            self.behind += 1
            if self.behind < MOST_BEHIND:
                return None
        index = _updated(self.published, version) or _updated(_loaded(version), version)
        if index is not None:
            return self._publish(version, index)
        index = self._publish(version, _built(version))
        release_memory()
        return index

    def _publish(self, version: VersionStamp, index: SearchIndex) -> SearchIndex:
        index = replace(index, version=version)
        self.published, self.behind = (version, index), 0
        return index


def _updated(
    known: tuple[VersionStamp, SearchIndex] | None, version: VersionStamp
) -> SearchIndex | None:
    """Return a known index with what changed since; None where it has to be built anew."""
    if known is None:
        return None
    known_version, index = known
    if known_version == version:
        return index
    room = MOST_CHANGES - len(index.changed)
    if Change.objects.filter(revision__gt=known_version.number)[: room + 1].count() > room:
        return None
    keys = changes_since(known_version)
    if keys is None:
        return None
    listed = Facility.objects.listed().filter(pk__in=keys).values_list(*FIELDS)
    return index.with_changes(dict.fromkeys(keys) | {record[0]: record for record in listed})


def _loaded(version: VersionStamp) -> tuple[VersionStamp, SearchIndex] | None:
    """Return the newest index that files hold up to a version, with its own."""
    folder = index_files.index_parent_folder()
    kept = folder and index_files.load_segment(version, folder)
    return (kept[0], SearchIndex.of_base(kept[1])) if kept else None


def _built(version: VersionStamp) -> SearchIndex:
    """Return an index read from SQL; out of files if they keep it, so that processes share it."""
    index, folder = (
        build_index_from_sql(Facility.objects.listed()),
        index_files.index_parent_folder(),
    )
    # Rows that are newer than the version would be wrong in another database of that version.
    if folder is None or DataVersion.current() != version:
        return index
    index_files.save_segment(index.base, version, folder)
    kept = _loaded(version)
    return kept[1] if kept is not None and kept[0] == version else index


def release_memory() -> None:
    """Give the system back what building took, where the C library can (glibc).

    At a million facilities it would keep 60 MB or more for allocations that never come.
    """
    with suppress(TypeError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def build_index_from_sql(facilities: QuerySet) -> SearchIndex:
    """Build the index of ``facilities`` in one statement, which streams."""
    return SearchIndex.build(facilities.values_list(*FIELDS).iterator(chunk_size=CHUNK))
