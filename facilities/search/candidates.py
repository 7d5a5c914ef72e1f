"""Loads what a search computes with: the narrow rows of facilities, as arrays."""

from django.db.models import QuerySet

from .facility_arrays import COLUMNS, FacilityArrays


def load_candidates(facilities: QuerySet, *, with_names: bool) -> FacilityArrays:
    """Load ``facilities`` in one statement that an index answers by itself.

    Names are not in that index; ask for them only where the search needs them.
    """
    columns = (*COLUMNS, "name_key") if with_names else COLUMNS
    return FacilityArrays.from_records(list(facilities.values_list(*columns)))
