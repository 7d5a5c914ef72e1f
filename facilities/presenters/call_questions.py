"""What else to ask on the phone: each question, what would answer it, and its place in a call.

A call opens with the three questions of ``caller_needs``; these follow.

The questions are ours, in plain words, after SAMHSA's five signs of quality, NIAAA's ten
questions and the five criteria. A listing answers some of them; what it leaves open is asked.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..rules.citations import Citation
from ..rules.criteria import EVIDENCE_BY_SLUG, FIVE_SIGNS, TEN_QUESTIONS
from ..rules.inconsistencies import inconsistency_questions
from ..rules.medications import ACCEPTS_EXTERNAL_PRESCRIPTION, MEDICATIONS, MedicationStatus
from ..taxonomy import VOCABULARY, ServiceSet, service_set
from ..taxonomy.groups import AGES, DETOX, DETOX_SUBSTANCES, OVERNIGHT, SEXES

NO_SERVICES = ServiceSet()
FREE_CARE = service_set("no-payment")
LIVE_IN_CARE = OVERNIGHT | service_set("residential hospital-inpatient recovery-housing")


@dataclass(frozen=True)
class CallQuestion:
    """One question. It is answered where each of ``answered_by`` is offered in part, or denied.

    ``only_if``: asked only of facilities that offer any of these. ``skip_if``: not asked of
    those that do. ``about`` names the services that its words hold as %(names)s; no names, no
    question. ``criterion`` is the slug of the one it serves, if any.
    """

    slug: str
    text: str
    citations: tuple[Citation, ...] = ()
    criterion: str = ""
    answered_by: tuple[ServiceSet, ...] = ()
    only_if: ServiceSet = NO_SERVICES
    skip_if: ServiceSet = NO_SERVICES
    subject_services: Callable[[ServiceSet, ServiceSet], Iterable[str]] | None = None

    def is_open(self, offered: ServiceSet, denied: ServiceSet) -> bool:
        if (self.only_if and not offered & self.only_if) or offered & self.skip_if:
            return False
        if self.subject_services:
            return any(self.subject_services(offered, denied))
        answered = [offered & each or each <= denied for each in self.answered_by]
        return not (answered and all(answered))

    def render(
        self, offered: ServiceSet, denied: ServiceSet, language: str
    ) -> "RenderedCallQuestion":
        slugs = self.subject_services(offered, denied) if self.subject_services else ()
        names = ", ".join(VOCABULARY[slug].label(language) for slug in slugs)
        return RenderedCallQuestion(
            self.slug, str(self.text) % {"names": names} if names else str(self.text)
        )


@dataclass(frozen=True)
class RenderedCallQuestion:
    """A question as put to one facility; the slug tells it from the others on its sheet.

    ``listing`` is what the listing says of it, where that is shown beside the question.
    """

    slug: str
    text: str
    listing: str = ""


def _to_stay_on(offered: ServiceSet, denied: ServiceSet) -> Iterator[str]:
    for medication in MEDICATIONS:
        said = medication.statuses(offered)
        is_settled = offered & (medication.allows_continuing | medication.not_allowed)
        if not is_settled and MedicationStatus.DETOX_ONLY not in said:
            yield medication.slug


def _to_start(offered: ServiceSet, denied: ServiceSet) -> Iterator[str]:
    for medication in MEDICATIONS:
        is_denied = medication.slug in denied or offered & medication.not_allowed
        if not is_denied and not offered & (medication.starts | medication.detox):
            yield medication.slug


def _in_detox_only(offered: ServiceSet, denied: ServiceSet) -> Iterator[str]:
    for medication in MEDICATIONS:
        if MedicationStatus.DETOX_ONLY in medication.statuses(offered):
            yield medication.slug


# In the order a call goes.
QUESTIONS = (
    CallQuestion(
        "people",
        _("Do you take a person of this age and sex?"),
        answered_by=(AGES, SEXES),
    ),
    CallQuestion(
        "cost",
        _("What will it cost in all? What does insurance not cover?"),
        (TEN_QUESTIONS,),
        skip_if=FREE_CARE,
    ),
    CallQuestion(
        "help-with-cost",
        _("Is there help with the cost?"),
        answered_by=(service_set("sliding-scale payment-assistance"),),
        skip_if=FREE_CARE,
    ),
    CallQuestion(
        "substances",
        _("Which drugs do you offer detox from?"),
        criterion="approach",
        only_if=DETOX,
        answered_by=(DETOX_SUBSTANCES,),
    ),
    CallQuestion(
        "which-medication",
        _("You take people whose medication comes from elsewhere. Which medications?"),
        (FIVE_SIGNS,),
        "approach",
        only_if=ACCEPTS_EXTERNAL_PRESCRIPTION,
    ),
    CallQuestion(
        "stay-on",
        _("Can I stay on my medication with you (%(names)s)?"),
        (FIVE_SIGNS,),
        "approach",
        skip_if=ACCEPTS_EXTERNAL_PRESCRIPTION,
        subject_services=_to_stay_on,
    ),
    CallQuestion(
        "start",
        _("Can I start medication with you (%(names)s)?"),
        (FIVE_SIGNS,),
        "approach",
        subject_services=_to_start,
    ),
    CallQuestion(
        "after-detox",
        _("Can I stay on medication after detox, and who prescribes it (%(names)s)?"),
        (FIVE_SIGNS,),
        "approach",
        subject_services=_in_detox_only,
    ),
    CallQuestion(
        "withdrawal-medicine",
        _("Which medicines do you use to ease withdrawal?"),
        criterion="approach",
        only_if=DETOX,
        answered_by=(
            service_set(
                "medication-in-detox lofexidine-clonidine-detox buprenorphine-detox "
                "methadone-detox comfort-medicine lofexidine clonidine"
            ),
        ),
    ),
    CallQuestion(
        "watch",
        _("Is a nurse or doctor on site 24 hours a day?"),
        criterion="staff",
        only_if=DETOX,
        answered_by=(EVIDENCE_BY_SLUG["nurses"].services,),
    ),
    CallQuestion(
        "license",
        _("Are you licensed by the state?"),
        (FIVE_SIGNS, TEN_QUESTIONS),
        "accreditation",
        answered_by=(EVIDENCE_BY_SLUG["state-license"].services,),
    ),
    CallQuestion(
        "accreditation",
        _("Which national body has accredited you?"),
        (FIVE_SIGNS,),
        "accreditation",
        answered_by=(EVIDENCE_BY_SLUG["national-accreditation"].services,),
    ),
    CallQuestion(
        "doctors",
        _("Is there a doctor or nurse trained in addiction medicine?"),
        (FIVE_SIGNS, TEN_QUESTIONS),
        "staff",
        answered_by=(EVIDENCE_BY_SLUG["addiction-staff"].services,),
    ),
    CallQuestion(
        "counselors",
        _("Are the counselors licensed?"),
        (FIVE_SIGNS, TEN_QUESTIONS),
        "staff",
        answered_by=(EVIDENCE_BY_SLUG["counselors"].services,),
    ),
    CallQuestion(
        "assessment",
        _("Is there a full exam of body and mind before care is planned?"),
        (TEN_QUESTIONS,),
        "approach",
        answered_by=(service_set("substance-assessment"), service_set("mental-health-assessment")),
    ),
    CallQuestion(
        "personal-plan",
        _("How is the plan fitted to the person, and who goes over it?"),
        (TEN_QUESTIONS,),
        "approach",
        answered_by=(service_set("individual-plan"),),
    ),
    CallQuestion(
        "therapy",
        _("Which kinds of counseling or therapy do you use?"),
        (FIVE_SIGNS, TEN_QUESTIONS),
        "approach",
        answered_by=(EVIDENCE_BY_SLUG["therapy"].services,),
    ),
    CallQuestion(
        "mental-health",
        _("Do you treat mental health at the same time?"),
        criterion="approach",
        answered_by=(
            service_set("co-occurring-treatment co-occurring-program mental-health-services"),
        ),
    ),
    CallQuestion(
        "family",
        _("How are family and friends part of care?"),
        (FIVE_SIGNS,),
        "approach",
        answered_by=(service_set("family-counseling couples-counseling family-involved"),),
    ),
    CallQuestion(
        "visits",
        _("Are visits and phone calls allowed?"),
        criterion="amenities",
        only_if=LIVE_IN_CARE,
        answered_by=(service_set("family-visits"), service_set("phones-allowed")),
    ),
    CallQuestion(
        "living",
        _("What are the rooms, the food and the free time like?"),
        criterion="amenities",
        only_if=LIVE_IN_CARE,
        answered_by=(EVIDENCE_BY_SLUG["living"].services,),
    ),
    CallQuestion(
        "rides",
        _("Can you help with rides?"),
        criterion="amenities",
        answered_by=(service_set("transport"),),
    ),
    CallQuestion(
        "after",
        _("Do you plan the care that follows, and check in later?"),
        (FIVE_SIGNS,),
        "aftercare",
        answered_by=tuple(
            EVIDENCE_BY_SLUG[slug].services
            for slug in ("aftercare", "discharge-planning", "follow-up")
        ),
    ),
    CallQuestion(
        "appointment",
        _("Is the next appointment made before a person leaves?"),
        criterion="aftercare",
        answered_by=(service_set("first-appointment-booked written-aftercare-plan"),),
    ),
    CallQuestion(
        "support",
        _("What other support is there: housing, work, peers?"),
        (FIVE_SIGNS,),
        "aftercare",
        answered_by=(
            service_set(
                "housing-services employment-help social-services peer-support recovery-coach"
            ),
        ),
    ),
    CallQuestion("return-to-use", _("What happens if a person uses again?"), criterion="approach"),
    CallQuestion(
        "naloxone",
        _("Do people get naloxone to take home?"),
        criterion="aftercare",
        answered_by=(service_set("naloxone-to-take-home"),),
    ),
    CallQuestion(
        "bring", _("What should a person bring, and what must stay at home?"), only_if=LIVE_IN_CARE
    ),
)


def open_questions(
    offered: ServiceSet, denied: ServiceSet, language: str
) -> tuple[RenderedCallQuestion, ...]:
    """Return what this listing leaves open, in the order of a call; ``language`` is the active one.

    Doubts about the listing itself come first: the answer may end the call.
    """
    questions = [
        question.render(offered, denied, language)
        for question in QUESTIONS
        if question.is_open(offered, denied)
    ]
    doubts = [
        RenderedCallQuestion(f"doubt-{number}", text)
        for number, text in enumerate(inconsistency_questions(offered, language), start=1)
    ]
    return (*doubts, *questions)
