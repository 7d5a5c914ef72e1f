"""Where a listing speaks against itself: shown as questions to ask, never hidden, never settled."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..taxonomy import VOCABULARY, ServiceSet, contradictory_services, service_set
from ..taxonomy.groups import ADULT_PROGRAMS, AGES, DETOX_SETTINGS
from ..taxonomy.service_set import union_of_services


@dataclass(frozen=True)
class Inconsistency:
    """Something said that leaves open what should go with it: any of ``has``, none of ``lacks``."""

    any_of: ServiceSet
    none_of: ServiceSet
    question: str

    def applies_to(self, offered: ServiceSet) -> bool:
        return bool(offered & self.any_of) and not offered & self.none_of


INCONSISTENCIES = (
    Inconsistency(
        service_set("opioid-treatment-program"),
        service_set("methadone methadone-maintenance methadone-detox"),
        gettext_lazy(
            "It is a certified opioid treatment program, but methadone is not listed."
            " Which medications do you give?"
        ),
    ),
    Inconsistency(
        service_set("detox"),
        DETOX_SETTINGS,
        gettext_lazy(
            "It offers detox, but does not say where. Do people stay overnight, or come for visits?"
        ),
    ),
)


def takes_only_children(offered: ServiceSet) -> bool:
    """Children and teens are the only ages listed, and no program for adults says otherwise."""
    return offered & AGES == service_set("children") and not offered & ADULT_PROGRAMS


def has_doubtful_ages(offered: ServiceSet) -> bool:
    """Children and teens are the only ages listed, and a program for adults says otherwise."""
    return offered & AGES == service_set("children") and bool(offered & ADULT_PROGRAMS)


def inconsistency_questions(offered: ServiceSet, language: str) -> tuple[str, ...]:
    said = [str(doubt.question) for doubt in INCONSISTENCIES if doubt.applies_to(offered)]
    if has_doubtful_ages(offered):
        said.append(_("It lists only children and teens, but has programs for adults. Which ages?"))
    for denier, denied in contradictory_services(offered):
        pair = {"one": denier.label(language), "other": denied.label(language)}
        said.append(_("It says both “%(one)s” and “%(other)s”. Which is right?") % pair)
    return tuple(said)


# All that concerns() reads: narrowed to it, few different sets remain.
INCONSISTENCY_INPUTS = union_of_services(
    (
        AGES | ADULT_PROGRAMS,
        *(doubt.any_of | doubt.none_of for doubt in INCONSISTENCIES),
        *(ServiceSet.of(one, *one.denies) for one in VOCABULARY if one.denies),
    )
)


def inconsistent_services(offered: ServiceSet) -> tuple[ServiceSet, ...]:
    """Return, for each doubt, the services offered that it is about."""
    about = [offered & doubt.any_of for doubt in INCONSISTENCIES if doubt.applies_to(offered)]
    if has_doubtful_ages(offered):
        about.append(offered & (AGES | ADULT_PROGRAMS))
    pairs = (ServiceSet.of(denier, denied) for denier, denied in contradictory_services(offered))
    return (*about, *pairs)
