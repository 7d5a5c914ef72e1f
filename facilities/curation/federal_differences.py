"""Where what we checked differs from the files, for SAMHSA or a state to take over.

A difference is open while the newest file says otherwise, and taken over once it says the same. No
name of a curator, no note and nothing of a confidential address is in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..facts.registry import PRIVATE_FACTS, STATED_FACTS
from ..models import Facility, Release, Verification
from ..places.service_area import ServiceArea
from ..resolution.resolve import resolve_facts
from ..resolution.snapshot import read_snapshot
from ..rules.freshness import SERVICE_PREFIX

Outcome = Verification.Outcome


@dataclass(frozen=True)
class FederalDifference:
    """One fact: what the newest file states, what was found, and how.

    ``was_stated``: what the file of the day of the check stated. ``release``: the newest one that
    states the facility.
    """

    facility: Facility
    fact: str
    was_stated: Any
    is_stated: Any
    found: Any
    check: Verification
    release: Release | None

    @property
    def is_taken_over(self) -> bool:
        return self.is_stated == self.found


def read_federal_differences(area: ServiceArea, today: date) -> list[FederalDifference]:
    """Return open differences first, each by state, city and name; a bounded number of queries."""
    checks = Verification.objects.standing().filter(
        area.as_q("facility"),
        outcome__in=(Outcome.CONFIRMED, Outcome.CORRECTED),
        facility__status=Facility.Status.LISTED,
    )
    keys = set(checks.values_list("facility", flat=True))
    if not keys:
        return []
    snapshot = read_snapshot(only=keys)
    facilities = Facility.objects.in_bulk(keys)
    releases = {release.pk: release for release in snapshot.releases}
    found = [
        difference
        for key in keys
        for difference in _differences_of(
            facilities[key],
            snapshot.statements.get(key, ()),
            snapshot.checks.get(key, ()),
            releases,
            today,
        )
    ]
    return sorted(found, key=_order)


def _order(difference: FederalDifference) -> tuple:
    place = difference.facility
    return (
        difference.is_taken_over,
        place.state,
        place.city,
        place.name_key,
        place.pk,
        difference.fact,
    )


def _differences_of(
    facility: Facility, statements, checks, releases: dict[int, Release], today: date
) -> Iterator[FederalDifference]:
    if not statements:
        return
    resolved = resolve_facts(tuple(statements), checks, today)
    private = PRIVATE_FACTS if facility.is_address_confidential else frozenset()
    for check in {check.fact: check for check in checks}.values():
        is_sent = check.fact in STATED_FACTS or check.fact.startswith(SERVICE_PREFIX)
        if not is_sent or check.fact in private or check.outcome == Outcome.NOT_CONFIRMED:
            continue
        is_stated = resolved.source_value(check.fact)
        if check.value_after == is_stated and check.source_value == is_stated:
            continue  # there was never a difference
        yield FederalDifference(
            facility=facility,
            fact=check.fact,
            was_stated=check.source_value,
            is_stated=is_stated,
            found=check.value_after,
            check=check,
            release=releases.get(resolved.source_release_id),
        )
