"""Facilities side by side: groups of rows, one cell for each facility, and which rows differ.

The order is that of choosing: where it is and how to call, the five criteria, medications,
detox, payment, whom it serves, languages. Nothing is weighed; where nobody has said, the cell
is a question.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property, partial
from itertools import chain

from django.utils.translation import gettext as _

from ...facts.provenance import source_notes
from ...facts.registry import FACTS, Fact
from ...geo import Point, miles_between
from ...models import Credential, Facility, Verification
from ...models.keyed_query import KeyedQuery
from ...rules.criteria import CRITERIA, Criterion, CriterionEvidence
from ...rules.exclusions import EXCLUSION_INPUTS, exclusions
from ...rules.freshness import SERVICE_PREFIX
from ...rules.medications import MEDICATIONS
from ...taxonomy import VOCABULARY, ServiceSet
from ..card import describe_address, describe_distance
from ..suspended_number_notice import suspended_number_notice
from . import cells
from .cells import Cell, CellStatus, ComparedFacility, ComparisonQuestion, PhoneNumber
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
    """What a row tells the facilities apart by."""

    DIFFERS = "differs"
    NOT_ALL_REPORT = "open"
    ALIKE = "alike"
    NOBODY_REPORTS = "silent"
    INHERENT = "own"  # of course everybody's is another, such as an address


HIDDEN_BY_DEFAULT = (RowDifference.ALIKE, RowDifference.NOBODY_REPORTS)

SERVICE_CHECKS = KeyedQuery(
    int,
    lambda keys: (
        Verification.objects.standing()
        .filter(facility__in=keys, fact__startswith=SERVICE_PREFIX)
        .exclude(outcome=Verification.Outcome.NOT_CONFIRMED)
        .only("facility", "fact", "checked_at")
        .order_by("checked_at", "pk")
    ),
)
CREDENTIALS = KeyedQuery(
    int,
    lambda keys: Credential.objects.confirmed().filter(facility__in=keys).order_by("issuer", "pk"),
)


@dataclass(frozen=True)
class ComparisonRow:
    """One line: a cell for each facility, in their order.

    ``leads_group``: stands before the other rows of its group, as a criterion before its evidence.
    """

    title: str
    cells: tuple[Cell, ...]
    leads_group: bool = False
    is_inherent: bool = False

    @cached_property
    def difference(self) -> RowDifference:
        """An answer that not all have given differs from nothing; two ways to yes are alike."""
        if self.is_inherent:
            return RowDifference.INHERENT
        reported = [cell for cell in self.cells if cell.status is not CellStatus.NOT_REPORTED]
        if not reported:
            return RowDifference.NOBODY_REPORTS
        if len({cell.comparison_key for cell in reported}) > 1:
            return RowDifference.DIFFERS
        if len(reported) < len(self.cells):
            return RowDifference.NOT_ALL_REPORT
        return RowDifference.ALIKE

    @property
    def is_reported(self) -> bool:
        return any(cell.status is not CellStatus.NOT_REPORTED for cell in self.cells)


@dataclass(frozen=True)
class ComparisonGroup:
    """Rows under one heading: the leading ones first, then those that differ."""

    slug: str
    title: str
    rows: tuple[ComparisonRow, ...]

    def visible_rows(self, *, shows_all: bool) -> tuple[ComparisonRow, ...]:
        return tuple(
            row for row in self.rows if shows_all or row.difference not in HIDDEN_BY_DEFAULT
        )


@dataclass(frozen=True)
class DistanceOrigin:
    """What distances are counted from: a point, and its name in the page's language."""

    point: Point
    name: str


