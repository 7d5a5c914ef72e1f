"""Facilities side by side: groups of rows, one cell for each facility, and which rows differ.

The order is that of choosing: where it is and how to call, the five criteria, medications,
detox, payment, whom it serves, languages. Nothing is weighed; where nobody has said, the cell
is a question.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import partial
from itertools import chain

from django.utils.translation import gettext as _

from ...facts.registry import FACTS, Fact
from ...models import Credential, Facility, Verification
from ...rules.criteria import CRITERIA, Criterion, Evidence
from ...rules.exclusions import EXCLUSION_INPUTS, exclusions
from ...rules.freshness import SERVICE_PREFIX
from ...rules.medications import MEDICATIONS
from ...taxonomy import VOCABULARY, ServiceSet
from ..card import address
from . import cells
from .cells import OFFERS_QUESTION, TAKES_QUESTION, Cell, CellStatus, ComparedFacility
from .layout import (
    CARE,
    EXTRA_SERVICES,
    LANGUAGES,
    METHODS_ROW,
    MONITORING,
    OTHER_MEDICATIONS,
    PAYMENT,
    PEOPLE,
    PLANS,
    ServiceListRow,
)


class RowDifference(Enum):
    """What a row tells the facilities apart by; OWN is what each must have of its own."""

    DIFFERS = "differs"
    NOT_ALL_REPORT = "open"
    ALIKE = "alike"
    INHERENT = "own"


@dataclass(frozen=True)
class ComparisonRow:
    """One line: a cell for each facility, in their order. A kept row shows even where alike.

    ``is_own``: of course everybody's is another, such as an address.
    """

    title: str
    cells: tuple[Cell, ...]
    is_kept: bool = False
    is_own: bool = False

    @property
    def differs(self) -> bool:
        """Whether any cell says another thing, be it only more of the same."""
        return len({cell.said for cell in self.cells}) > 1

    @property
    def difference(self) -> RowDifference:
        """An answer that not all have given differs from nothing; two ways to yes are alike."""
        if self.is_own:
            return RowDifference.INHERENT
        told = [cell for cell in self.cells if cell.mark is not CellStatus.NOT_REPORTED]
        if len({cell.answer for cell in told}) > 1:
            return RowDifference.DIFFERS
        is_open = 0 < len(told) < len(self.cells)
        return RowDifference.NOT_ALL_REPORT if is_open else RowDifference.ALIKE

    @property
    def is_silent(self) -> bool:
        """Nobody has said anything of it."""
        return all(cell.mark is CellStatus.NOT_REPORTED for cell in self.cells)


@dataclass(frozen=True)
class ComparisonGroup:
    """Rows under one heading: those always kept first, then those that differ."""

    slug: str
    title: str
    rows: tuple[ComparisonRow, ...]

    def showing(self, *, everything: bool) -> tuple[ComparisonRow, ...]:
        """All rows, or those that differ and those always kept."""
        return tuple(row for row in self.rows if everything or row.differs or row.is_kept)


def sides(facilities: Sequence[Facility]) -> tuple[ComparedFacility, ...]:
    """The facilities with what was checked of them, in two queries however many they are."""
    checked: dict[int, dict[str, date]] = {each.pk: {} for each in facilities}
    verifications = Verification.objects.filter(
        facility__in=facilities, fact__startswith=SERVICE_PREFIX
    ).exclude(outcome=Verification.Outcome.NOT_CONFIRMED)
    for key, fact, at in verifications.order_by("checked_at", "pk").values_list(
        "facility_id", "fact", "checked_at"
    ):
        checked[key][fact.removeprefix(SERVICE_PREFIX)] = at.date()
    credentials: dict[int, list[Credential]] = {each.pk: [] for each in facilities}
    for credential in Credential.objects.filter(facility__in=facilities).order_by("issuer", "pk"):
        credentials[credential.facility_id].append(credential)
    return tuple(
        ComparedFacility(
            each, each.offered, each.denied, checked[each.pk], tuple(credentials[each.pk])
        )
        for each in facilities
    )


def comparison(
    compared: Sequence[ComparedFacility], *, language: str, today: date
) -> tuple[ComparisonGroup, ...]:
    """All groups with all their rows; ``language`` is the active one."""
    groups = chain(  # first what decides tonight, then the criteria of choosing
        [("contact", _("Location and contact"), _contact(compared))],
        [
            ("medications", _("Medications"), _medications(compared, language)),
            ("detox", _("Substances and setting"), _care(compared, language)),
            ("payment", _("Payment"), _payment(compared, language)),
        ],
        (_criterion(criterion, compared, language, today) for criterion in CRITERIA),
        [
            ("people", _("Who it serves"), _people(compared, language)),
            ("languages", _("Languages"), _lists([LANGUAGES], compared, language)),
        ],
    )
    return tuple(
        ComparisonGroup(slug, title, tuple(sorted(rows, key=_place)))
        for slug, title, rows in groups
    )


def _place(row: ComparisonRow) -> tuple[bool, int]:
    return not row.is_kept, [*RowDifference].index(row.difference)


def _row(
    title: str,
    cell: Callable[[ComparedFacility], Cell],
    compared: Iterable[ComparedFacility],
    *,
    is_kept: bool = False,
) -> ComparisonRow:
    return ComparisonRow(title, tuple(cell(side) for side in compared), is_kept)


def _own(
    title: str,
    cell: Callable[[ComparedFacility], Cell],
    compared: Iterable[ComparedFacility],
    *,
    is_kept: bool = False,
) -> ComparisonRow:
    return ComparisonRow(title, tuple(cell(side) for side in compared), is_kept, is_own=True)


def _lists(
    chosen: Iterable[ServiceListRow], compared: Sequence[ComparedFacility], language: str
) -> Iterator[ComparisonRow]:
    """Rows of many services each."""
    for each in chosen:
        found = (cells.services_cell(side, each.services, language, each.ask) for side in compared)
        yield ComparisonRow(str(each.title), tuple(found))


def _of(
    chosen: ServiceSet, compared: Sequence[ComparedFacility], language: str, ask: str
) -> Iterator[ComparisonRow]:
    """A row for each service, in the vocabulary's order; ``ask`` where nobody has said."""
    for service in chosen:
        found = tuple(cells.service_cell(side, service, ask) for side in compared)
        yield ComparisonRow(service.label(language), found)


