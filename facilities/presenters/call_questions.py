"""What to ask on the phone: every question, what would answer it, and its place in a call.

The questions are ours, in plain words, after SAMHSA's five signs of quality, NIAAA's ten
questions and the five criteria. A listing answers some of them; what it leaves open is asked.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..rules.citations import Citation
from ..rules.criteria import CRITERIA, FIVE_SIGNS, TEN_QUESTIONS
from ..rules.inconsistencies import AGES, doubts
from ..rules.medications import ACCEPTS, MEDICATIONS, Continuity
from ..taxonomy import VOCABULARY, ServiceSet, service_set
from ..taxonomy.groups import DETOX, OVERNIGHT, PAYMENTS, SUBSTANCES

NOTHING = ServiceSet()
FREE = service_set("no-payment")
STAYS = OVERNIGHT | service_set("residential hospital-inpatient recovery-housing")
PIECES = {criterion.slug: criterion.evidence for criterion in CRITERIA}


@dataclass(frozen=True)
class Question:
    """One question. It is answered where each of ``answered_by`` is offered in part, or denied.

    ``only_with``: asked only of facilities that offer any of these. ``spared_by``: not asked of
    those that do. ``about`` names the services that its words hold as %(names)s; no names, no
    question. ``criterion`` is the slug of the one it serves, if any.
    """

    slug: str
    words: str
    citations: tuple[Citation, ...] = ()
    criterion: str = ""
    answered_by: tuple[ServiceSet, ...] = ()
    only_with: ServiceSet = NOTHING
    spared_by: ServiceSet = NOTHING
    about: Callable[[ServiceSet, ServiceSet], Iterable[str]] | None = None

    def is_open(self, offered: ServiceSet, denied: ServiceSet) -> bool:
        if (self.only_with and not offered & self.only_with) or offered & self.spared_by:
            return False
        if self.about:
            return any(self.about(offered, denied))
        answered = [offered & each or each <= denied for each in self.answered_by]
        return not (answered and all(answered))

    def asked(self, offered: ServiceSet, denied: ServiceSet, language: str) -> "Asked":
        """The question in words, in the active language."""
        slugs = self.about(offered, denied) if self.about else ()
        names = ", ".join(VOCABULARY[slug].label(language) for slug in slugs)
        return Asked(self.slug, str(self.words) % {"names": names} if names else str(self.words))


@dataclass(frozen=True)
class Asked:
    """A question as put to one facility; the slug tells it from the others on its sheet."""

    slug: str
    words: str


def _to_stay_on(offered: ServiceSet, denied: ServiceSet) -> Iterator[str]:
    """Medications of which nobody says whether people may stay on them."""
    for medication in MEDICATIONS:
        said = medication.answers(offered)
        is_settled = offered & (medication.keeps | medication.not_allowed)
        if not is_settled and Continuity.DETOX_ONLY not in said:
            yield medication.slug


def _to_start(offered: ServiceSet, denied: ServiceSet) -> Iterator[str]:
    """Medications of which nobody says whether they are started, and that are not refused."""
    for medication in MEDICATIONS:
        is_denied = medication.slug in denied or offered & medication.not_allowed
        if not is_denied and not offered & (medication.starts | medication.detox):
            yield medication.slug


def _in_detox_only(offered: ServiceSet, denied: ServiceSet) -> Iterator[str]:
    for medication in MEDICATIONS:
        if Continuity.DETOX_ONLY in medication.answers(offered):
            yield medication.slug


# In the order a call goes.
QUESTIONS = (
    Question(
        "new-person", _("Can you see a new person within 48 hours? If not, when?"),
        (FIVE_SIGNS, TEN_QUESTIONS),
    ),
    Question(
        "people", _("Do you take a person of this age and sex?"),
        answered_by=(AGES, service_set("women men")),
    ),
    Question(
        "plan", _("Do you take this exact insurance plan? (Read out its name.)"),
        (TEN_QUESTIONS,), spared_by=FREE,
    ),
    Question("payment", _("Which ways to pay do you take?"), answered_by=(PAYMENTS,)),
    Question(
        "cost", _("What will it cost in all? What does insurance not cover?"),
        (TEN_QUESTIONS,), spared_by=FREE,
    ),
    Question(
        "help-with-cost", _("Is there help with the cost?"),
        answered_by=(service_set("sliding-scale payment-assistance"),), spared_by=FREE,
    ),
    Question(
        "substances", _("Which drugs do you offer detox from?"),
        criterion="approach", only_with=DETOX, answered_by=(ServiceSet.of(*SUBSTANCES),),
    ),
    Question(
        "which-medication",
        _("You take people whose medication comes from elsewhere. Which medications?"),
        (FIVE_SIGNS,), "approach", only_with=ACCEPTS,
    ),
    Question(
        "stay-on", _("Can a person stay on this medication with you: %(names)s?"),
        (FIVE_SIGNS,), "approach", spared_by=ACCEPTS, about=_to_stay_on,
    ),
    Question(
        "start", _("Can a person start this medication with you: %(names)s?"),
        (FIVE_SIGNS,), "approach", about=_to_start,
    ),
    Question(
        "after-detox", _("Does this medication go on after detox, and with whom: %(names)s?"),
        (FIVE_SIGNS,), "approach", about=_in_detox_only,
    ),
    Question(
        "withdrawal-medicine", _("Which medicines do you use to ease withdrawal?"),
        criterion="approach", only_with=DETOX,
        answered_by=(
            service_set(
                "medication-in-detox lofexidine-clonidine-detox buprenorphine-detox "
                "methadone-detox comfort-medicine lofexidine clonidine"
            ),
        ),
    ),
    Question(
        "watch", _("Who watches over withdrawal, by day and by night?"),
        criterion="staff", only_with=DETOX, answered_by=(PIECES["staff"][1].services,),
    ),
    Question(
        "license", _("Are you licensed by the state?"),
        (FIVE_SIGNS, TEN_QUESTIONS), "accreditation",
        answered_by=(PIECES["accreditation"][1].services,),
    ),
    Question(
        "accreditation", _("Which national body has accredited you?"),
        (FIVE_SIGNS,), "accreditation", answered_by=(PIECES["accreditation"][0].services,),
    ),
    Question(
        "doctors", _("Is there a doctor or nurse trained in addiction medicine?"),
        (FIVE_SIGNS, TEN_QUESTIONS), "staff", answered_by=(PIECES["staff"][0].services,),
    ),
    Question(
        "counselors", _("Are the counselors licensed?"),
        (FIVE_SIGNS, TEN_QUESTIONS), "staff", answered_by=(PIECES["staff"][2].services,),
    ),
    Question(
        "assessment", _("Is there a full exam of body and mind before care is planned?"),
        (TEN_QUESTIONS,), "approach",
        answered_by=(service_set("substance-assessment"), service_set("mental-health-assessment")),
    ),
    Question(
        "personal-plan", _("How is the plan fitted to the person, and who goes over it?"),
        (TEN_QUESTIONS,), "approach", answered_by=(service_set("individual-plan"),),
    ),
    Question(
        "therapy", _("Which kinds of counseling or therapy do you use?"),
        (FIVE_SIGNS, TEN_QUESTIONS), "approach", answered_by=(PIECES["approach"][0].services,),
    ),
    Question(
        "mental-health", _("Do you treat mental health at the same time?"),
        criterion="approach",
        answered_by=(
            service_set("co-occurring-treatment co-occurring-program mental-health-services"),
        ),
    ),
    Question(
        "family", _("How are family and friends part of care?"), (FIVE_SIGNS,), "approach",
        answered_by=(service_set("family-counseling couples-counseling family-involved"),),
    ),
    Question(
        "visits", _("Are visits and phone calls allowed?"),
        criterion="amenities", only_with=STAYS,
        answered_by=(service_set("family-visits"), service_set("phones-allowed")),
    ),
    Question(
        "living", _("What are the rooms, the food and the free time like?"),
        criterion="amenities", only_with=STAYS, answered_by=(PIECES["amenities"][0].services,),
    ),
    Question(
        "rides", _("Can you help with rides?"),
        criterion="amenities", answered_by=(service_set("transport"),),
    ),
    Question(
        "after", _("Do you plan the care that follows, and check in later?"),
        (FIVE_SIGNS,), "aftercare",
        answered_by=tuple(piece.services for piece in PIECES["aftercare"]),
    ),
    Question(
        "appointment", _("Is the next appointment made before a person leaves?"),
        criterion="aftercare",
        answered_by=(service_set("first-appointment-booked written-aftercare-plan"),),
    ),
    Question(
        "support", _("What other support is there: housing, work, peers?"),
        (FIVE_SIGNS,), "aftercare",
        answered_by=(
            service_set(
                "housing-services employment-help social-services peer-support recovery-coach"
            ),
        ),
    ),
    Question("return-to-use", _("What happens if a person uses again?"), criterion="approach"),
    Question(
        "naloxone", _("Do people get naloxone to take home?"),
        criterion="aftercare", answered_by=(service_set("naloxone-to-take-home"),),
    ),
    Question(
        "bring", _("What should a person bring, and what must stay at home?"), only_with=STAYS
    ),
)  # fmt: skip


def questions(offered: ServiceSet, denied: ServiceSet, language: str) -> tuple[Asked, ...]:
    """What this listing leaves open, in the order of a call; ``language`` is the active one.

    Doubts about the listing itself come second: the answer may end the call.
    """
    first, *others = [
        question.asked(offered, denied, language)
        for question in QUESTIONS
        if question.is_open(offered, denied)
    ]
    doubtful = [
        Asked(f"doubt-{number}", words)
        for number, words in enumerate(doubts(offered, language), start=1)
    ]
    return (first, *doubtful, *others)