def load_compared_facilities(facilities: Sequence[Facility]) -> tuple[ComparedFacility, ...]:
    """Add to facilities, as ``find_by_codes`` returns them, their checks and credentials."""
    keys = [each.pk for each in facilities]
    checked: dict[int, dict[str, date]] = {key: {} for key in keys}
    for check in SERVICE_CHECKS.objects(keys):
        service = check.fact.removeprefix(SERVICE_PREFIX)
        checked[check.facility_id][service] = check.checked_at.date()
    credentials: dict[int, list[Credential]] = {key: [] for key in keys}
    for credential in CREDENTIALS.objects([each.pk for each in facilities if each.has_credentials]):
        credentials[credential.facility_id].append(credential)
    return tuple(
        ComparedFacility(
            each,
            each.offered,
            each.denied,
            checked[each.pk],
            tuple(credentials[each.pk]),
            source_notes(each.fact_sources),
        )
        for each in facilities
    )


def compare_facilities(
    facilities: Sequence[ComparedFacility],
    *,
    language: str,
    today: date,
    origin: DistanceOrigin | None = None,
) -> tuple[ComparisonGroup, ...]:
    """Return all groups with all their rows; ``language`` is the active one.

    With an ``origin`` the first row says how far each facility is from it.
    """
    groups = chain(  # first what decides tonight, then the criteria of choosing
        [("contact", _("Location and contact"), _contact(facilities, origin))],
        [
            ("medications", _("Medications"), _medications(facilities, language)),
            ("detox", _("Substances and setting"), _care(facilities, language)),
            ("payment", _("Payment"), _payment(facilities, language)),
        ],
        (_criterion(criterion, facilities, language, today) for criterion in CRITERIA),
        [
            ("people", _("Who it serves"), _people(facilities, language)),
            ("languages", _("Languages"), _service_list_rows([LANGUAGES], facilities, language)),
        ],
    )
    return tuple(
        ComparisonGroup(slug, title, tuple(sorted(rows, key=_position_in_group)))
        for slug, title, rows in groups
    )


def _position_in_group(row: ComparisonRow) -> tuple[bool, int]:
    return not row.leads_group, [*RowDifference].index(row.difference)


def _row(
    title: str,
    cell: Callable[[ComparedFacility], Cell],
    facilities: Iterable[ComparedFacility],
    *,
    leads_group: bool = False,
    is_inherent: bool = False,
) -> ComparisonRow:
    return ComparisonRow(
        title, tuple(cell(compared) for compared in facilities), leads_group, is_inherent
    )


def _service_list_rows(
    rows: Iterable[ServiceListRow], facilities: Sequence[ComparedFacility], language: str
) -> Iterator[ComparisonRow]:
    for row in rows:
        yield _row(
            str(row.title),
            lambda compared, row=row: cells.combined_services_cell(
                compared, row.services, row.ask, language
            ),
            facilities,
        )


def _service_rows(
    services: ServiceSet,
    facilities: Sequence[ComparedFacility],
    language: str,
    ask: ComparisonQuestion,
) -> Iterator[ComparisonRow]:
    """Yield a row for each service, in the vocabulary's order; ``ask`` if nobody reports it."""
    for service in services:
        yield _row(
            service.label(language),
            lambda compared, service=service: cells.service_cell(compared, service, ask, language),
            facilities,
        )


def _contact(
    facilities: Sequence[ComparedFacility], origin: DistanceOrigin | None
) -> Iterator[ComparisonRow]:
    rows = {
        _("Address"): lambda compared: cells.text_cell(describe_address(compared.facility)),
        _("Phone"): _phone_cell,
    }
    if origin is not None:
        rows = {_("Distance"): partial(_distance_cell, origin)} | rows
    for title, cell in rows.items():
        yield _row(title, cell, facilities, leads_group=True, is_inherent=True)
    for fact in FACTS.values():
        if fact.is_compared:
            title = str(fact.short_label or fact.label)
            row = _row(title, partial(_fact_cell, fact), facilities, is_inherent=True)
            if row.is_reported:
                yield row


def _distance_cell(origin: DistanceOrigin, compared: ComparedFacility) -> Cell:
    facility = compared.facility
    if facility.point is None:
        return cells.text_cell("")
    miles = miles_between(origin.point, facility.point)
    return cells.text_cell(describe_distance(facility, miles, origin.point, origin.name))


def _fact_cell(fact: Fact, compared: ComparedFacility) -> Cell:
    value = getattr(compared.facility, fact.name)
    words = fact.display(value) if value else ""
    return cells.text_cell(words, compared.fact_provenance(fact.name))


