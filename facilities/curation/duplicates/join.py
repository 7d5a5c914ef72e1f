"""Joins two listings as one person may, or lets the join wait for a second person.

One person alone joins listings where nobody is led elsewhere by it: what the kept one shows stays,
and the other is not shown or has the same number and address. Any other join would change a
number or hide a listing, so two people stand behind it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from ...facts.findings import CheckNotAllowed
from ...facts.registry import FACTS, PHONE, get_fact
from ...facts.stored_values import LISTED
from ...matching.similarity import normalize_address
from ...models import DataVersion, Facility, Merge, MergeProposal
from ...taxonomy import VOCABULARY
from ..two_person_rule import STATUS, Testimony, is_guarded
from ..witnesses import is_same_value, second_check_refusal
from .merge import merge

JOIN = "join"  # in place of a fact, where the rule is asked


class _NeedsSecondPerson(Exception):
    """Rolls the join back."""


def join_listings(
    kept: Facility, absorbed: Facility, *, by, now: datetime, method: str = "",
    evidence_url: str = "", note: str = "",
) -> Merge | MergeProposal:  # fmt: skip
    """Merge, or propose to. Raises MergeRefused, or CheckNotAllowed if this is no second check."""
    second = Testimony(frozenset({by.pk}), now, method, evidence_url, note)
    try:
        with transaction.atomic():
            DataVersion.lock()  # before any other row, as all who write do
            waiting = _waiting(kept, absorbed)
            refusals = [_refusal(each, second) for each in waiting]
            before = _guarded_values(kept)
            done = merge(kept, absorbed, by=by, now=now, note=note)
            if "" not in refusals and _leads_elsewhere(kept, absorbed, before):
                raise _NeedsSecondPerson
            MergeProposal.objects.filter(pk__in=[each.pk for each in waiting]).delete()
            return done
    except _NeedsSecondPerson:
        if refusals:
            raise CheckNotAllowed(refusals[0]) from None
    return MergeProposal.objects.create(
        kept=kept, absorbed=absorbed, method=method, evidence_url=evidence_url, note=note,
        made_by=by, made_at=now,
    )  # fmt: skip


def _waiting(kept: Facility, absorbed: Facility) -> list[MergeProposal]:
    return [*MergeProposal.objects.filter(kept=kept, absorbed=absorbed).order_by("pk")]


def _refusal(proposal: MergeProposal, second: Testimony) -> str:
    people = frozenset({proposal.made_by_id} - {None})
    first = Testimony(
        people, proposal.made_at, proposal.method, proposal.evidence_url, proposal.note
    )
    return second_check_refusal(JOIN, None, first, second)


def _guarded_values(facility: Facility) -> dict[str, Any]:
    """Return what is shown of the facts that take two people, as stored values."""
    facility = Facility.objects.get(pk=facility.pk)
    columns = {fact: getattr(facility, fact) for fact in FACTS if fact != "position"}
    values = {fact: value for fact, value in columns.items() if is_guarded(fact, value)}
    values[STATUS] = facility.status
    values["position"] = [facility.latitude, facility.longitude]
    claims = [each for each in VOCABULARY if get_fact(each.fact).needs_second_check]
    values["accreditation"] = [
        (each in facility.offered, each in facility.denied) for each in claims
    ]
    return values


def _leads_elsewhere(kept: Facility, absorbed: Facility, before: dict[str, Any]) -> bool:
    if not is_same_value(_as_pairs(before), _as_pairs(_guarded_values(kept))):
        return True
    if absorbed.status != LISTED:
        return False
    is_same_number = absorbed.phone and absorbed.phone == before[PHONE]  # "" may be withheld
    return not is_same_number or _address(absorbed) != _address(kept)


def _as_pairs(values: dict[str, Any]) -> list:
    return sorted(values.items(), key=lambda pair: pair[0])


def _address(facility: Facility) -> tuple[str, ...]:
    return normalize_address(facility.street, facility.zip)
