"""What happens to each medication for opioid use disorder at a facility: started, continued ...

Derived from what the facility told SAMHSA and from what curators or the facility itself added.
The derivation and its limits are listed on the methodology page from ``MEDICATION_RULES``.
"""

from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import or_

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..taxonomy import ServiceSet
from .predicates import AnyOf, is_met_by_services


class MedicationStatus(Enum):
    """What a facility says of one medication. NOT_REPORTED is never "no"."""

    STARTS = "starts"
    DETOX_ONLY = "detox-only"
    CONTINUES = "continues"
    NOT_ALLOWED = "not-allowed"
    NOT_REPORTED = "not-reported"


STATUS_LABELS = {
    MedicationStatus.STARTS: _("starts it"),
    MedicationStatus.DETOX_ONLY: _("during detox only"),
    MedicationStatus.CONTINUES: _("continues it if prescribed elsewhere"),
    MedicationStatus.NOT_ALLOWED: _("does not allow it"),
    MedicationStatus.NOT_REPORTED: _("not reported (ask)"),
}


@dataclass(frozen=True)
class Medication:
    """One medication with the services that its answers rest on.

    It is started where any of ``starts`` is offered; but where ``detox`` is, and nothing of
    ``maintenance``, it is given during detox only. ``allows_continuing`` lets people stay on it.
    """

    slug: str
    starts: ServiceSet
    detox: ServiceSet
    maintenance: ServiceSet
    allows_continuing: ServiceSet
    continues: ServiceSet
    not_allowed: ServiceSet

    @property
    def offering(self) -> ServiceSet:
        return ServiceSet.of(self.slug) | self.starts | self.detox | self.allows_continuing

    def statuses(self, offered: ServiceSet) -> tuple[MedicationStatus, ...]:
        """All that is said of it, or NOT_REPORTED alone. A refusal stands before a yes."""
        said = []
        if offered & self.not_allowed:
            said.append(MedicationStatus.NOT_ALLOWED)
        if offered & self.detox and not offered & self.maintenance:
            said.append(MedicationStatus.DETOX_ONLY)
        elif offered & (self.starts | self.detox):
            said.append(MedicationStatus.STARTS)
        if offered & self.continues:
            said.append(MedicationStatus.CONTINUES)
        return tuple(said) or (MedicationStatus.NOT_REPORTED,)


MEDICATIONS = (
    Medication(
        "buprenorphine",
        starts=ServiceSet.of(
            "prescribes-buprenorphine", "buprenorphine-maintenance", "buprenorphine-starts"
        ),
        detox=ServiceSet.of("buprenorphine-detox"),
        maintenance=ServiceSet.of(
            "buprenorphine-maintenance", "methadone-maintenance", "buprenorphine-starts"
        ),
        allows_continuing=ServiceSet.of(
            "buprenorphine-maintenance", "buprenorphine-starts", "buprenorphine-continues"
        ),
        continues=ServiceSet.of("buprenorphine-continues"),
        not_allowed=ServiceSet.of("buprenorphine-not-allowed"),
    ),
    Medication(
        "methadone",
        starts=ServiceSet.of("methadone-maintenance", "methadone-starts"),
        detox=ServiceSet.of("methadone-detox"),
        maintenance=ServiceSet.of("methadone-maintenance", "methadone-starts"),
        allows_continuing=ServiceSet.of(
            "methadone-maintenance", "methadone-starts", "methadone-continues"
        ),
        continues=ServiceSet.of("methadone-continues"),
        not_allowed=ServiceSet.of("methadone-not-allowed"),
    ),
    Medication(
        "naltrexone",
        starts=ServiceSet.of(
            "prescribes-naltrexone", "naltrexone-relapse-prevention", "naltrexone-starts"
        ),
        detox=ServiceSet(),
        maintenance=ServiceSet(),
        allows_continuing=ServiceSet.of(
            "naltrexone-relapse-prevention", "naltrexone-starts", "naltrexone-continues"
        ),
        continues=ServiceSet.of("naltrexone-continues"),
        not_allowed=ServiceSet.of("naltrexone-not-allowed"),
    ),
)
# Maintenance with methadone or buprenorphine: what an opioid detox must lead to.
MAINTENANCE = ServiceSet.of(
    "buprenorphine-maintenance", "methadone-maintenance", "buprenorphine-starts",
    "methadone-starts",
)  # fmt: skip
# "Accepts clients using MAT but prescribed elsewhere": names no drug, so a yes for none of them.
ACCEPTS_EXTERNAL_PRESCRIPTION = ServiceSet.of("accepts-opioid-medication")
# Not treatment that goes on: used against withdrawal symptoms.
IN_WITHDRAWAL = ServiceSet.of("lofexidine", "clonidine", "lofexidine-clonidine-detox")
OPIOID_DETOX = ServiceSet.of("opioid-detox")
# All that a summary reads: narrowed to it, few different sets remain to put in words.
INPUT_SERVICES = reduce(
    or_,
    (
        each.starts | each.detox | each.maintenance | each.continues | each.not_allowed
        for each in MEDICATIONS
    ),
    ACCEPTS_EXTERNAL_PRESCRIPTION,
)