def _phone_cell(compared: ComparedFacility) -> Cell:
    if notice := suspended_number_notice(compared.facility):
        return cells.text_cell(notice)
    return cells.phones_cell(_phone_numbers(compared.facility), compared.fact_provenance("phone"))


def _phone_numbers(facility: Facility) -> Iterator[PhoneNumber]:
    if facility.phone:
        yield PhoneNumber(facility.phone, facility.phone_extension)
    for line in facility.intake_phones:
        extension = line.get("extension", "")
        if line["number"] and (extension or line["number"] != facility.phone):
            yield PhoneNumber(line["number"], extension)


def _criterion(
    criterion: Criterion, facilities: Sequence[ComparedFacility], language: str, today: date
) -> tuple[str, str, list[ComparisonRow]]:
    """Put the answer first and always, then the evidence, then hints, then what people ask."""
    question = str(criterion.question)
    rows = [
        _row(
            question,
            lambda compared: cells.criterion_cell(compared, criterion),
            facilities,
            leads_group=True,
        )
    ]
    for evidence in criterion.evidence:
        rows.append(_evidence_row(str(evidence.name), evidence, facilities, language))
    for hint in criterion.hints:
        title = _("Related, but not proof: %(what)s") % {"what": hint.name}
        rows.append(_evidence_row(title, hint, facilities, language))
    if criterion.slug == "approach":
        rows += _service_list_rows([METHODS_ROW], facilities, language)
    rows += _service_rows(
        EXTRA_SERVICES.get(criterion.slug, ServiceSet()),
        facilities,
        language,
        ComparisonQuestion.OFFERS,
    )
    if criterion.slug == "accreditation" and any(compared.credentials for compared in facilities):
        seen = _("Licenses and accreditations")
        rows.append(
            _row(seen, lambda compared: cells.credentials_cell(compared, today), facilities)
        )
    return criterion.slug, str(criterion.title), rows


def _evidence_row(
    title: str, evidence: CriterionEvidence, facilities: Sequence[ComparedFacility], language: str
) -> ComparisonRow:
    return _row(
        title[:1].upper() + title[1:],
        lambda compared: cells.evidence_cell(compared, evidence, language),
        facilities,
    )


def _medications(facilities: Sequence[ComparedFacility], language: str) -> Iterator[ComparisonRow]:
    for medication in MEDICATIONS:
        title = VOCABULARY[medication.slug].label(language)
        yield _row(
            title,
            lambda compared, medication=medication: cells.medication_cell(compared, medication),
            facilities,
            leads_group=True,
        )
    yield _row(
        _("Accepts medication prescribed elsewhere"),
        lambda compared: cells.accepts_medication_cell(compared, language),
        facilities,
    )
    yield from _service_rows(OTHER_MEDICATIONS, facilities, language, ComparisonQuestion.OFFERS)


def _care(facilities: Sequence[ComparedFacility], language: str) -> Iterator[ComparisonRow]:
    yield from _service_list_rows(CARE, facilities, language)
    yield from _service_rows(MONITORING, facilities, language, ComparisonQuestion.OFFERS)


def _payment(facilities: Sequence[ComparedFacility], language: str) -> Iterator[ComparisonRow]:
    yield from _service_rows(PLANS, facilities, language, ComparisonQuestion.TAKES)
    yield from _service_list_rows(PAYMENT, facilities, language)


def _people(facilities: Sequence[ComparedFacility], language: str) -> Iterator[ComparisonRow]:
    nobody = _("No limits reported")
    yield _row(
        _("Turns away or limits"),
        lambda compared: cells.text_cell(
            "; ".join(exclusions(compared.offered & EXCLUSION_INPUTS, language)) or nobody
        ),
        facilities,
    )
    refused = _row(
        _("Who cannot be admitted"),
        lambda compared: cells.text_cell(compared.facility.admission_exclusions),
        facilities,
    )
    if refused.is_reported:
        yield refused
    yield from _service_list_rows(PEOPLE, facilities, language)
