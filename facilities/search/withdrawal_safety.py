"""What no link may take off a search, and what a detox search must say first."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .filter_groups import (
    GROUPS,
    HOSPITAL_STAY,
    KEEPS,
    MEDICATION,
    PEOPLE,
    PREFERS,
    SETTING,
    STARTS,
    SUBSTANCE,
    TREATS,
)
from .query import SearchQuery

# Withdrawal from these can kill: it needs a place that watches it.
DANGEROUS_WITHDRAWAL = {
    "substance": {"alcohol-detox", "benzodiazepine-detox"},
    "treats": {"alcohol", "benzodiazepines"},
}
WATCHED_DETOX = ("overnight-detox",)
# Medications that an opioid detox can be replaced by: both keep people in treatment.
MEDICATION_FIRST = ("start-buprenorphine", "start-methadone")
# A search with one of these asks for them already.
ASKS_FOR_MEDICATION = {
    MEDICATION.name: {"buprenorphine", "methadone"},
    STARTS.name: {*MEDICATION_FIRST},
    KEEPS.name: {"keep-buprenorphine", "keep-methadone", "accepts-opioid-medication"},
}
# The same in words, for the page on how the list works.
SAFETY_RULES = (
    gettext_lazy(
        "A search that concerns opioids by any word offers to start medication instead, with how"
        " many facilities that finds: methadone and buprenorphine need no detox first. It is left"
        " out only where the search asks for one of the two already."
    ),
    gettext_lazy(
        "A search for naltrexone alone is not taken for one that concerns opioids: it treats"
        " alcohol use too."
    ),
    gettext_lazy(
        "A search for detox that names no substance says both: if it is opioids, no detox is"
        " needed first; if it is alcohol or benzodiazepines, do not stop suddenly, and find a"
        " place that watches withdrawal, or an emergency room."
    ),
    gettext_lazy(
        "A search that names alcohol or benzodiazepines says first not to stop suddenly and to find"
        " a place that watches withdrawal."
    ),
    gettext_lazy(
        "A search in pregnancy says not to stop opioids suddenly, and that medication with prenatal"
        " care is recommended over detox."
    ),
    gettext_lazy(
        "A search for someone 17 or younger says that who must agree to care differs by state and"
        " kind of care."
    ),
)


@dataclass(frozen=True)
class DetoxAdvice:
    """One line above the list with the choices of groups that its link adds or replaces."""

    text: str
    link_text: str
    changes: dict[str, tuple[str, ...]]


def names_dangerous_withdrawal(query: SearchQuery) -> bool:
    return any(set(query.chosen[group]) & slugs for group, slugs in DANGEROUS_WITHDRAWAL.items())


def asks_for_medication(query: SearchQuery) -> bool:
    """Return whether methadone or buprenorphine is asked for already."""
    return any(set(query.chosen[group]) & slugs for group, slugs in ASKS_FOR_MEDICATION.items())


def options_kept_for_safety(query: SearchQuery) -> dict[str, tuple[str, ...]]:
    """Return group -> the chosen options that no suggestion, button or link to remove takes off.

    They are the substance, hospital care, keeping a medication, age and sex; with alcohol or
    benzodiazepines also the setting of detox.
    """
    is_dangerous = names_dangerous_withdrawal(query)
    return {
        group.name: tuple(
            slug
            for slug in query.chosen[group.name]
            if not group.can_be_relaxed
            or not group.options[slug].can_be_relaxed
            or (is_dangerous and group.options[slug].is_detox)
        )
        for group in GROUPS
    }


def detox_advice(query: SearchQuery) -> Iterator[DetoxAdvice]:
    """Yield what a search says before its list: for detox, for a pregnancy with opioids, a teen."""
    substances = query.chosen[SUBSTANCE.name] or query.chosen[TREATS.name]
    asks_for_detox = bool(query.chosen[SUBSTANCE.name]) or any(
        SETTING.options[slug].is_detox for slug in query.chosen[SETTING.name]
    )
    is_pregnant = "pregnant-program" in query.chosen[PREFERS.name]
    if is_pregnant and (query.is_about_opioids or not substances):
        yield DetoxAdvice(
            _(
                "In pregnancy, do not stop opioids suddenly. Methadone or buprenorphine, with"
                " prenatal care, is recommended over detox."
            ),
            "",  # suggest_medication leads there
            {},
        )
    settings = query.chosen[SETTING.name]
    watched = DetoxAdvice(
        _(
            "If alcohol or benzodiazepines are part of it: do not stop suddenly. Find a place that"
            " watches withdrawal, or an emergency room."
        ),
        _("Show overnight detox"),
        # A hospital watches withdrawal: who asked for one is not led away from it.
        {} if HOSPITAL_STAY.slug in settings else {SETTING.name: WATCHED_DETOX},
    )
    medication = DetoxAdvice(
        _("If it is opioids: no detox is needed first."),
        _("Start medication instead"),
        {
            SETTING.name: tuple(slug for slug in settings if not SETTING.options[slug].is_detox),
            STARTS.name: MEDICATION_FIRST,
        },
    )
    if names_dangerous_withdrawal(query):
        yield watched
    elif asks_for_detox and not substances and not query.is_about_opioids:
        yield medication
        yield watched
    if "children" in query.chosen[PEOPLE.name]:
        yield DetoxAdvice(
            _(
                "17 or younger: who must agree, the teen or a parent, differs by state and kind of"
                " care. Ask when you call. A pediatrician can help too."
            ),
            "",
            {},
        )