def _contact(compared: Sequence[ComparedFacility]) -> Iterator[ComparisonRow]:
    """Address and phone always; the rest where anybody has reported it."""
    yield _own(
        _("Address"), lambda side: cells.text_cell(address(side.facility)), compared, is_kept=True
    )
    yield _own(
        _("Phone"), lambda side: cells.phones_cell(_lines(side.facility)), compared, is_kept=True
    )
    for fact in FACTS.values():
        if fact.is_compared:
            title = str(fact.short_label or fact.label)
            row = _own(title, partial(_fact_cell, fact), compared)
            if not row.is_silent:
                yield row


def _fact_cell(fact: Fact, side: ComparedFacility) -> Cell:
    value = getattr(side.facility, fact.name)
    return cells.text_cell(fact.display(value) if value else "")


def _lines(facility: Facility) -> Iterator[str]:
    """Every number as shown, with its extension."""
    own = {"number": facility.phone, "extension": facility.phone_extension}
    for line in (own, *facility.intake_phones):
        if line["number"]:
            extension = line.get("extension")
            yield f"{line['number']} {_('ext.')} {extension}" if extension else line["number"]


def _criterion(
    criterion: Criterion, compared: Sequence[ComparedFacility], language: str, today: date
) -> tuple[str, str, list[ComparisonRow]]:
    """The answer first and always, then the evidence, then hints, then what people ask."""
    question = str(criterion.question)
    rows = [
        _row(question, lambda side: cells.criterion_cell(side, criterion), compared, is_kept=True)
    ]
    for piece in criterion.evidence:
        rows.append(_evidence(str(piece.name), piece, compared, language))
    for piece in criterion.hints:
        hint = _("Only a hint: %(what)s") % {"what": piece.name}
        rows.append(_evidence(hint, piece, compared, language))
    if criterion.slug == "approach":
        rows += _lists([METHODS_ROW], compared, language)
    rows += _of(
        EXTRA_SERVICES.get(criterion.slug, ServiceSet()), compared, language, OFFERS_QUESTION
    )
    if criterion.slug == "accreditation" and any(side.credentials for side in compared):
        seen = _("Papers we have seen")
        rows.append(_row(seen, lambda side: cells.credentials_cell(side, today), compared))
    return criterion.slug, str(criterion.title), rows


def _evidence(
    title: str, piece: Evidence, compared: Sequence[ComparedFacility], language: str
) -> ComparisonRow:
    return _row(
        title[:1].upper() + title[1:],
        lambda side: cells.evidence_cell(side, piece, language),
        compared,
    )


def _medications(compared: Sequence[ComparedFacility], language: str) -> Iterator[ComparisonRow]:
    for medication in MEDICATIONS:
        title = VOCABULARY[medication.slug].label(language)
        found = tuple(cells.medication_cell(side, medication) for side in compared)
        yield ComparisonRow(title, found, is_kept=True)
    yield _row(_("Accepts medication prescribed elsewhere"), cells.accepts_cell, compared)
    yield from _of(OTHER_MEDICATIONS, compared, language, OFFERS_QUESTION)


def _care(compared: Sequence[ComparedFacility], language: str) -> Iterator[ComparisonRow]:
    yield from _lists(CARE, compared, language)
    yield from _of(MONITORING, compared, language, OFFERS_QUESTION)


def _payment(compared: Sequence[ComparedFacility], language: str) -> Iterator[ComparisonRow]:
    """The plans most people ask of each in a row, then the rest."""
    yield from _of(PLANS, compared, language, TAKES_QUESTION)
    yield from _lists(PAYMENT, compared, language)


def _people(compared: Sequence[ComparedFacility], language: str) -> Iterator[ComparisonRow]:
    nobody = _("No limits reported")
    yield _row(
        _("Turns away or limits"),
        lambda side: cells.text_cell(
            "; ".join(exclusions(side.offered & EXCLUSION_INPUTS, language)) or nobody
        ),
        compared,
    )
    refused = _row(
        _("Who cannot be admitted"),
        lambda side: cells.text_cell(side.facility.admission_exclusions),
        compared,
    )
    if not refused.is_silent:
        yield refused
    yield from _lists(PEOPLE, compared, language)
