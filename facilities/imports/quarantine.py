"""Numbers that a file changes to those of unrelated facilities: not shown until somebody checks.

Such a number often belongs to a call center or is a slip of the file. The one before stays, said
to be in doubt, and the two are a conflict. Kept in the release's report, by the record that the
row spoke of, so that whoever merges later withholds the same.
"""

from collections.abc import Iterable
from datetime import date

from ..facts.registry import PHONE
from ..resolution.columns import ZipPlaces
from ..resolution.resolve import rank_statements
from ..resolution.settle import NEW_RELEASE_ID, compute_changes
from ..resolution.statements import Statement, stating_record, with_withheld
from .plan import LoadPlan
from .shared_phones import newly_shared

WITHHELD_FACTS = (PHONE, "phone_extension")
Statements = dict[int, list[Statement]]


def quarantine_shared_phones(
    plan: LoadPlan, statements: Statements, zips: ZipPlaces, today: date
) -> None:
    """Settle a plan anew without the numbers that it may not show yet; report them.

    A file that is loaded again withholds what it did the first time.
    """
    columns, settled = plan.known.columns, plan.settlement
    if plan.repeated:
        plan.report.withheld = dict(plan.repeated.report.get("withheld", {}))
    else:
        shared = [
            *newly_shared(columns, settled.changed, columns | settled.added | settled.changed)
        ]
        plan.report.shared_numbers = [plan.known.codes[facility] for facility in shared]
        plan.report.withheld = dict(_of(plan, statements, shared))
    if not plan.report.withheld:
        return
    release_id = plan.repeated.pk if plan.repeated else NEW_RELEASE_ID
    kept = {release_id: plan.report.withheld}
    for facility, stated in statements.items():
        statements[facility] = [with_withheld(each, facility, kept) for each in stated]
    plan.settlement = compute_changes(statements, plan.known, zips, today)


def _of(plan: LoadPlan, statements: Statements, facilities: Iterable[int]):
    """(record, number and extension shown so far) where the new file's word would show."""
    for facility in facilities:
        first, before = rank_statements(statements[facility])[0], plan.known.columns[facility]
        if first.release_id == NEW_RELEASE_ID and before[PHONE]:
            yield (
                str(stating_record(first, facility)),
                {fact: before[fact] for fact in WITHHELD_FACTS},
            )
