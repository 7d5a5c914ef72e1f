"""Which source is believed first where two of them state different things of a facility.

The setting SOURCE_ORDER names sources, the first first. SAMHSA's directory comes before its
locator; lists that are not named come after both, in the order of their names.
"""

from django.conf import settings

DIRECTORY, LOCATOR = "directory", "locator"
DEFAULT_ORDER = (DIRECTORY, LOCATOR)


def source_rank(source: str) -> tuple[int, str]:
    """Return a key to sort sources by.

    >>> sorted(["travis-county", "locator", "directory"], key=source_rank)
    ['directory', 'locator', 'travis-county']
    """
    order = tuple(settings.SOURCE_ORDER)
    order += tuple(source for source in DEFAULT_ORDER if source not in order)
    return (order.index(source), "") if source in order else (len(order), source)


def is_local_list_source(source: str) -> bool:
    """Whether a source is a list of somebody else than SAMHSA, who states only what it has."""
    return source not in DEFAULT_ORDER
