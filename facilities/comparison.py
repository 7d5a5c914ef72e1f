"""Facilities side by side: groups of rows, one cell for each facility, and which rows differ.

The order is that of choosing: where it is and how to call, the five criteria, medications,
detox, payment, whom it serves, languages. Nothing is weighed; where nobody has said, the cell
is a question.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import chain
from operator import or_

from django.utils.translation import gettext as _

from . import cells
from .cards import READ_BY_EXCLUSIONS, SUBSTANCES, address, exclusions
from .cells import OFFER, SPEAK, TAKE, Cell, Mark, Side
from .continuity import MEDICATIONS
from .criteria import CRITERIA, Criterion, Evidence, services
from .freshness import SERVICE_PREFIX
from .hours import spoken
from .models import Credential, Facility, Verification
from .vocabulary import VOCABULARY, ServiceSet

# Beside the pieces of evidence, what people ask of each criterion.
BESIDE = {
    "approach": services(
        "cognitive-behavioral-therapy motivational-interviewing contingency-management "
        "trauma-counseling twelve-step individual-counseling group-counseling family-counseling "
        "telehealth peer-support smart-recovery individual-plan"
    ),
    "amenities": services("private-rooms family-visits wheelchair-access transport child-care"),
    "aftercare": services(
        "naloxone-education naloxone-to-take-home first-appointment-booked housing-services "
        "employment-help"
    ),
}
IN_WITHDRAWAL = services("lofexidine clonidine acamprosate disulfiram")
CARE = ServiceSet.of(*SUBSTANCES) | services(
    "residential-detox hospital-detox outpatient-detox cows day-and-night-monitoring "
    "hospital-inpatient short-term-residential long-term-residential day-treatment "
    "intensive-outpatient regular-outpatient recovery-housing"
)
PAYMENT = ServiceSet.of(*VOCABULARY.in_category("PAY"), *VOCABULARY.in_category("PYAS"))
PEOPLE = services("children young-adults adults seniors women men") | services(
    "pregnant-program veteran-program lgbtq-program co-occurring-program trauma-program "
    "justice-program older-adult-program adolescent-program"
)
LANGUAGES = ServiceSet.of(*VOCABULARY.in_category("SL"))
MORE_LANGUAGES = ServiceSet.of(*VOCABULARY.in_category("OL"))


@dataclass(frozen=True)
class Row:
    """One line: a cell for each facility, in their order. A kept row shows even where alike."""

    title: str
    cells: tuple[Cell, ...]
    is_kept: bool = False

    @property
    def differs(self) -> bool:
        return len({cell.said for cell in self.cells}) > 1

    @property
    def is_silent(self) -> bool:
        """Nobody has said anything of it."""
        return all(cell.mark is Mark.NOT_REPORTED for cell in self.cells)


@dataclass(frozen=True)
class Group:
    """Rows under one heading, those that differ first."""

    slug: str
    title: str
    rows: tuple[Row, ...]

    def showing(self, *, everything: bool) -> tuple[Row, ...]:
        """All rows, or those that differ and those always kept."""
        return tuple(row for row in self.rows if everything or row.differs or row.is_kept)


def sides(facilities: Sequence[Facility]) -> tuple[Side, ...]:
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
    for credential in Credential.objects.filter(facility__in=facilities).order_by("body", "pk"):
        credentials[credential.facility_id].append(credential)
    return tuple(
        Side(each, each.offered, each.denied, checked[each.pk], tuple(credentials[each.pk]))
        for each in facilities
    )


def comparison(compared: Sequence[Side], *, language: str, today: date) -> tuple[Group, ...]:
    """All groups with all their rows; ``language`` is the active one."""
    groups = chain(
        [("contact", _("Location and contact"), _contact(compared))],
        (_criterion(criterion, compared, language, today) for criterion in CRITERIA),
        [
            ("medications", _("Medications"), _medications(compared, language)),
            ("detox", _("Substances and setting"), _of(CARE, compared, language, OFFER)),
            ("payment", _("Payment"), _of(PAYMENT, compared, language, TAKE)),
            ("people", _("Who it serves"), _people(compared, language)),
            ("languages", _("Languages"), _languages(compared, language)),
        ],
    )
    return tuple(
        Group(slug, title, tuple(sorted(rows, key=lambda row: not row.differs)))
        for slug, title, rows in groups
    )


def _row(
    title: str, cell: Callable[[Side], Cell], compared: Iterable[Side], *, is_kept: bool = False
) -> Row:
    return Row(title, tuple(cell(side) for side in compared), is_kept)


def _of(chosen: ServiceSet, compared: Sequence[Side], language: str, ask: str) -> Iterator[Row]:
    """A row for each service, in the vocabulary's order; ``ask`` where nobody has said."""
    for service in chosen:
        found = tuple(cells.of_service(side, service, ask) for side in compared)
        yield Row(service.label(language), found)


