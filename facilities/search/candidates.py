"""The facilities among which a search looks: from the index of this process, or read from SQL."""

from django.db import connection

from ..models import Facility, VersionStamp
from .area import SearchArea
from .index import Candidates
from .query import SearchQuery
from .shared_index import SharedIndex, build_index_from_sql

EVERYWHERE = SearchArea()
_shared = SharedIndex()


def candidates_of_query(query: SearchQuery) -> Candidates:
    """Return the listed facilities of the searched area, whatever its words and options."""
    if query.phone:
        return build_index_from_sql(query.filter_queryset(Facility.objects.listed())).everywhere
    return candidates_in(query.area)


def index_version() -> VersionStamp | None:
    """Return the version of the data that the index of this process has; None before the first."""
    return _shared.published[0] if _shared.published else None


def all_candidates() -> Candidates:
    """Return every listed facility of the country."""
    return candidates_in(EVERYWHERE)


def candidates_in(area: SearchArea) -> Candidates:
    """Return every listed facility of an area."""
    # In a transaction an area is read anew: what it sees may not have a version yet.
    if area.is_everywhere or not connection.in_atomic_block:
        index = _shared.current(wait=area.is_everywhere)
        if index is not None:
            return index.in_area(area)
    return build_index_from_sql(area.filter_queryset(Facility.objects.listed())).everywhere
