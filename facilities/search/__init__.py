"""Filters: the groups a search can be narrowed by, and the only reader of its query string."""

from .filter_groups import GROUPS
from .filterset import FacilityFilterSet

__all__ = ["GROUPS", "FacilityFilterSet"]
