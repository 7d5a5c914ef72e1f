"""Which facilities an address names, in the person's order, each once; and the address for them.

An address names facilities by their codes, apart by commas: short enough to read out, and the
same on every installation of the same data. The person's own order is kept: it is theirs.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from ..models import Facility
from ..models.facility import CODE_LENGTH
from ..models.page_records import find_by_codes

READABLE = 50  # an address that names more is not looked up at all
_CODE = re.compile(rf"[a-z2-7]{{{CODE_LENGTH}}}")
_SHOWN = (Facility.Status.LISTED, Facility.Status.WITHDRAWN)


class CodesConverter:
    """ "abcdefgh,ijklmnop" in a path <-> a tuple of codes."""

    regex = rf"[a-zA-Z2-7]{{{CODE_LENGTH}}}(?:,[a-zA-Z2-7]{{{CODE_LENGTH}}})*"

    def to_python(self, value: str) -> tuple[str, ...]:
        return tuple(value.lower().split(","))

    def to_url(self, value: Sequence[str]) -> str:
        return ",".join(value)


@dataclass(frozen=True)
class Shortlist:
    """What an address names. ``missing`` counts what is unknown, a draft or taken down."""

    facilities: tuple[Facility, ...] = ()
    missing: int = 0
    is_readable: bool = True

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(facility.code for facility in self.facilities)


def read_shortlist(named: Sequence[str]) -> Shortlist:
    """Look up codes or uuids, in one query. A merged facility is the one it was merged into."""
    keys = [_key(name) for name in dict.fromkeys(named) if name]
    if None in keys or len(keys) > READABLE:
        return Shortlist(is_readable=False)
    if not keys:
        return Shortlist()
    codes = [key for key in keys if isinstance(key, str)]
    uuids = [key for key in keys if isinstance(key, uuid.UUID)]
    found = find_by_codes(codes)
    if uuids:
        found += Facility.objects.for_page().filter(uuid__in=uuids)
    by_key = {key: each for each in found for key in (each.code, each.uuid)}
    meant = [_current(by_key.get(key)) for key in keys]
    return Shortlist(
        facilities=tuple({each.pk: each for each in meant if each}.values()),
        missing=meant.count(None),
    )


def _key(name: str) -> str | uuid.UUID | None:
    if _CODE.fullmatch(name.lower()):
        return name.lower()
    try:
        return uuid.UUID(name)
    except ValueError:
        return None


def _current(found: Facility | None) -> Facility | None:
    if found is not None and found.merged_into_id:
        found = found.merged_into
    return found if found is not None and found.status in _SHOWN else None
