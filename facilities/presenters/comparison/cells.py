"""What one facility answers in one row of a comparison: a mark, words for it, what to ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ...facts.provenance import ProvenanceNote, credential_source, listing_source
from ...models import Credential, Facility
from ...rules.criteria import Criterion, CriterionEvidence, CriterionStatus
from ...rules.medications import (
    ACCEPTS_EXTERNAL_PRESCRIPTION,
    STATUS_LABELS,
    Medication,
    MedicationStatus,
)
from ...taxonomy import (
    Answer,
    Service,
    ServiceSet,
    answer_for_service,
    services_that_decide_answers,
)
from ...taxonomy.groups import service_labels
from ..card import cached_by_language

MOST_LABELS = 4


class ComparisonQuestion(Enum):
    """What to ask where nobody has said."""

    OFFERS = "offers"
    HAS = "has"
    TAKES = "takes"
    SPEAKS = "speaks"


ASK_WORDS = {
    ComparisonQuestion.OFFERS: gettext_lazy("Ask: do you offer this?"),
    ComparisonQuestion.HAS: gettext_lazy("Ask: do you have this?"),
    ComparisonQuestion.TAKES: gettext_lazy("Ask: do you take this?"),
    ComparisonQuestion.SPEAKS: gettext_lazy("Ask: does somebody speak this?"),
}


class CellStatus(Enum):
    """The answers a cell can give; TEXT is a text, such as an address."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_LISTED = "not-listed"
    NOT_REPORTED = "not-reported"
    TEXT = "free-text"


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
# The first that a facility says decides the status: a refusal stands before a yes.
STATUS_OF_MEDICATION = {
    MedicationStatus.NOT_ALLOWED: CellStatus.NO,
    MedicationStatus.DETOX_ONLY: CellStatus.PARTLY,
    MedicationStatus.STARTS: CellStatus.YES,
    MedicationStatus.CONTINUES: CellStatus.YES,
    MedicationStatus.NOT_REPORTED: CellStatus.NOT_REPORTED,
}


@dataclass(frozen=True)
class ComparedFacility:
    """One of the facilities compared, with what people checked: service's slug -> day.

    ``relayed``: fact -> the note on a source of its own, where it has one.
    """

    facility: Facility
    offered: ServiceSet
    denied: ServiceSet
    checked: Mapping[str, date]
    credentials: tuple[Credential, ...] = ()
    relayed: Mapping[str, ProvenanceNote] = field(default_factory=dict)

    def checked_on(self, services: Iterable[Service]) -> date | None:
        if not self.checked:
            return None
        days = (self.checked.get(service.slug) for service in services)
        return max(filter(None, days), default=None)

    def provenance(self, services: ServiceSet) -> str:
        """Say when we checked these services, or which other list states them; else nothing."""
        if day := self.checked_on(services):
            return _checked_sentence(day)
        stated = (self.offered | self.denied) & services if self.relayed else ()
        notes = (self.relayed.get(service.fact) for service in stated)
        return " ".join(dict.fromkeys(note.words for note in notes if note))

    def fact_provenance(self, fact: str) -> str:
        note = self.relayed.get(fact)
        return note.words if note else ""


@dataclass(frozen=True)
class ComparedService:
    """One of many services that share a row, and what is said of it."""

    label: str
    status: CellStatus


@dataclass(frozen=True)
class PhoneNumber:
    number: str
    extension: str = ""


@dataclass(frozen=True)
class Cell:
    """One answer. ``checked`` is empty where the facility's own source and date hold.

    ``items`` are the answers of a row of many services; those not reported are not among them.
    """

    status: CellStatus
    words: str
    detail: str = ""
    question: str = ""
    checked: str = ""
    phones: tuple[PhoneNumber, ...] = ()
    items: tuple[ComparedService, ...] = ()

    @property
    def comparison_key(self) -> tuple:
        """What must be the same for two cells to answer alike, however they put it."""
        return self.status, self.words, frozenset(self.labels_with(CellStatus.YES))

    def labels_with(self, status: CellStatus) -> tuple[str, ...]:
        return tuple(item.label for item in self.items if item.status is status)

    @property
    def offered_labels(self) -> tuple[str, ...]:
        return self.labels_with(CellStatus.YES)

    @property
    def denied_labels(self) -> tuple[str, ...]:
        return self.labels_with(CellStatus.NO)

    @property
    def not_listed_labels(self) -> tuple[str, ...]:
        return self.labels_with(CellStatus.NOT_LISTED)


def text_cell(words: str, checked: str = "") -> Cell:
    if words:
        return Cell(CellStatus.TEXT, words, checked=checked)
    return _status_cell(CellStatus.NOT_REPORTED, None, "", "", get_language())


def phones_cell(phones: Iterable[PhoneNumber], checked: str = "") -> Cell:
    found = tuple(phones)
    return Cell(CellStatus.TEXT, "", phones=found, checked=checked) if found else text_cell("")


def service_cell(
    compared: ComparedFacility, service: Service, ask: ComparisonQuestion, language: str
) -> Cell:
    status = STATUS_OF_ANSWER[answer_for_service(service, compared.offered, compared.denied)]
    return _status_cell(status, ask, "", compared.provenance(ServiceSet.of(service)), language)


