"""Finds phone numbers that a load changes to one that unrelated facilities have too. No I/O."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from ..facts.stored_values import LISTED
from ..matching.similarity import are_related

Columns = Mapping[int, Mapping[str, Any]]


def facilities_with_newly_shared_phone(
    before: Columns, changed: Columns, after: Columns
) -> Iterator[int]:
    """Yield facilities whose number changes to that of a listed facility of another organization.

    ``before`` and ``after``: columns of all facilities by id; ``changed``: those that change.
    """
    names = defaultdict(dict)
    for facility, columns in after.items():
        if columns["phone"] and columns["status"] == LISTED:
            names[columns["phone"]][facility] = columns["name"]
    for facility, columns in sorted(changed.items()):
        phone = columns["phone"]
        if phone and phone != before[facility]["phone"]:
            others = (name for other, name in names[phone].items() if other != facility)
            if any(not are_related(columns["name"], other) for other in others):
                yield facility
