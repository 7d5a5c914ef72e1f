"""Which filters can find nothing at all, because no listed facility has what they ask for."""

from ..models.versioned_cache import versioned_cache
from .candidates import all_candidates
from .columns import OPTIONS


@versioned_cache(maxsize=1)
def empty_options() -> dict[str, frozenset[str]]:
    """Return group name -> slugs of the options that no facility of the country meets."""
    candidates = all_candidates()
    counts = candidates.option_counts(candidates.inside)
    return {
        name: frozenset(slug for slug, column in columns.items() if not counts[column])
        for name, columns in OPTIONS.items()
    }