def combined_services_cell(
    compared: ComparedFacility, services: ServiceSet, ask: ComparisonQuestion, language: str
) -> Cell:
    offered = compared.offered & services_that_decide_answers(services)
    items = _service_items(services, offered, compared.denied & services, language)
    if not items:
        return _status_cell(CellStatus.NOT_REPORTED, ask, "", "", language)
    return Cell(CellStatus.TEXT, "", items=items, checked=compared.provenance(services))


@cached_by_language
def _service_items(
    services: ServiceSet, offered: ServiceSet, denied: ServiceSet, language: str
) -> tuple[ComparedService, ...]:
    statuses = {
        service: STATUS_OF_ANSWER[answer_for_service(service, offered, denied)]
        for service in services
    }
    return tuple(
        ComparedService(service.label(language), status)
        for service, status in statuses.items()
        if status is not CellStatus.NOT_REPORTED
    )


def evidence_cell(compared: ComparedFacility, evidence: CriterionEvidence, language: str) -> Cell:
    """Yes with what shows it; no only if somebody has said no to all that could."""
    offered = compared.offered & evidence.services
    status = CellStatus.NO if evidence.services <= compared.denied else CellStatus.NOT_REPORTED
    return _status_cell(
        CellStatus.YES if offered else status,
        ComparisonQuestion.HAS,
        _label_list(offered, language) if len(evidence.services) > 1 else "",
        compared.provenance(evidence.services),
        language,
    )


def criterion_cell(compared: ComparedFacility, criterion: Criterion) -> Cell:
    """Its question heads the row, so the cell says only how much is shown."""
    status = STATUS_OF_CRITERION[criterion.status(compared.offered, compared.denied)]
    shown = len(criterion.evidence_in(compared.offered))
    counts = {"found": shown, "pieces": len(criterion.evidence)}
    detail = _("%(found)s of %(pieces)s signs") % counts if shown else ""
    question = _("Ask.") if status is CellStatus.NOT_REPORTED else ""
    label = CRITERION_LABELS.get(status, CELL_STATUS_LABELS[status])
    return Cell(status, str(label), detail, question)


def medication_cell(compared: ComparedFacility, medication: Medication) -> Cell:
    answers = medication.statuses(compared.offered)
    services = medication.starts | medication.detox | medication.continues | medication.not_allowed
    status = STATUS_OF_MEDICATION[answers[0]]
    words = "; ".join(str(STATUS_LABELS[answer]) for answer in answers)
    detail, question = "", ""
    if status is CellStatus.NOT_REPORTED:
        words, detail = str(CELL_STATUS_LABELS[status]), _use_of(medication, compared)
        question = _("Ask: can people start it here, or stay on it?")
    return Cell(status, words, detail, question, compared.provenance(services))


def accepts_medication_cell(compared: ComparedFacility, language: str) -> Cell:
    """ "Accepts medication prescribed elsewhere" names no drug: a yes leaves a question."""
    if compared.offered & ACCEPTS_EXTERNAL_PRESCRIPTION:
        checked = compared.provenance(ACCEPTS_EXTERNAL_PRESCRIPTION)
        offered = _status_cell(CellStatus.YES, None, "", checked, language)
        return replace(offered, question=_("Ask: which ones?"))
    return _status_cell(CellStatus.NOT_REPORTED, ComparisonQuestion.OFFERS, "", "", language)


def credentials_cell(compared: ComparedFacility, today: date) -> Cell:
    current = [credential for credential in compared.credentials if credential.is_current(today)]
    names = (f"{credential.issuer} {credential.number}".strip() for credential in current)
    sources = dict.fromkeys(map(credential_source, current))
    return Cell(CellStatus.TEXT, "; ".join(names) or _("None"), checked=" ".join(sources))


def _use_of(medication: Medication, compared: ComparedFacility) -> str:
    if medication.slug in compared.offered:
        return _("used here, but how is not reported")
    return _("says it does not use it") if medication.slug in compared.denied else ""


@cached_by_language
def _label_list(services: ServiceSet, language: str) -> str:
    if len(services) > MOST_LABELS:
        return _("%(count)s kinds") % {"count": len(services)}
    return "; ".join(service_labels(services, language))


@cached_by_language
def _status_cell(
    status: CellStatus, ask: ComparisonQuestion | None, detail: str, checked: str, language: str
) -> Cell:
    """``ask``, if any, becomes the cell's question if nobody has reported it."""
    question = str(ASK_WORDS[ask]) if ask and status is CellStatus.NOT_REPORTED else ""
    return Cell(status, str(CELL_STATUS_LABELS[status]), detail, question, checked)


def _checked_sentence(day: date | None) -> str:
    return _("Checked by us on %(day)s.") % {"day": date_format(day)} if day else ""


def data_date_line(facility: Facility, *, is_ours: bool) -> str:
    """Say on one line how old its facts are. ``is_ours``: in our curators' area."""
    if facility.last_verified_on:
        return _("Facts checked by us on %(day)s.") % {
            "day": date_format(facility.last_verified_on)
        }
    source = listing_source(facility)
    if source is None:
        return _("Not checked by us.")
    edition = {"edition": source.edition}
    if not source.is_of_samhsa:
        words = {"source": source.title, **edition}
        return _("Facts as of %(edition)s: %(source)s. Not checked by us.") % words
    if not is_ours:
        return _("Facts as of %(edition)s. Federal list only, not checked by us.") % edition
    return _("Facts as of %(edition)s: the facility told SAMHSA. Not checked by us.") % edition
