"""Reads who stands behind what is shown or proposed: what the two-person rule decides upon."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model

from ..facts.value_types import UNREPORTED
from ..models import Facility, Proposal, Verification
from ..roles import VERIFY_FACILITY
from .two_person_rule import (
    STATUS,
    Testimony,
    is_double_checked,
    is_guarded,
    needs_somebody_else,
    reason_against_second_check,
)

PERMISSIONS = "django.contrib.auth.backends.ModelBackend"


def is_only_checker(user_id: int | None) -> bool:
    """Whether nobody but this person may check facilities here."""
    checkers = get_user_model().objects.with_perm(VERIFY_FACILITY, backend=PERMISSIONS)
    return not checkers.exclude(pk=user_id).exists()


def second_check_waiting_time() -> timedelta:
    """How long after the first check one person alone may make the second."""
    return settings.SECOND_CHECK_AFTER


def second_check_refusal(fact: str, value: Any, first: Testimony, second: Testimony) -> str:
    """Return why ``second`` does not confirm ``first`` on this site; "" if it does."""
    return str(
        reason_against_second_check(
            fact,
            value,
            first,
            second,
            is_alone=_keeps_site_alone(first, second),
            waiting_time=second_check_waiting_time(),
        )
    )


def needs_another_person(first: Testimony, second: Testimony) -> bool:
    """Whether one person stands behind both, in a team or too soon."""
    return needs_somebody_else(
        first,
        second,
        is_alone=_keeps_site_alone(first, second),
        waiting_time=second_check_waiting_time(),
    )


def _keeps_site_alone(first: Testimony, second: Testimony) -> bool:
    people = first.people & second.people
    return bool(people) and is_only_checker(*people)


def proposal_testimony(proposal: Proposal) -> Testimony:
    people = {proposal.made_by_id, proposal.link.made_by_id if proposal.link else None} - {None}
    return Testimony(
        frozenset(people), proposal.made_at, proposal.method, proposal.evidence_url, proposal.note
    )


def single_person_facts(
    facility: Facility,
    source_value: Callable[[str], Any],
    *,
    is_alone: bool,
) -> list[str]:
    """Return the guarded facts that no file states and behind which fewer than two people stand.

    ``source_value``: what files state of a fact.
    """
    checks = facility.verifications.standing().exclude(outcome=Verification.Outcome.NOT_CONFIRMED)
    found: dict[str, list[Verification]] = defaultdict(list)
    for check in checks.order_by("checked_at", "pk").prefetch_related("proposals__link"):
        found[check.fact].append(check)
    values = {fact: of_fact[-1].value_after for fact, of_fact in found.items()}
    return [
        fact
        for fact, value in values.items()
        if fact != STATUS
        and is_guarded(fact, value)
        and value not in UNREPORTED
        and not is_same_value(value, source_value(fact))
        and not is_double_checked(
            fact, value, testimonies_to(found[fact], value), is_alone=is_alone,
            waiting_time=second_check_waiting_time(),
        )
    ]  # fmt: skip


def testimonies_to(checks: Iterable[Verification], value: Any) -> list[Testimony]:
    """Return the testimonies of all who found this value, the earliest first."""
    testimonies = []
    for check in checks:
        if is_same_value(check.value_after, value):
            testimonies += map(proposal_testimony, check.proposals.all())
            testimonies.append(
                Testimony(
                    frozenset({check.checked_by_id} - {None}),
                    check.checked_at,
                    check.method,
                    check.evidence_url,
                    check.note,
                )
            )
    return testimonies


def is_same_value(one: Any, other: Any) -> bool:
    """Compare as JSON does: a tuple is a list, True is not 1."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(is_same_value, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)
