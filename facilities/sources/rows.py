"""What reading a file of facilities returns, whatever its format: rows, rejections, the origin."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from ..geo import Point
from ..taxonomy import ServiceSet

STREET, ZIP_CENTRE = "street", "zip"
ALL_FACTS = "*"  # in the sources of facts: those that have none of their own
Result = TypeVar("Result")


class UnusableFile(Exception):
    """The file cannot be used at all.

    ``faults``: a sentence for each reason, for the person who chose the file.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


class FaultCollector:
    """Gathers what makes a file unusable, so that a person learns of all of it at once."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def add(self, fault: str) -> None:
        self.faults.append(fault)

    def collect(self, read: Callable[..., Result], *args, **options) -> Result | None:
        """Return what ``read`` returns, or None and keep the faults that it raises."""
        try:
            return read(*args, **options)
        except UnusableFile as error:
            self.faults.extend(error.faults)
            return None

    def raise_any(self) -> None:
        """Raise UnusableFile if there are faults."""
        if self.faults:
            raise UnusableFile(*self.faults)


class UnusableRow(ValueError):
    """One row cannot be used. The message is the reason."""


@dataclass(frozen=True, slots=True)
class Position:
    """A point and how exact it is: ``STREET`` or ``ZIP_CENTRE``."""

    point: Point
    origin: str

    def as_json(self) -> list:
        """[latitude, longitude, origin], as ``SourceRow.position`` keeps it."""
        return [self.point.latitude, self.point.longitude, self.origin]

    @classmethod
    def from_json(cls, kept: list) -> "Position":
        latitude, longitude, origin = kept
        return cls(Point(latitude, longitude), origin)


@dataclass(frozen=True, slots=True)
class StatedCredential:
    """What a list says of one license, accreditation or certification.

    ``source`` and ``checked_on``: who saw it and when; empty where that is the list itself.
    """

    kind: str
    issuer: str
    number: str = ""
    scope: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    proof_url: str = ""
    source: str = ""
    checked_on: date | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from others of the same facility."""
        return self.kind, self.issuer, self.number


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """One usable row, cleaned. ``raw`` is the row word for word.

    ``phone`` is "205-216-0200" or empty, ``zip`` five digits, ``state`` a postal code. ``unknown``
    holds codes or names that the vocabulary lacks, ``warnings`` what else of the row was left out
    and why. ``denied``, ``more`` (the facts that SAMHSA's files never state, by name),
    ``fact_sources`` (as ``Facility.fact_sources``), ``credentials`` and ``identity`` (the
    facility's own UUID) come from local lists alone. ``is_addition`` marks a row that states one
    thing alone and may speak of a facility that another row of the file describes.
    """

    row_number: int
    name: str
    city: str
    state: str
    zip: str
    program_name: str = ""
    street: str = ""
    street2: str = ""
    phone: str = ""
    phone_extension: str = ""
    intake_phones: tuple[Mapping[str, str], ...] = ()
    website: str = ""
    position: Position | None = None
    offered: ServiceSet = field(default_factory=ServiceSet)
    denied: ServiceSet = field(default_factory=ServiceSet)
    more: Mapping[str, Any] = field(default_factory=dict)
    fact_sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    credentials: tuple[StatedCredential, ...] = ()
    identity: UUID | None = None
    unknown: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_addition: bool = False
    raw: Mapping = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not taken, its number as the file counts, and why."""

    row_number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A whole file, read. ``edition`` is a year or an ISO date; it orders the releases of a source.

    ``key_sheet`` maps a code to its category and official name (empty where names are given); of a
    local list it is how its columns are read.
    ``skipped`` counts rows of kinds that this directory does not list. ``is_whole`` is false where
    the file itself says that more of it exists.
    """

    source: str
    edition: str
    published_on: date
    file_name: str
    sha256: str
    rows: tuple[FacilityRow, ...]
    rejections: tuple[Rejection, ...] = ()
    key_sheet: Mapping[str, list[str]] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=Counter)
    is_whole: bool = True
    source_title: str = ""

    @property
    def rows_read(self) -> int:
        return len(self.rows) + len(self.rejections) + sum(self.skipped.values())
