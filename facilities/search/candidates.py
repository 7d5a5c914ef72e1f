"""Loads the candidates of a search from the database: the single seam between the two.

Facet counts need every facility of the searched area, also those that the filters rule out. So a
search loads all of them, but only the narrow columns of COLUMNS, which one covering index of the
area answers by itself, and filters in memory. An external index or a read replica would go here.
"""

from django.db.models import QuerySet

from ..models import Facility
from ..models.versioned_cache import versioned_cache
from .facility_arrays import COLUMNS, FacilityArrays
from .query import SearchQuery


def load_candidates(query: SearchQuery) -> FacilityArrays:
    """Return the listed facilities of the searched area, whatever its words and options."""
    if query.area.is_everywhere and not query.phone:
        return all_candidates()
    # Names are not in the index; reading them takes a look at each row of the table.
    with_names = bool(query.keywords.words) or query.sort_order.needs_names
    return load_arrays(query.filter_queryset(Facility.objects.listed()), with_names=with_names)


@versioned_cache(maxsize=1)
def all_candidates() -> FacilityArrays:
    """Return every listed facility of the country."""
    return load_arrays(Facility.objects.listed(), with_names=True).with_name_ranks()


def load_arrays(facilities: QuerySet, *, with_names: bool) -> FacilityArrays:
    """Load ``facilities`` as arrays in one statement."""
    columns = (*COLUMNS, "name_key") if with_names else COLUMNS
    return FacilityArrays.from_records(list(facilities.values_list(*columns)))
