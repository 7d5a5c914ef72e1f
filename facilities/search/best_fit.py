"""The order "Best fit": no secret score, but a few plain keys, one after the other.

A weighted sum would rank a facility without ongoing medication above one with it as soon as it
ticked enough other boxes, and nobody could check why. So each key decides alone, and the next one
only breaks its ties:

1. In a search about opioids, ongoing medication. Detox from opioids lowers tolerance, so a relapse
   after it is when people die: nothing may outweigh the medication that prevents one.
2. How many of the five criteria are shown completely.
3. How many pieces of evidence there are: it tells "nearly" from "nothing".
4. The day of the last verification: between equals, trust what somebody checked.
5. Distance, where a place was given (``sort_orders.py`` adds it); never the name.

``KEY_DESCRIPTIONS`` says the same on the page that explains the site.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..rules.criteria import ALL_EVIDENCE, CRITERIA
from ..rules.medications import (
    MAINTENANCE_CASES,
    MAINTENANCE_INPUTS,
    MedicationAfterDetox,
    medication_after_detox,
)
from ..rules.predicates import is_met_by_services
from ..taxonomy import ServiceSet
from ..taxonomy.service_set import union_of_services
from .sort_keys import CountKey, LastVerifiedKey, RankKey, SortKey

KEY_DESCRIPTIONS = (
    _(
        "In a search about opioids: ongoing medication reported, then “accepts what others"
        " prescribe”, then not reported."
    ),
    _("How many of the five criteria are shown."),
    _("How many pieces of evidence there are."),
    _("Checked by us, the newest first."),
    _(
        "Distance from the place given. Without one, a fixed order that has nothing to do with"
        " names."
    ),
)

MAINTENANCE = RankKey(tuple((predicate, status.value) for predicate, status in MAINTENANCE_CASES))
CRITERIA_SHOWN = CountKey(tuple(criterion.predicate for criterion in CRITERIA))
# The services that the keys depend on. Masked with them, fewer sets remain to cache.
FIT_INPUTS = union_of_services(piece.services for piece in ALL_EVIDENCE) | MAINTENANCE_INPUTS
EVIDENCE = CountKey(tuple(piece.predicate for piece in ALL_EVIDENCE))


def best_fit_keys(*, is_about_opioids: bool) -> tuple[SortKey, ...]:
    """Return the keys without the last one, distance."""
    keys = (CRITERIA_SHOWN, EVIDENCE, LastVerifiedKey())
    return (MAINTENANCE, *keys) if is_about_opioids else keys


@dataclass(frozen=True)
class FitTerms:
    """The values of the keys for one facility; ``maintenance`` only in a search about opioids."""

    maintenance: MedicationAfterDetox | None
    criteria_shown: int
    evidence_count: int

    @property
    def criteria_total(self) -> int:
        return len(CRITERIA)

    @property
    def evidence_total(self) -> int:
        return len(ALL_EVIDENCE)


def fit_terms(offered: ServiceSet, *, is_about_opioids: bool) -> FitTerms:
    return FitTerms(
        maintenance=medication_after_detox(offered) if is_about_opioids else None,
        criteria_shown=sum(
            is_met_by_services(predicate, offered) for predicate in CRITERIA_SHOWN.predicates
        ),
        evidence_count=sum(
            is_met_by_services(predicate, offered) for predicate in EVIDENCE.predicates
        ),
    )
