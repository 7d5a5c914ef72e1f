"""The five criteria for choosing a detox center, as data: what to find out, and what shows it.

One tuple, read by the filters, the order, the cards, the facility's page, the comparison and the
page that explains it all. Each criterion rests on pieces of evidence; where all are there it is
*shown*, where some are *partly*; nothing is weighed in secret.
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _

from ..taxonomy import VOCABULARY, ServiceSet, service_set
from .citations import Citation
from .predicates import AllOf, AnyOf


class CriterionStatus(Enum):
    """How far a criterion is answered. NOT_REPORTED is never "no"."""

    SHOWN = "shown"
    PARTLY = "partly"
    NOT_REPORTED = "not-reported"
    ABSENT = "absent"


@dataclass(frozen=True)
class CriterionEvidence:
    """One piece: there as soon as any of ``services`` is offered; ``slug`` names it in code."""

    slug: str
    name: str
    services: ServiceSet

    @property
    def predicate(self) -> AnyOf:
        return AnyOf(self.services)


@dataclass(frozen=True)
class Criterion:
    """One thing to find out before choosing.

    ``evidence`` decides; ``signals`` are hints, shown as such, that never count.
    """

    slug: str
    title: str
    question: str
    why: str
    source: Citation
    evidence: tuple[CriterionEvidence, ...]
    hints: tuple[CriterionEvidence, ...] = ()

    def evidence_in(self, offered: ServiceSet) -> tuple[CriterionEvidence, ...]:
        return tuple(piece for piece in self.evidence if offered & piece.services)

    def hints_in(self, offered: ServiceSet) -> tuple[CriterionEvidence, ...]:
        return tuple(piece for piece in self.hints if offered & piece.services)

    def status(self, offered: ServiceSet, denied: ServiceSet) -> CriterionStatus:
        """*Absent* only if somebody has said no to something of every piece."""
        count = len(self.evidence_in(offered))
        if count == len(self.evidence):
            return CriterionStatus.SHOWN
        if count:
            return CriterionStatus.PARTLY
        refused = all(denied & piece.services for piece in self.evidence)
        return CriterionStatus.ABSENT if refused else CriterionStatus.NOT_REPORTED

    @property
    def predicate(self) -> AllOf:
        return AllOf(tuple(piece.predicate for piece in self.evidence))


def services_in_category(category: str) -> ServiceSet:
    """Return the services of a category that no federal code states."""
    return ServiceSet.of(*VOCABULARY.in_category(category))


FIVE_SIGNS = Citation(
    "SAMHSA, Finding Quality Treatment for Substance Use Disorders (2018)",
    "https://store.samhsa.gov/product/finding-quality-treatment-substance-use-disorders/pep18-treatment-loc",
)
TEN_QUESTIONS = Citation(
    "NIAAA, Alcohol Treatment Navigator: 10 Questions to Ask Alcohol Treatment Programs",
    "https://alcoholtreatment.niaaa.nih.gov/how-to-find-alcohol-treatment/10-questions-for-alcohol-treatment-programs",
)
TIP_45 = Citation(
    "SAMHSA, Treatment Improvement Protocol 45: Detoxification and Substance Abuse Treatment",
    "https://www.ncbi.nlm.nih.gov/books/NBK64115/",
)
THERAPIES = ServiceSet.of(*VOCABULARY.in_category("TAP")) - service_set("telehealth") | service_set(
    "individual-counseling group-counseling family-counseling couples-counseling"
)

CRITERIA = (
    Criterion(
        "accreditation",
        _("Accreditation and licensing"),
        _("Who checks that this place meets standards of care?"),
        _("Outside bodies check that standards are met and that staff are qualified."),
        FIVE_SIGNS,
        (
            CriterionEvidence(
                "national-accreditation",
                _("accredited by a national body"),
                service_set("joint-commission carf coa ncqa hfap"),
            ),
            CriterionEvidence(
                "state-license",
                _("licensed by the state"),
                service_set(
                    "state-substance-agency state-health state-mental-health hospital-licence"
                ),
            ),
        ),
        (
            CriterionEvidence(
                "federal-registration",
                _("federal certification or registration"),
                service_set("samhsa-otp-certification dea fqhc"),
            ),
        ),
    ),
    Criterion(
        "approach",
        _("Treatment approach"),
        _("How do they treat, and does it fit your values and needs?"),
        _("Medication, counseling and peer support work in different ways for different people."),
        FIVE_SIGNS,
        (
            CriterionEvidence("therapy", _("counseling or therapy"), THERAPIES),
            CriterionEvidence(
                "medication",
                _("medication"),
                service_set(
                    "methadone buprenorphine naltrexone alcohol-medication medication-in-detox "
                    "lofexidine-clonidine-detox"
                ),
            ),
            CriterionEvidence(
                "substance-assessment",
                _("assessment of substance use"),
                service_set("substance-assessment"),
            ),
            CriterionEvidence(
                "mental-health-assessment",
                _("assessment of mental health"),
                service_set("mental-health-assessment"),
            ),
        ),
    ),
    Criterion(
        "staff",
        _("Staff qualifications"),
        _("Who cares for people here, and are they trained in addiction medicine?"),
        _("Withdrawal can bring complications that trained staff catch early."),
        TIP_45,
        (
            CriterionEvidence(
                "addiction-staff",
                _("medical staff trained in addiction"),
                service_set(
                    "addiction-doctor psychiatrist doctor-on-call withdrawal-trained-staff"
                ),
            ),
            CriterionEvidence(
                "nurses",
                _("nurses day and night"),
                service_set("nurses-day-and-night day-and-night-monitoring"),
            ),
            CriterionEvidence(
                "counselors",
                _("licensed counselors"),
                service_set("licensed-counselors psychologist social-workers"),
            ),
        ),
        (
            CriterionEvidence(
                "prescribers",
                _("prescribes medication in house"),
                service_set("prescribes-buprenorphine prescribes-naltrexone alcohol-medication"),
            ),
            CriterionEvidence(
                "medical-exam", _("gives a medical exam"), service_set("medical-exam")
            ),
            CriterionEvidence("dea", _("registered with the DEA"), service_set("dea")),
            CriterionEvidence(
                "peers", _("recovery coaches or peers"), service_set("recovery-coach peer-support")
            ),
        ),
    ),
    Criterion(
        "amenities",
        _("Facilities and amenities"),
        _("What is it like to stay there?"),
        _("Rooms, company and things to do are what make a stay bearable."),
        TEN_QUESTIONS,
        (
            CriterionEvidence(
                "living",
                _("rooms, food, recreation or visits"),
                services_in_category("OUR_AMENITIES"),
            ),
            CriterionEvidence(
                "rides-and-children",
                _("help with rides, or room for children"),
                service_set("transport child-care children-beds"),
            ),
        ),
        (
            CriterionEvidence(
                "smoking-rules",
                _("rules on smoking and vaping known"),
                ServiceSet.of(*VOCABULARY.in_category("SMP"), *VOCABULARY.in_category("FVP")),
            ),
        ),
    ),
    Criterion(
        "aftercare",
        _("Aftercare planning"),
        _("What happens after detox?"),
        _("Detox is a first step. What follows it decides the outcome."),
        TIP_45,
        (
            CriterionEvidence("aftercare", _("aftercare"), service_set("aftercare")),
            CriterionEvidence(
                "discharge-planning", _("discharge planning"), service_set("discharge-planning")
            ),
            CriterionEvidence("follow-up", _("follow-up after leaving"), service_set("follow-up")),
        ),
    ),
)
ALL_EVIDENCE = tuple(piece for criterion in CRITERIA for piece in criterion.evidence)
EVIDENCE_BY_SLUG = {piece.slug: piece for piece in ALL_EVIDENCE}


@dataclass(frozen=True)
class CriterionResult:
    """One criterion at one facility: the answer, what shows it, and hints."""

    criterion: Criterion
    status: CriterionStatus
    evidence: tuple[CriterionEvidence, ...]
    hints: tuple[CriterionEvidence, ...]


def evaluate_criteria(offered: ServiceSet, denied: ServiceSet) -> tuple[CriterionResult, ...]:
    return tuple(
        CriterionResult(
            criterion,
            criterion.status(offered, denied),
            criterion.evidence_in(offered),
            criterion.hints_in(offered),
        )
        for criterion in CRITERIA
    )
