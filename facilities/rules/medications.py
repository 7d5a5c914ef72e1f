"""What happens to each medication for opioid use disorder at a facility: started, continued ...

Derived from what the facility told SAMHSA and from what curators or the facility itself added.
The derivation and its limits are listed on the methodology page from ``RULES``.
"""

from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import or_

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..taxonomy import ServiceSet


class Continuity(Enum):
    """What a facility says of one medication. NOT_REPORTED is never "no"."""

    STARTS = "starts"
    DETOX_ONLY = "detox-only"
    CONTINUES = "continues"
    NOT_ALLOWED = "not-allowed"
    NOT_REPORTED = "not-reported"


WORDS = {
    Continuity.STARTS: _("starts it"),
    Continuity.DETOX_ONLY: _("during detox only"),
    Continuity.CONTINUES: _("continues it if prescribed elsewhere"),
    Continuity.NOT_ALLOWED: _("does not allow it"),
    Continuity.NOT_REPORTED: _("not reported: ask"),
}


@dataclass(frozen=True)
class Medication:
    """One medication with the services that its answers rest on.

    It is started where any of ``starts`` is offered; but where ``detox`` is, and nothing of
    ``lasting``, it is given during detox only. ``keeps`` let people stay on it.
    """

    slug: str
    starts: ServiceSet
    detox: ServiceSet
    lasting: ServiceSet
    keeps: ServiceSet
    continues: ServiceSet
    not_allowed: ServiceSet

    def answers(self, offered: ServiceSet) -> tuple[Continuity, ...]:
        """All that is said of it, or NOT_REPORTED alone. A refusal stands before a yes."""
        said = []
        if offered & self.not_allowed:
            said.append(Continuity.NOT_ALLOWED)
        if offered & self.detox and not offered & self.lasting:
            said.append(Continuity.DETOX_ONLY)
        elif offered & (self.starts | self.detox):
            said.append(Continuity.STARTS)
        if offered & self.continues:
            said.append(Continuity.CONTINUES)
        return tuple(said) or (Continuity.NOT_REPORTED,)


MEDICATIONS = (
    Medication(
        "buprenorphine",
        starts=ServiceSet.of(
            "prescribes-buprenorphine", "buprenorphine-maintenance", "buprenorphine-starts"
        ),
        detox=ServiceSet.of("buprenorphine-detox"),
        lasting=ServiceSet.of(
            "buprenorphine-maintenance", "methadone-maintenance", "buprenorphine-starts"
        ),
        keeps=ServiceSet.of(
            "buprenorphine-maintenance", "buprenorphine-starts", "buprenorphine-continues"
        ),
        continues=ServiceSet.of("buprenorphine-continues"),
        not_allowed=ServiceSet.of("buprenorphine-not-allowed"),
    ),
    Medication(
        "methadone",
        starts=ServiceSet.of("methadone-maintenance", "methadone-starts"),
        detox=ServiceSet.of("methadone-detox"),
        lasting=ServiceSet.of("methadone-maintenance", "methadone-starts"),
        keeps=ServiceSet.of("methadone-maintenance", "methadone-starts", "methadone-continues"),
        continues=ServiceSet.of("methadone-continues"),
        not_allowed=ServiceSet.of("methadone-not-allowed"),
    ),
    Medication(
        "naltrexone",
        starts=ServiceSet.of(
            "prescribes-naltrexone", "naltrexone-relapse-prevention", "naltrexone-starts"
        ),
        detox=ServiceSet(),
        lasting=ServiceSet(),
        keeps=ServiceSet.of(
            "naltrexone-relapse-prevention", "naltrexone-starts", "naltrexone-continues"
        ),
        continues=ServiceSet.of("naltrexone-continues"),
        not_allowed=ServiceSet.of("naltrexone-not-allowed"),
    ),
)
# Maintenance with methadone or buprenorphine: what an opioid detox must lead to.
ONGOING = ServiceSet.of(
    "buprenorphine-maintenance", "methadone-maintenance", "buprenorphine-starts",
    "methadone-starts",
)  # fmt: skip
# "Accepts clients using MAT but prescribed elsewhere": names no drug, so a yes for none of them.
ACCEPTS = ServiceSet.of("accepts-opioid-medication")
# Not treatment that goes on: used against withdrawal symptoms.
IN_WITHDRAWAL = ServiceSet.of("lofexidine", "clonidine", "lofexidine-clonidine-detox")
OPIOID_DETOX = ServiceSet.of("opioid-detox")
# All that a summary reads: narrowed to it, few different sets remain to put in words.
READ = reduce(
    or_,
    (
        each.starts | each.detox | each.lasting | each.continues | each.not_allowed
        for each in MEDICATIONS
    ),
    ACCEPTS,
)


class Ongoing(Enum):
    """Whether an opioid detox leads on to medication, as far as reported; the higher the better."""

    REPORTED = 2
    ACCEPTED = 1
    NOT_REPORTED = 0


def ongoing(offered: ServiceSet) -> Ongoing:
    """Whether the facility reports ongoing methadone or buprenorphine, or accepts it."""
    if offered & ONGOING:
        return Ongoing.REPORTED
    return Ongoing.ACCEPTED if offered & ACCEPTS else Ongoing.NOT_REPORTED


@dataclass(frozen=True)
class Rule:
    """One rule of the derivation in words, with the official names of the codes it reads."""

    words: str
    reads: ServiceSet


RULES = (
    Rule(
        _(
            "“Starts buprenorphine” needs the facility to say that it prescribes it, keeps people"
            " on it, or uses it in detox. Using it somewhere in treatment is not enough."
        ),
        ServiceSet.of(
            "prescribes-buprenorphine", "buprenorphine-maintenance", "buprenorphine-detox"
        ),
    ),
    Rule(
        _(
            "“During detox only” is said where a facility uses the medication in detox and"
            " reports no ongoing methadone or buprenorphine."
        ),
        ServiceSet.of("buprenorphine-detox", "methadone-detox"),
    ),
    Rule(
        _("“Starts methadone” needs ongoing methadone. Only certified programs may give it."),
        ServiceSet.of("methadone-maintenance"),
    ),
    Rule(
        _("“Starts naltrexone” needs the facility to prescribe it or to use it after detox."),
        ServiceSet.of("prescribes-naltrexone", "naltrexone-relapse-prevention"),
    ),
    Rule(
        _(
            "“Accepts medication prescribed elsewhere” names no medication in the federal list."
            " We show it once and never count it as a yes for one of them. Ask which."
        ),
        ACCEPTS,
    ),
    Rule(
        _("“Does not use medication for opioid use disorder” is not “does not allow it”. Ask."),
        ServiceSet.of("no-opioid-medication"),
    ),
    Rule(
        _(
            "Lofexidine and clonidine ease withdrawal. They are not ongoing treatment, so starting"
            " or continuing does not apply to them."
        ),
        IN_WITHDRAWAL,
    ),
)


def reported(offered: ServiceSet) -> dict[str, str]:
    """Slug -> what is said of that medication in words; those not reported are left out."""
    return {
        medication.slug: ", ".join(str(WORDS[answer]) for answer in answers)
        for medication in MEDICATIONS
        if (answers := medication.answers(offered)) != (Continuity.NOT_REPORTED,)
    }


def warning(offered: ServiceSet) -> str:
    """What an opioid detox must say where no ongoing medication is reported."""
    if not offered & OPIOID_DETOX or ongoing(offered) is Ongoing.REPORTED:
        return ""
    return gettext("No ongoing medication reported after opioid detox: ask what comes next.")
