"""The orders of results. Nobody can pay for a place in them.

Every order ends in the primary key, which is the first bits of the uuid, so that both engines and
every reinstallation agree.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..geo import Point
from ..rules.predicates import Predicate
from .best_fit import best_fit_keys
from .sort_keys import CountKey, DistanceKey, LastVerifiedKey, NameKey, SortKey

SORT_LABELS = {
    "distance": _("Nearest first"),
    "fit": _("Best fit first"),
    "verified": _("Recently checked first"),
    "name": _("Name, A to Z"),
}


@dataclass(frozen=True)
class SortOrder:
    """One order: ``sort`` is a key of SORT_LABELS; ties go by distance, else by
    the primary key: the alphabet would put the same names first everywhere.

    ``is_near`` is true where a point was searched, so that distance decides ties too; in a state or
    county, distance from its middle means little and is used only where it is asked for. Whatever
    the order, facilities that meet ``preferred`` come first.
    """

    sort: str
    point: Point | None
    is_near: bool
    is_about_opioids: bool
    preferred: tuple[Predicate, ...] = ()

    @property
    def by_distance(self) -> bool:
        if self.point is None or self.sort == "name":
            return False
        return self.is_near or self.sort == "distance"

    @property
    def keys(self) -> tuple[SortKey, ...]:
        first = (CountKey(self.preferred),) if self.preferred else ()
        ties = (DistanceKey(self.point),) if self.by_distance else ()
        if self.sort == "fit":
            return (*first, *best_fit_keys(is_about_opioids=self.is_about_opioids), *ties)
        if self.sort == "verified":
            return (*first, LastVerifiedKey(), *ties)
        return (*first, NameKey()) if self.sort == "name" else (*first, *ties)