def _contact(compared: Sequence[Side]) -> Iterator[Row]:
    """Address and phone always; the rest where anybody has reported it."""
    yield _row(
        _("Address"), lambda side: cells.text(address(side.facility)), compared, is_kept=True
    )
    yield _row(_("Phone"), lambda side: cells.phones(_lines(side.facility)), compared, is_kept=True)
    texts = {
        _("Intake line open"): lambda side: cells.text(spoken(side.facility.hours)),
        _("Website"): lambda side: cells.text(side.facility.website),
        _("Admission hours"): lambda side: cells.text(side.facility.admission_hours),
        _("What a referral needs"): lambda side: cells.text(side.facility.referral_requirements),
    }
    rows = (_row(title, cell, compared) for title, cell in texts.items())
    yield from (row for row in rows if not row.is_silent)


def _lines(facility: Facility) -> Iterator[str]:
    """Every number as shown, with its extension."""
    own = {"number": facility.phone, "extension": facility.phone_extension}
    for line in (own, *facility.intake_phones):
        if line["number"]:
            extension = line.get("extension")
            yield f"{line['number']} {_('ext.')} {extension}" if extension else line["number"]


def _criterion(
    criterion: Criterion, compared: Sequence[Side], language: str, today: date
) -> tuple[str, str, list[Row]]:
    """The answer first and always, then the evidence, then hints, then what people ask."""
    question = str(criterion.question)
    rows = [
        _row(question, lambda side: cells.of_criterion(side, criterion), compared, is_kept=True)
    ]
    for piece in criterion.evidence:
        rows.append(_evidence(str(piece.name), piece, compared, language))
    for piece in criterion.signals:
        hint = _("Only a hint: %(what)s") % {"what": piece.name}
        rows.append(_evidence(hint, piece, compared, language))
    rows += _of(BESIDE.get(criterion.slug, ServiceSet()), compared, language, OFFER)
    if criterion.slug == "accreditation" and any(side.credentials for side in compared):
        seen = _("Papers we have seen")
        rows.append(_row(seen, lambda side: cells.of_credentials(side, today), compared))
    return criterion.slug, str(criterion.title), rows


def _evidence(title: str, piece: Evidence, compared: Sequence[Side], language: str) -> Row:
    return _row(
        title[:1].upper() + title[1:],
        lambda side: cells.of_evidence(side, piece, language),
        compared,
    )


def _medications(compared: Sequence[Side], language: str) -> Iterator[Row]:
    for medication in MEDICATIONS:
        title = VOCABULARY[medication.slug].label(language)
        found = tuple(cells.of_medication(side, medication) for side in compared)
        yield Row(title, found, is_kept=True)
    yield _row(_("Accepts medication prescribed elsewhere"), cells.of_accepting, compared)
    yield from _of(IN_WITHDRAWAL, compared, language, OFFER)


def _people(compared: Sequence[Side], language: str) -> Iterator[Row]:
    nobody = _("Nobody, as far as reported")
    yield _row(
        _("Turns away or limits"),
        lambda side: cells.text(
            "; ".join(exclusions(side.offered & READ_BY_EXCLUSIONS, language)) or nobody
        ),
        compared,
    )
    refused = _row(
        _("Who cannot be admitted"), lambda side: cells.text(side.facility.not_admitted), compared
    )
    if not refused.is_silent:
        yield refused
    yield from _of(PEOPLE, compared, language, OFFER)


def _languages(compared: Sequence[Side], language: str) -> Iterator[Row]:
    spoken_there = reduce(or_, (side.offered & MORE_LANGUAGES for side in compared))
    yield from _of(LANGUAGES | spoken_there, compared, language, SPEAK)
