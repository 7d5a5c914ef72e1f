"""The orders of results, each stated for SQL and for arrays. Nobody pays for a place in them.

Every order ends in the key, which is the first bits of the uuid, so that both engines and every
reinstallation agree.
"""

from dataclasses import dataclass

import numpy as np
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from ..geo import Point, unit_vector
from . import best_match
from .facility_arrays import FacilityArrays, Mask

SORT_LABELS = {
    "distance": _("Nearest first"),
    "fit": _("Best fit first"),
    "verified": _("Recently checked first"),
    "name": _("Name, A to Z"),
}


@dataclass(frozen=True)
class SortOrder:
    """One order: ``sort`` is a key of SORTS; ties go by distance from ``point``, else by name."""

    sort: str
    point: Point | None
    is_near: bool
    opioids: bool

    @property
    def by_distance(self) -> bool:
        """Whether distance decides, or decides ties."""
        if self.point is None or self.sort == "name":
            return False
        return self.is_near or self.sort == "distance"

    @property
    def needs_names(self) -> bool:
        return not self.by_distance

    def sort_queryset(self, facilities):
        """A queryset in this order."""
        annotations, leading = {}, []
        if self.sort == "fit":
            annotations, leading = best_match.ordering(opioids=self.opioids)
        elif self.sort == "verified":
            leading = [F("last_verified_on").desc(nulls_last=True)]
        facilities = facilities.annotate(**annotations)
        if self.by_distance:
            return facilities.with_cosine(self.point).order_by(
                *leading, F("cosine").desc(nulls_last=True), "pk"
            )
        return facilities.order_by(*leading, "name_key", "pk")

    def sort_positions(self, rows: FacilityArrays, kept: Mask) -> NDArray[np.intp]:
        """Positions of the kept rows in this order, (total,)."""
        found = np.flatnonzero(kept)
        leading = []
        if self.sort == "fit":
            leading = [-key[found] for key in best_match.sort_keys(rows, opioids=self.opioids)]
        elif self.sort == "verified":
            leading = [-rows.verified[found]]
        tie = (
            -rows.cosines(unit_vector(self.point))[found]
            if self.by_distance
            else _ranks(rows, found)
        )
        return found[np.lexsort((rows.ids[found], tie, *reversed(leading)))]


def _ranks(rows: FacilityArrays, found: NDArray[np.intp]) -> NDArray[np.intp]:
    """The rank of each found row's name; equal names have equal ranks."""
    names = [rows.name_keys[position] for position in found]
    order = {name: rank for rank, name in enumerate(sorted(set(names)))}
    return np.array([order[name] for name in names], np.intp)
