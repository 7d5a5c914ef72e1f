"""The search: reads a query string, matches and sorts facilities, counts what each filter finds."""

from .filter_groups import GROUPS
from .filterset import FacilityFilterSet

__all__ = ["GROUPS", "FacilityFilterSet"]