class MedicationAfterDetox(Enum):
    """Whether an opioid detox leads on to medication, as far as reported; the higher the better."""

    REPORTED = 2
    ACCEPTED = 1
    NOT_REPORTED = 0


# The first case that is met decides; NOT_REPORTED where none is. The order of results reads them.
MAINTENANCE_CASES = (
    (AnyOf(MAINTENANCE), MedicationAfterDetox.REPORTED),
    (AnyOf(ACCEPTS_EXTERNAL_PRESCRIPTION), MedicationAfterDetox.ACCEPTED),
)

MAINTENANCE_INPUTS = MAINTENANCE | ACCEPTS_EXTERNAL_PRESCRIPTION


def medication_after_detox(offered: ServiceSet) -> MedicationAfterDetox:
    """Return whether the facility reports ongoing methadone or buprenorphine, or accepts it."""
    met = (
        status for predicate, status in MAINTENANCE_CASES if is_met_by_services(predicate, offered)
    )
    return next(met, MedicationAfterDetox.NOT_REPORTED)


@dataclass(frozen=True)
class MedicationRule:
    """One rule of the derivation in words, with the official names of the codes it reads."""

    words: str
    services: ServiceSet


MEDICATION_RULES = (
    MedicationRule(
        _(
            "“Starts buprenorphine” needs the facility to say that it prescribes it, keeps people"
            " on it, or uses it in detox. Using it somewhere in treatment is not enough."
        ),
        ServiceSet.of(
            "prescribes-buprenorphine", "buprenorphine-maintenance", "buprenorphine-detox"
        ),
    ),
    MedicationRule(
        _(
            "“During detox only” is said where a facility uses the medication in detox and"
            " reports no ongoing methadone or buprenorphine."
        ),
        ServiceSet.of("buprenorphine-detox", "methadone-detox"),
    ),
    MedicationRule(
        _("“Starts methadone” needs ongoing methadone. Only certified programs may give it."),
        ServiceSet.of("methadone-maintenance"),
    ),
    MedicationRule(
        _("“Starts naltrexone” needs the facility to prescribe it or to use it after detox."),
        ServiceSet.of("prescribes-naltrexone", "naltrexone-relapse-prevention"),
    ),
    MedicationRule(
        _(
            "“Accepts medication prescribed elsewhere” names no medication in the federal list."
            " We show it once and never count it as a yes for one of them. Ask which."
        ),
        ACCEPTS_EXTERNAL_PRESCRIPTION,
    ),
    MedicationRule(
        _("“Does not use medication for opioid use disorder” is not “does not allow it”. Ask."),
        ServiceSet.of("no-opioid-medication"),
    ),
    MedicationRule(
        _(
            "Lofexidine and clonidine ease withdrawal. They are not ongoing treatment, so starting"
            " or continuing does not apply to them."
        ),
        IN_WITHDRAWAL,
    ),
)


def reported_medications(offered: ServiceSet) -> dict[str, str]:
    """Return slug -> what is said of that medication in words, without those not reported."""
    return {
        medication.slug: ", ".join(str(STATUS_LABELS[answer]) for answer in answers)
        for medication in MEDICATIONS
        if (answers := medication.statuses(offered)) != (MedicationStatus.NOT_REPORTED,)
    }


def detox_warning(offered: ServiceSet) -> str:
    """Return what an opioid detox must say if no ongoing medication is reported."""
    if (
        not offered & OPIOID_DETOX
        or medication_after_detox(offered) is MedicationAfterDetox.REPORTED
    ):
        return ""
    return gettext("No ongoing medication reported after opioid detox: ask what comes next.")
