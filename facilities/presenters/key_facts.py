"""The five facts that decide whether to call a facility: what stands beside its number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..facts.provenance import ProvenanceNote, listing_provenance
from ..models import Facility
from ..rules.medications import ACCEPTS_EXTERNAL_PRESCRIPTION, MEDICATIONS, Medication
from ..taxonomy import VOCABULARY, Answer, ServiceSet, answer_for_service
from ..taxonomy.groups import AGES, DETOX, NO_MEDICATION, SEXES
from ..taxonomy.service_set import union_of_services
from .card import (
    KIND_INPUTS,
    PAYMENT_INPUTS,
    PEOPLE_INPUTS,
    TREATMENT_INPUTS,
    describe_detox,
    describe_kind,
    describe_last_check,
    describe_medication_use,
    describe_medications,
    describe_payment,
    describe_people,
)

REFUSED = union_of_services(medication.not_allowed for medication in MEDICATIONS)
GIVEN = TREATMENT_INPUTS - NO_MEDICATION - ACCEPTS_EXTERNAL_PRESCRIPTION - REFUSED


@dataclass(frozen=True)
class KeyFact:
    """One fact. ``answer`` is YES, NO or NOT_REPORTED; ``words`` say the rest, if anything.

    ``checked`` is None where the source and date of the whole listing hold.
    """

    slug: str
    label: str | Promise
    answer: Answer
    words: str
    checked: ProvenanceNote | None = None

    @property
    def is_question(self) -> bool:
        """Whether it answers a question with yes or no: "Detox?", not "Which kind?"."""
        return self.slug in ("detox", "medication")


def key_facts(
    facility: Facility, checks: Mapping[str, ProvenanceNote], language: str
) -> Iterator[KeyFact]:
    """Yield the facts in the order in which people choose; ``language`` is the active one."""
    offered, denied = facility.offered, facility.denied
    has_kind, has_payment = offered & KIND_INPUTS, offered & PAYMENT_INPUTS
    people = describe_people(offered & PEOPLE_INPUTS, language)
    drugs, drug_words = _medication(offered, denied, language)
    found = (
        ("kind", gettext_lazy("Kind of place"), _reported(has_kind),
         describe_kind(has_kind, language), KIND_INPUTS),
        ("people", gettext_lazy("Takes"), _reported(people), people, SEXES | AGES),
        ("detox", gettext_lazy("Detox"), *_detox(offered, denied, language), DETOX),
        ("medication", gettext_lazy("Medication"), drugs, drug_words, TREATMENT_INPUTS),
        ("payment", gettext_lazy("Payment"), _reported(has_payment),
         describe_payment(has_payment, language), PAYMENT_INPUTS),
    )  # fmt: skip
    for slug, label, given, words, services in found:
        said = "" if given is Answer.NOT_REPORTED else words
        yield KeyFact(slug, label, given, said, _provenance((offered | denied) & services, checks))


def dated_source(facility: Facility, *, is_ours: bool) -> str:
    check = describe_last_check(facility.last_verified_on, is_ours=is_ours)
    return f"{listing_provenance(facility)} {check}".strip()


def _reported(words: object) -> Answer:
    return Answer.YES if words else Answer.NOT_REPORTED


def _detox(offered: ServiceSet, denied: ServiceSet, language: str) -> tuple[Answer, str]:
    if offered & DETOX:
        return Answer.YES, describe_detox(offered & DETOX, language)
    if answer_for_service(VOCABULARY["detox"], offered, denied) is Answer.NO:
        return Answer.NO, _("says it offers none")
    return Answer.NOT_REPORTED, ""


def _medication(offered: ServiceSet, denied: ServiceSet, language: str) -> tuple[Answer, str]:
    """A refusal of every medication is a no; a refusal of one stands in the words of a yes."""
    words = describe_medication_use(offered & TREATMENT_INPUTS, language)
    if offered & GIVEN:
        return Answer.YES, words
    if offered & NO_MEDICATION:
        none = describe_medications(NO_MEDICATION, language)
        return Answer.NO, f"{none}; {words}" if offered & ACCEPTS_EXTERNAL_PRESCRIPTION else none
    if offered & ACCEPTS_EXTERNAL_PRESCRIPTION:
        return Answer.YES, words
    if all(_is_refused(medication, offered, denied) for medication in MEDICATIONS):
        return Answer.NO, words if offered & REFUSED else _("says it gives none")
    return Answer.NOT_REPORTED, ""


def _is_refused(medication: Medication, offered: ServiceSet, denied: ServiceSet) -> bool:
    return medication.slug in denied or bool(offered & medication.not_allowed)


def _provenance(
    services: ServiceSet, checks: Mapping[str, ProvenanceNote]
) -> ProvenanceNote | None:
    """Return the oldest check if each of the services was checked; else say "in part".

    What the facility disputes comes first. ``checks`` are in the order of their days.
    """
    facts = {service.fact for service in services}
    found = [provenance for fact, provenance in checks.items() if fact in facts]
    if disputed := [each for each in found if each.is_disputed]:
        words = disputed[0].words
        if len(facts) > 1:
            words = _("In part: %(check)s") % {"check": words}
        return ProvenanceNote(words, is_warning=True, is_disputed=True)
    if not found or len(found) == len(facts):
        return found[0] if found else None
    newest = found[-1]
    return ProvenanceNote(_("In part: %(check)s") % {"check": newest.words}, newest.grade)
