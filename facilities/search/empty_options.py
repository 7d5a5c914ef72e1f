"""Which filters can find nothing at all, because no listed facility has what they ask for."""

from ..models.versioned_cache import versioned_cache
from .candidates import all_candidates
from .filter_groups import GROUPS


@versioned_cache(maxsize=1)
def empty_options() -> dict[str, frozenset[str]]:
    """Return group name -> slugs of the options that no facility of the country meets."""
    facilities = all_candidates()
    return {
        group.name: frozenset(
            slug for slug, count in group.counts(facilities, ()).items() if not count
        )
        for group in GROUPS
    }
