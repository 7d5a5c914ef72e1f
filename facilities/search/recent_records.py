"""The facilities that pages showed lately, as they are in one version of the data."""

from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

from ..models import Facility
from ..models.page_records import find_listed

MOST = 300  # some 8 kB each, with what cards say in both languages


class RecentRecords:
    """Facilities by key, kept beside an index; read from SQL when they are first shown.

    The change log, which the index follows, names each facility that changes: what it does not name
    is as it was read. All requests share the records, and change none of them.
    """

    def __init__(self, kept: Mapping[int, Facility] | None = None):
        self.kept = dict(kept or {})
        self.access = Lock()

    def find(self, keys: Sequence[int]) -> dict[int, Facility]:
        """Return key -> facility, with what its card shows; without those no longer listed."""
        with self.access:
            found = {key: self.kept[key] for key in keys if key in self.kept}
        missing = [key for key in keys if key not in found]
        if missing:
            read = find_listed(missing)
            self._keep(read)
            found |= read
        return found

    def without(self, keys: Iterable[int]) -> "RecentRecords":
        """Return those of the next version, in which some facilities changed."""
        with self.access:
            kept = dict(self.kept)
        for key in keys:
            kept.pop(key, None)
        return RecentRecords(kept)

    def _keep(self, read: Mapping[int, Facility]) -> None:
        with self.access:
            self.kept |= read
            while len(self.kept) > MOST:
                del self.kept[next(iter(self.kept))]  # the one that has been here longest
