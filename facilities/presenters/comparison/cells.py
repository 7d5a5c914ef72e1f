"""What one facility answers in one row of a comparison: a mark, words for it, what to ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...models import Credential, Facility
from ...rules.criteria import Criterion, CriterionStatus, Evidence
from ...rules.medications import (
    ACCEPTS_EXTERNAL_PRESCRIPTION,
    STATUS_LABELS,
    Medication,
    MedicationStatus,
)
from ...taxonomy import Answer, Service, ServiceSet, answer
from ...taxonomy.groups import labels

MOST_NAMED = 4
OFFERS_QUESTION = gettext_lazy("Ask: do you offer this?")
HAS_QUESTION = gettext_lazy("Ask: do you have this?")
TAKES_QUESTION = gettext_lazy("Ask: do you take this?")
SPEAKS_QUESTION = gettext_lazy("Ask: does somebody speak this?")


class CellStatus(Enum):
    """The answers a cell can give; SAID is a text, such as an address."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_LISTED = "not-listed"
    NOT_REPORTED = "not-reported"
    TEXT = "said"


CELL_STATUS_LABELS = {
    CellStatus.YES: gettext_lazy("Yes"),
    CellStatus.PARTLY: gettext_lazy("Partly"),
    CellStatus.NO: gettext_lazy("No"),
    CellStatus.NOT_LISTED: gettext_lazy("Not listed"),
    CellStatus.NOT_REPORTED: gettext_lazy("Not reported"),
}
CRITERION_LABELS = {
    CellStatus.YES: gettext_lazy("Shown"),
    CellStatus.PARTLY: gettext_lazy("Partly shown"),
}
STATUS_OF_ANSWER = {
    Answer.YES: CellStatus.YES,
    Answer.NO: CellStatus.NO,
    Answer.NOT_LISTED: CellStatus.NOT_LISTED,
    Answer.NOT_REPORTED: CellStatus.NOT_REPORTED,
}
STATUS_OF_CRITERION = {
    CriterionStatus.SHOWN: CellStatus.YES,
    CriterionStatus.PARTLY: CellStatus.PARTLY,
    CriterionStatus.NOT_REPORTED: CellStatus.NOT_REPORTED,
    CriterionStatus.ABSENT: CellStatus.NO,
}
# The first that a facility says decides the mark: a refusal stands before a yes.
STATUS_OF_MEDICATION = {
    MedicationStatus.NOT_ALLOWED: CellStatus.NO,
    MedicationStatus.DETOX_ONLY: CellStatus.PARTLY,
    MedicationStatus.STARTS: CellStatus.YES,
    MedicationStatus.CONTINUES: CellStatus.YES,
    MedicationStatus.NOT_REPORTED: CellStatus.NOT_REPORTED,
}


@dataclass(frozen=True)
class ComparedFacility:
    """One of the facilities compared, with what people checked: service's slug -> day."""

    facility: Facility
    offered: ServiceSet
    denied: ServiceSet
    checked: Mapping[str, date]
    credentials: tuple[Credential, ...] = ()

    def checked_on(self, services: Iterable[Service]) -> date | None:
        """The last day on which one of these was checked."""
        days = (self.checked.get(service.slug) for service in services)
        return max(filter(None, days), default=None)


@dataclass(frozen=True)
class ComparedService:
    """One of many services that share a row, and what is said of it."""

    label: str
    mark: CellStatus


@dataclass(frozen=True)
class Cell:
    """One answer. ``checked`` is empty where the facility's own source and date hold.

    ``items`` are the answers of a row of many services; those not reported are not among them.
    """

    mark: CellStatus
    words: str
    detail: str = ""
    question: str = ""
    checked: str = ""
    phones: tuple[str, ...] = ()
    items: tuple[ComparedService, ...] = ()

    @property
    def said(self) -> tuple:
        """What must be the same for two cells not to differ."""
        return self.mark, self.words, self.detail, self.phones, self.items

    @property
    def answer(self) -> tuple:
        """What must be the same for two cells to answer alike, however they put it."""
        return self.mark, self.words, frozenset(self.named(CellStatus.YES))

    def named(self, mark: CellStatus) -> tuple[str, ...]:
        """The labels of the services of which this is said."""
        return tuple(item.label for item in self.items if item.mark is mark)

    @property
    def offered(self) -> tuple[str, ...]:
        return self.named(CellStatus.YES)

    @property
    def refused(self) -> tuple[str, ...]:
        return self.named(CellStatus.NO)

    @property
    def not_listed(self) -> tuple[str, ...]:
        return self.named(CellStatus.NOT_LISTED)


def text_cell(words: str) -> Cell:
    """A text as it stands; where there is none, nobody has reported it."""
    return Cell(CellStatus.TEXT, words) if words else _marked(CellStatus.NOT_REPORTED)


def phones_cell(numbers: Iterable[str]) -> Cell:
    found = tuple(filter(None, numbers))
    return Cell(CellStatus.TEXT, "", phones=found) if found else _marked(CellStatus.NOT_REPORTED)


