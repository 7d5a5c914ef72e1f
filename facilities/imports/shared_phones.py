"""Withholds phone numbers that a file changes to those of unrelated facilities.

Such a number often belongs to a call center, or is a slip of the file. Until a person checks it,
the number before is shown with a warning, and the two are a conflict. What is withheld is stored
in the release's report, by the record that the row described, so that it still holds when that
record is merged into another.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from ..facts.registry import PHONE
from ..facts.stored_values import LISTED
from ..matching.similarity import are_names_alike
from ..resolution.changes import NEW_RELEASE_ID, compute_changes
from ..resolution.columns import ZipPlaces
from ..resolution.combined_statement import rank_statements
from ..resolution.release_statements import described_record_key, with_withheld_facts
from .plan import LoadPlan

WITHHELD_FACTS = (PHONE, "phone_extension")
Columns = Mapping[int, Mapping[str, Any]]


def withhold_newly_shared_phones(plan: LoadPlan, zips: ZipPlaces, today: date) -> None:
    """Set ``plan.changes``: those stated, without the numbers that must not show yet.

    Sets what is withheld in ``plan.report`` too. A file that is loaded again withholds what it
    withheld the first time: by now its numbers are those that are shown.
    """
    columns, changes = plan.snapshot.columns, plan.stated_changes
    concerned: Iterable[int]
    if plan.repeated:
        plan.report.withheld = dict(plan.repeated.report.get("withheld", {}))
        concerned = plan.statements if plan.report.withheld else ()
    else:
        after = columns | changes.added | changes.changed
        concerned = list(facilities_newly_sharing_a_phone(columns, changes.changed, after))
        plan.report.shared_numbers = [plan.snapshot.codes[facility] for facility in concerned]
        plan.report.withheld = dict(_withheld(plan, concerned))
    release_id = plan.repeated.pk if plan.repeated else NEW_RELEASE_ID
    withheld = {release_id: plan.report.withheld}
    statements = {
        facility: [
            with_withheld_facts(statement, facility, withheld)
            for statement in plan.statements[facility]
        ]
        for facility in concerned
    }
    plan.changes = changes.replaced(
        statements.keys(), compute_changes(statements, plan.snapshot, zips, today)
    )


def _withheld(plan: LoadPlan, facilities: Iterable[int]):
    """Yield (record, number and extension shown so far) where the new file's would be shown."""
    for facility in facilities:
        first, before = (
            rank_statements(plan.statements[facility])[0],
            plan.snapshot.columns[facility],
        )
        if first.release_id == NEW_RELEASE_ID and before[PHONE]:
            yield (
                str(described_record_key(first, facility)),
                {fact: before[fact] for fact in WITHHELD_FACTS},
            )


def facilities_newly_sharing_a_phone(
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
            if any(not are_names_alike(columns["name"], other) for other in others):
                yield facility
