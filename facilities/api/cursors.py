"""Where an answer ended, as a text that the next request brings back."""

import hashlib
import re
import uuid
from dataclasses import dataclass

from ..models import VersionStamp
from ..search.links import query_string_with
from ..search.query import SearchQuery
from ..search.run import MatchedFacilities

DIGEST_LENGTH = 8
SEARCH_CURSOR = re.compile(r"([0-9]{1,9})\.([0-9a-f]{1,16})\.([0-9a-f]{8})", re.ASCII)
# The token is empty before the first version.
CHANGE_CURSOR = re.compile(r"([0-9]{1,18})\.([0-9a-f]{16}|)(?:\.([0-9a-f]{32}))?", re.ASCII)


class InvalidCursor(Exception):
    """A text that no answer to this question ended with."""


@dataclass(frozen=True)
class SearchCursor:
    """The last facility of an answer, and how many came before the next one.

    Between two requests listings change. Where the last facility still is in the order, the next
    answer begins after it: none of those that stayed is left out or told twice. Where it is gone,
    the number decides.
    """

    offset: int
    last_key: int

    @classmethod
    def read(cls, text: str, query: SearchQuery) -> "SearchCursor":
        """Raises InvalidCursor for a text of another search."""
        parts = SEARCH_CURSOR.fullmatch(text)
        if parts is None or parts[3] != _digest(query):
            raise InvalidCursor
        return cls(int(parts[1]), int(parts[2], 16))

    def write(self, query: SearchQuery) -> str:
        return f"{self.offset}.{self.last_key:x}.{_digest(query)}"

    def start(self, matched: MatchedFacilities) -> int:
        """Return how many of the results now stand before the next answer."""
        before = matched.first_ids(self.offset)
        if len(before) and before[-1] == self.last_key:
            return len(before)
        (places,) = (matched.ids == self.last_key).nonzero()
        return int(places[0]) + 1 if len(places) else min(self.offset, matched.total)


def _digest(query: SearchQuery) -> str:
    """Tell searches apart; one that is only carried along differently is the same."""
    text = f"{query_string_with(query)} {query.sort}"
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


@dataclass(frozen=True)
class ChangeCursor:
    """A version of the data; with ``last``, the last facility read of that version's changes."""

    version: VersionStamp
    last: uuid.UUID | None = None

    @classmethod
    def read(cls, text: str) -> "ChangeCursor":
        """Raises InvalidCursor."""
        parts = CHANGE_CURSOR.fullmatch(text)
        if parts is None:
            raise InvalidCursor
        return cls(
            VersionStamp(int(parts[1]), parts[2]), uuid.UUID(hex=parts[3]) if parts[3] else None
        )

    def __str__(self) -> str:
        text = f"{self.version.number}.{self.version.token}"
        return f"{text}.{self.last.hex}" if self.last else text
