"""The search index of this process, kept up to date with the change log.

Each request reads the data version on its own connection first. Where it is not that of the index,
only the facilities that the log names are read, and the index that follows is published whole.
"""

from threading import Lock

from django.db import connection
from django.db.models import QuerySet

from ..models import Change, DataVersion, Facility, Version, changes_since, versioned_cache
from .index import SearchIndex
from .segment import CHUNK, FIELDS

MOST_CHANGES = 2_000  # beside a base; with more, a new base is built
MOST_BEHIND = 20  # requests in a row


class SharedIndex:
    """The index of the newest version that this process has seen."""

    def __init__(self):
        self.published: tuple[Version, SearchIndex] | None = None  # replaced whole, so read at once
        self.behind = 0
        self.computation = Lock()
        versioned_cache.register(self)

    def clear(self) -> None:
        self.published, self.behind = None, 0

    def current(self, *, wait: bool) -> SearchIndex | None:
        """Return the index of what this request's connection sees; None: it has to ask SQL.

        Unless told to `wait`, None also while another thread makes the index.
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

    def _published_at(self, version: Version) -> SearchIndex | None:
        if self.published is None or self.published[0] != version:
            return None
        self.behind = 0
        return self.published[1]

    def _renew(self, version: Version) -> SearchIndex | None:
        """Publish the index of `version`, read before; None if the connection lags behind."""
        if self.published is not None:
            known, index = self.published
            if version.number < known.number:
                # A replica that lags, or a restored backup, which is behind for good.
                self.behind += 1
                if self.behind < MOST_BEHIND:
                    return None
            elif (changed := _changes(known, index)) is not None:
                return self._publish(version, index.with_changes(changed))
        return self._publish(version, read_index(Facility.objects.listed()))

    def _publish(self, version: Version, index: SearchIndex) -> SearchIndex:
        self.published, self.behind = (version, index), 0
        return index


def _changes(known: Version, index: SearchIndex) -> dict[int, tuple | None] | None:
    """Return key -> record of what changed since a version; None where the index is built anew."""
    room = MOST_CHANGES - len(index.changed)
    if Change.objects.filter(revision__gt=known.number)[: room + 1].count() > room:
        return None
    keys = changes_since(known)
    if keys is None:
        return None
    listed = Facility.objects.listed().filter(pk__in=keys).values_list(*FIELDS)
    return dict.fromkeys(keys) | {record[0]: record for record in listed}


def read_index(facilities: QuerySet) -> SearchIndex:
    """Build the index of `facilities` in one statement, which streams."""
    return SearchIndex.build(facilities.values_list(*FIELDS).iterator(chunk_size=CHUNK))
