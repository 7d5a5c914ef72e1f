"""Merges two records with nothing lost, and undoes that exactly.

What people and files said of the absorbed record is handed to the kept one; each row remembers
whose it was. The absorbed record stays in the database but is not shown: its address leads to the
kept one. What is shown is computed from rows and checks as always.

A check of its status (hidden, closed) is about the record itself and stays with it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from ...models import (
    Assignment,
    AuditCall,
    Availability,
    Call,
    Credential,
    Dispute,
    Facility,
    FacilityNotice,
    LegalHold,
    ListingTag,
    Merge,
    Proposal,
    Report,
    RowDecision,
    RowProposal,
    SourceRow,
    SuspendedNumber,
    UpdateLink,
    Verification,
    WebsiteCheck,
)
from ...places.tables import zip_code_table
from ...resolution.change_log import MERGED, recording_changes
from ...resolution.recompute import recompute_in_transaction

# Handed over whole. Of the second kind a facility has one at most (of an audit's calls, one in
# each audit; of tags, one of each name): the kept record's own stays, and the other's stays where
# it is.
REASSIGNED_MODELS = (
    Verification, Proposal, Credential, Report, UpdateLink, Availability, RowDecision,
    RowProposal, Call, SuspendedNumber, LegalHold, Dispute, FacilityNotice,
)  # fmt: skip
UNIQUE_MODELS: dict[type[Model], str] = {
    Assignment: "", WebsiteCheck: "", AuditCall: "audit_id", ListingTag: "name",
}  # fmt: skip
HIDDEN = Facility.Status.HIDDEN


class MergeRefused(Exception):
    """Nothing was changed. The message is a sentence for the person who asked."""


def merge(kept: Facility, absorbed: Facility, *, by, now: datetime, note: str = "") -> Merge:
    with recording_changes() as log:
        kept, absorbed = (Facility.objects.get(pk=each.pk) for each in (kept, absorbed))
        _refuse(kept, absorbed)
        moved = {
            "status": absorbed.status,
            "merged": _merged_before(kept, absorbed),
            "records": dict(_reassign_records(kept, absorbed)),
        }
        _reassign_rows(kept, absorbed)
        Facility.objects.filter(pk=absorbed.pk).update(merged_into=kept, status=HIDDEN)
        log.note(absorbed.uuid, before=absorbed.status, after=MERGED)
        log.note_fields(kept, ["merged_records", *_fields_of(moved["records"])])
        for earlier in Facility.objects.filter(pk__in=moved["merged"]):
            log.note_fields(earlier, ["merged_into"])
        done = Merge.objects.create(
            kept=kept, absorbed=absorbed, moved=moved, note=note, made_by=by, made_at=now
        )
        recompute_in_transaction(
            log, zip_code_table(), today=now.date(), only=[kept.pk, absorbed.pk]
        )
    return done


def undo_merge(merged: Merge, *, now: datetime) -> None:
    """Give everything back. Rows of a release loaded since go to the record they speak of."""
    with recording_changes() as log:
        merged = Merge.objects.select_related("kept", "absorbed").get(pk=merged.pk)
        _refuse_undo(merged)
        kept, absorbed, moved = merged.kept_id, merged.absorbed_id, merged.moved
        Facility.objects.filter(pk__in=moved["merged"]).update(merged_into=absorbed)
        Facility.objects.filter(pk=absorbed).update(merged_into=None, status=moved["status"])
        log.note(merged.absorbed.uuid, before=MERGED, after=moved["status"])
        log.note_fields(merged.kept, ["merged_records", *_fields_of(moved["records"])])
        for earlier in Facility.objects.filter(pk__in=moved["merged"]):
            log.note_fields(earlier, ["merged_into"])
        _return_rows(kept, absorbed, moved["merged"])
        _hold_both(merged)
        for model in (*REASSIGNED_MODELS, *UNIQUE_MODELS):
            keys = moved["records"].get(model._meta.model_name, [])
            model.objects.filter(pk__in=keys).update(facility=absorbed)
        merged.undone_at = now
        merged.save(update_fields=["undone_at"])
        recompute_in_transaction(log, zip_code_table(), today=now.date(), only=[kept, absorbed])


def _hold_both(merged: Merge) -> None:
    """Give the record that comes back the holds that were placed on both since."""
    since = LegalHold.objects.standing().filter(
        facility=merged.kept_id, placed_at__gte=merged.made_at
    )
    for hold in since:
        LegalHold.objects.create(
            facility_id=merged.absorbed_id, reason=hold.reason,
            placed_by_id=hold.placed_by_id, placed_at=hold.placed_at,
        )  # fmt: skip


def active_merges(merges: QuerySet[Merge]) -> QuerySet[Merge]:
    return merges.filter(undone_at__isnull=True)


def _refuse(kept: Facility, absorbed: Facility) -> None:
    if kept.pk == absorbed.pk:
        raise MergeRefused(_("A listing cannot be joined to itself."))
    if kept.merged_into_id or absorbed.merged_into_id:
        raise MergeRefused(_("One of the two was joined to another listing already."))
    for facility in (kept, absorbed):
        if not (facility.source_rows.exists() or facility.verifications.standing().exists()):
            raise MergeRefused(_("No file and no check stands behind one of the two."))


def _merged_before(kept: Facility, absorbed: Facility) -> list[int]:
    """Return records merged into ``absorbed`` earlier: from now on they lead to ``kept``."""
    earlier = Facility.objects.filter(merged_into=absorbed).order_by("pk")
    keys = list(earlier.values_list("pk", flat=True))
    earlier.update(merged_into=kept)
    return keys


def _reassign_rows(kept: Facility, absorbed: Facility) -> None:
    """Each row remembers the record that it described first."""
    rows = SourceRow.objects.filter(facility=absorbed)
    rows.filter(merged_from__isnull=True).update(merged_from=absorbed)
    rows.update(facility=kept)


def _reassign_records(kept: Facility, absorbed: Facility) -> Iterator[tuple[str, list[int]]]:
    for model in REASSIGNED_MODELS:
        records = model.objects.filter(facility=absorbed).order_by("pk")
        if model is Verification:
            records = records.exclude(fact="status")
        yield _reassign(model, records, kept)
    for model, within in UNIQUE_MODELS.items():
        records = model.objects.filter(facility=absorbed).order_by("pk")
        own = model.objects.filter(facility=kept)
        if within:
            records = records.exclude(**{f"{within}__in": own.values(within)})
        elif own.exists():
            records = records.none()
        yield _reassign(model, records, kept)


def _reassign(model: type[Model], records: QuerySet, kept: Facility) -> tuple[str, list[int]]:
    keys = list(records.values_list("pk", flat=True))
    model.objects.filter(pk__in=keys).update(facility=kept)
    return model._meta.model_name, keys


def _fields_of(records: Mapping[str, list[int]]) -> list[str]:
    """Return the fields that change with the records handed over, as the change log names them."""
    checks = Verification.objects.standing().filter(
        pk__in=records.get(Verification._meta.model_name, [])
    )
    facts = checks.order_by("fact").values_list("fact", flat=True).distinct()
    has_credentials = bool(records.get(Credential._meta.model_name))
    return [*facts, *(["credentials"] if has_credentials else [])]


def _refuse_undo(merged: Merge) -> None:
    if merged.undone_at:
        raise MergeRefused(_("Somebody has already taken this back."))
    if active_merges(Merge.objects).filter(absorbed=merged.kept_id).exists():
        raise MergeRefused(_("The kept listing was joined to another one since: undo that first."))


def _return_rows(kept: int, absorbed: int, behind: list[int]) -> None:
    rows = SourceRow.objects.filter(facility=kept, merged_from__in=[absorbed, *behind])
    rows.update(facility=absorbed)
    SourceRow.objects.filter(facility=absorbed, merged_from=absorbed).update(merged_from=None)
