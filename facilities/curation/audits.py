"""The random audit: which listings a seed draws, and what the calls to them found."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from ..models import Audit, AuditCall, Facility
from ..places.service_area import ServiceArea

Outcome = AuditCall.Outcome
LARGEST_SEED = 2**31 - 1
LARGEST_SIZE = 2_000


class EmptySample(Exception):
    """No listing stands in the area."""


@dataclass(frozen=True)
class AuditSummary:
    """What the calls of one audit have found so far. Nobody answering counts against a listing."""

    audit: Audit
    drawn: int
    right: int
    reached: int
    wrong: int
    no_answer: int

    @property
    def call_count(self) -> int:
        return self.right + self.reached + self.wrong + self.no_answer

    @property
    def reached_count(self) -> int:
        return self.right + self.reached


def create_audit(*, size: int, seed: int, area: ServiceArea, today: date) -> Audit:
    """Draw a sample of the listings of an area, to be called. Raises EmptySample.

    The same seed draws the same listings on every engine and machine, in the same order, and a
    listing that comes or goes moves no other.
    """
    listed = Facility.objects.listed().filter(area.as_q()).values_list("uuid", "pk")
    drawn = sorted(listed, key=lambda pair: sample_order_key(seed, pair[0]))[:size]
    if not drawn:
        raise EmptySample
    with transaction.atomic():
        audit = Audit.objects.create(seed=seed, size=len(drawn), sampled_on=today)
        AuditCall.objects.bulk_create(
            AuditCall(audit=audit, facility_id=key) for _uuid, key in drawn
        )
    return audit


def sample_order_key(seed: int, identity: UUID) -> bytes:
    """Return what decides who is drawn first: nobody can choose it, anybody can check it."""
    return hashlib.sha256(f"{seed}:{identity}".encode()).digest()


def record_call(call: AuditCall, *, outcome: str, note: str, by, now: datetime) -> None:
    call.outcome, call.note, call.called_by, call.called_at = Outcome(outcome), note, by, now
    call.save(update_fields=["outcome", "note", "called_by", "called_at"])


def next_call(audit: Audit) -> AuditCall | None:
    """Follow the order of the draw, so that stopping early leaves a random sample too."""
    return audit.calls.filter(outcome="").order_by("pk").first()


def summarize_audit(audit: Audit) -> AuditSummary:
    found = Counter(audit.calls.values_list("outcome", flat=True))
    return AuditSummary(
        audit, sum(found.values()), found[Outcome.RIGHT], found[Outcome.REACHED],
        found[Outcome.WRONG], found[Outcome.NO_ANSWER],
    )  # fmt: skip


def has_been_called() -> bool:
    return AuditCall.objects.filter(called_at__isnull=False).exists()


def latest_audit_summary() -> AuditSummary | None:
    called = Audit.objects.filter(calls__called_at__isnull=False)
    audit = called.order_by("-sampled_on", "-pk").first()
    return summarize_audit(audit) if audit else None
