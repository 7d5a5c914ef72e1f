"""What the change log has to hold, worked out from the tables before and after a write."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from facilities.models import Change, Conflict, Credential, DataVersion, Facility, Verification
from facilities.taxonomy import VOCABULARY

FIELDS = {
    "name_key": "name", "latitude": "position", "longitude": "position", "x": "position",
    "y": "position", "z": "position", "position_origin": "position",
    "source_release_id": "source_release", "merged_into_id": "merged_into",
}  # fmt: skip
NAMELESS = {"id", "uuid", "code", "denied_services", *(f"service_bits_{n}" for n in range(6))}
# (status before, status after) -> kind, for all pairs that differ. None: there is no record.
KINDS = {
    (None, "listed"): "added", (None, "withdrawn"): "withdrawn", (None, "draft"): "draft",
    ("draft", "listed"): "added", ("draft", "withdrawn"): "withdrawn",
    ("listed", "withdrawn"): "withdrawn", ("withdrawn", "listed"): "added",
    ("listed", "hidden"): "hidden", ("hidden", "listed"): "added",
    ("hidden", "withdrawn"): "withdrawn", ("withdrawn", "hidden"): "hidden",
    ("listed", "merged"): "merged", ("merged", "listed"): "added",
    ("listed", None): "deleted", ("withdrawn", None): "deleted",
}  # fmt: skip
KINDS_OF_THE_SAME = {"listed": "changed", "withdrawn": "changed", "hidden": "hidden",
                     "merged": "merged", "draft": "draft"}  # fmt: skip

Row = dict[str, Any]


def shown() -> dict[str, Row]:
    """UUID -> field -> whatever decides what pages show of it; the status under "is"."""
    state = {}
    for row in Facility.objects.values():
        fields: dict[str, Any] = defaultdict(list)
        for column, value in row.items():
            if column not in NAMELESS:
                fields[FIELDS.get(column, column)].append(value)
        for service in VOCABULARY:
            word, bit = divmod(service.position, 63)
            is_offered = bool(row[f"service_bits_{word}"] >> bit & 1)
            if is_offered or service.slug in row["denied_services"]:
                fields[f"service:{service.slug}"].append(is_offered)
        for check in Verification.objects.filter(facility=row["id"], reverted_at=None):
            fields[check.fact].append(("check", check.pk))
        for conflict in Conflict.objects.filter(facility=row["id"]).values():
            fields[conflict["fact"]].append(("conflict", {**conflict, "id": None}))
        papers = Credential.objects.filter(facility=row["id"]).order_by("pk").values()
        fields["credentials"].extend(papers)
        merged = Facility.objects.filter(merged_into=row["id"]).order_by("pk")
        fields["merged_records"].extend(merged.values_list("pk", flat=True))
        fields["is"] = "merged" if row["merged_into_id"] else row["status"]
        state[row["uuid"]] = dict(fields)
    return state


def changes_between(before: dict[str, Row], after: dict[str, Row]) -> dict[str, tuple]:
    """UUID -> (kind, fields) of every facility that differs."""
    return {
        identity: difference
        for identity in before.keys() | after.keys()
        if (difference := _difference(before.get(identity, {}), after.get(identity, {})))
    }


def _difference(then: Row, now: Row) -> tuple[str, tuple[str, ...]] | None:
    if then == now:
        return None
    statuses = then.get("is"), now.get("is")
    if statuses[0] == statuses[1]:
        kind = KINDS_OF_THE_SAME[statuses[0]]
    else:
        kind = KINDS[statuses]
        if not {None, "merged"}.isdisjoint(statuses):
            return kind, ()
    fields = {name for name in then.keys() | now.keys() if then.get(name) != now.get(name)}
    return kind, tuple(sorted(fields - {"is"}))


def logged_after(number: int) -> dict[str, tuple]:
    """The same as the log has it, which must name no facility in two revisions."""
    entries = Change.objects.filter(revision__gt=number)
    found = [(each.facility_uuid, (each.kind, tuple(each.fields))) for each in entries]
    assert len(dict(found)) == len(found)
    return dict(found)


@contextmanager
def watched() -> Iterator[dict[str, tuple]]:
    """Check that the log has exactly what changes meanwhile, which fills the yielded dict."""
    before, version = shown(), DataVersion.current()
    changes: dict[str, tuple] = {}
    yield changes
    changes.update(changes_between(before, shown()))
    assert logged_after(version.number) == changes
    assert (DataVersion.current() == version) == (not changes)
