"""Which questions about a facility the search index answers beforehand, one bit column for each.

First come the options of all filters, which every search counts, then the single services that
other predicates are made of.
"""

from collections.abc import Iterator
from functools import cache

from ..rules.predicates import AnyOf, Predicate
from ..taxonomy import VOCABULARY, Service, ServiceSet
from .best_fit import CRITERIA_SHOWN, EVIDENCE, MAINTENANCE
from .filter_groups import GROUPS
from .sort_keys import CountKey, RankKey


@cache
def offers_service(service: Service) -> AnyOf:
    """Return the predicate of one service."""
    return AnyOf(ServiceSet.of(service))


def _predicates() -> Iterator[Predicate]:
    for group in GROUPS:
        for option in group.options.values():
            yield option.predicate
    yield from map(offers_service, VOCABULARY)


COLUMNS: dict[Predicate, int] = {
    predicate: number for number, predicate in enumerate(dict.fromkeys(_predicates()))
}
# Column numbers of the options of each group; all lie before OPTION_COLUMNS.
OPTIONS: dict[str, dict[str, int]] = {
    group.name: {slug: COLUMNS[option.predicate] for slug, option in group.options.items()}
    for group in GROUPS
}
OPTION_COLUMNS = 1 + max(number for options in OPTIONS.values() for number in options.values())
# The range of columns that holds those of a group
RANGES = {name: (min(own.values()), 1 + max(own.values())) for name, own in OPTIONS.items()}

# Terms of the best fit, as one small number for each facility
SCORES: tuple[RankKey | CountKey, ...] = (MAINTENANCE, CRITERIA_SHOWN, EVIDENCE)