def service_cell(side: ComparedFacility, service: Service, ask: str) -> Cell:
    mark = STATUS_OF_ANSWER[answer(service, side.offered, side.denied)]
    return _marked(mark, ask=ask, checked=side.checked_on([service]))


def services_cell(side: ComparedFacility, chosen: ServiceSet, language: str, ask: str) -> Cell:
    """Many services in one cell: what is offered, refused, not listed; a question if nothing is."""
    marks = {each: STATUS_OF_ANSWER[answer(each, side.offered, side.denied)] for each in chosen}
    items = tuple(
        ComparedService(each.label(language), mark)
        for each, mark in marks.items()
        if mark is not CellStatus.NOT_REPORTED
    )
    if not items:
        return _marked(CellStatus.NOT_REPORTED, ask=ask)
    return Cell(CellStatus.TEXT, "", items=items, checked=_checked(side.checked_on(chosen)))


def evidence_cell(side: ComparedFacility, piece: Evidence, language: str) -> Cell:
    """Yes with what shows it; no only where somebody has said no to all that could."""
    found = side.offered & piece.services
    mark = CellStatus.NO if piece.services <= side.denied else CellStatus.NOT_REPORTED
    return _marked(
        CellStatus.YES if found else mark,
        detail=_named(found, language) if len(piece.services) > 1 else "",
        ask=HAS_QUESTION,
        checked=side.checked_on(piece.services),
    )


def criterion_cell(side: ComparedFacility, criterion: Criterion) -> Cell:
    mark = STATUS_OF_CRITERION[criterion.status(side.offered, side.denied)]
    found = len(criterion.evidence_in(side.offered))
    counts = {"found": found, "pieces": len(criterion.evidence)}
    detail = _("%(found)s of %(pieces)s signs") % counts if found else ""
    question = str(criterion.question) if mark is CellStatus.NOT_REPORTED else ""
    return Cell(mark, str(CRITERION_LABELS.get(mark, CELL_STATUS_LABELS[mark])), detail, question)


def medication_cell(side: ComparedFacility, medication: Medication) -> Cell:
    """Whether the medication is started, continued or not allowed, and by whose word."""
    said = medication.statuses(side.offered)
    read = medication.starts | medication.detox | medication.continues | medication.not_allowed
    mark = STATUS_OF_MEDICATION[said[0]]
    words = "; ".join(str(STATUS_LABELS[each]) for each in said)
    detail, question = "", ""
    if mark is CellStatus.NOT_REPORTED:
        words, detail = str(CELL_STATUS_LABELS[mark]), _use_of(medication, side)
        question = _("Ask: can people start it here, or stay on it?")
    return Cell(mark, words, detail, question, _checked(side.checked_on(read)))


def accepts_cell(side: ComparedFacility) -> Cell:
    """ "Accepts medication prescribed elsewhere" names no drug: a yes leaves a question."""
    if side.offered & ACCEPTS_EXTERNAL_PRESCRIPTION:
        which = _("Ask: which ones?")
        return _marked(
            CellStatus.YES, question=which, checked=side.checked_on(ACCEPTS_EXTERNAL_PRESCRIPTION)
        )
    return _marked(CellStatus.NOT_REPORTED, ask=OFFERS_QUESTION)


def credentials_cell(side: ComparedFacility, today: date) -> Cell:
    """Licenses and accreditations whose papers we saw and that have not run out."""
    current = [each for each in side.credentials if each.is_current(today)]
    seen = max((each.checked_on for each in current), default=None)
    named = (f"{each.issuer} {each.number}".strip() for each in current)
    return Cell(CellStatus.TEXT, "; ".join(named) or _("None"), checked=_checked(seen))


def _use_of(medication: Medication, side: ComparedFacility) -> str:
    if medication.slug in side.offered:
        return _("used here, but how is not reported")
    return _("says it does not use it") if medication.slug in side.denied else ""


def _named(services: ServiceSet, language: str) -> str:
    if len(services) > MOST_NAMED:
        return _("%(count)s kinds") % {"count": len(services)}
    return "; ".join(labels(services, language))


def _marked(
    mark: CellStatus, *, detail="", ask="", question="", checked: date | None = None
) -> Cell:
    """A cell in its mark's plain words; ``ask`` becomes its question where nobody has said."""
    if mark is CellStatus.NOT_REPORTED:
        question = str(ask)
    return Cell(mark, str(CELL_STATUS_LABELS[mark]), detail, question, _checked(checked))


def _checked(day: date | None) -> str:
    return _("Checked by us on %(day)s.") % {"day": date_format(day)} if day else ""


def data_date_line(facility: Facility, *, is_ours: bool) -> str:
    """How old its facts are, on one line of paper. ``is_ours``: in our curators' area."""
    if facility.last_verified_on:
        return _("Facts checked by us on %(day)s.") % {
            "day": date_format(facility.last_verified_on)
        }
    if facility.source_release is None:
        return _("Not checked by us.")
    edition = {"edition": facility.source_release.edition}
    if not is_ours:
        return _("Facts as of %(edition)s. Federal list only, not checked by us.") % edition
    return _("Facts as of %(edition)s: the facility told SAMHSA. Not checked by us.") % edition
