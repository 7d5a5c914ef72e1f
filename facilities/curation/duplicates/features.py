"""The features of a record that show whether it duplicates another. No I/O."""

import re
from dataclasses import dataclass
from functools import cached_property

from ...geo import Point
from ...matching.similarity import MatchFeatures
from ...text_normalization import normalize_text

_UNIT = re.compile(
    r"\b(?:suites?|ste|units?|rooms?|rm|floors?|fl|apt|bldg|buildings?|number|no)\b\.?"
    r"\s*#?\s*([\w-]+)|#\s*([\w-]+)|\b(\d+)(?:st|nd|rd|th) floor\b"
)


@dataclass(frozen=True)
class DuplicateFeatures(MatchFeatures):
    """One record of the directory, with its suite, and whether it is listed."""

    street2: str = ""
    is_listed: bool = True

    @classmethod
    def of(
        cls,
        key: int,
        row,
        point: Point | None = None,
        *,
        is_exact: bool = False,
        is_listed: bool = True,
    ) -> "DuplicateFeatures":
        base = MatchFeatures.of(key, row, point, is_exact=is_exact)
        return cls(**vars(base), street2=normalize_text(row.street2), is_listed=is_listed)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.plain_names[1].split())

    @cached_property
    def units(self) -> frozenset[str]:
        """Suites, floors and buildings."""
        found = _UNIT.findall(f"{self.street}, {self.street2}")
        return frozenset(part for each in found for part in each if part)
