"""Listings that share a phone number, a website's domain or an operator's name.

One call to a shared number can settle one thing for all of them: that it answers for the
organization. What a place offers, takes and costs is asked for each address.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from ..facts.findings import CheckNotRecorded
from ..facts.registry import PHONE
from ..models import Conflict, Facility, Proposal, Verification
from ..places.service_area import ServiceArea
from ..text_normalization import normalize_text
from . import FactCheck, record_checks

PHONE_NUMBER, DOMAIN, OPERATOR = "phone", "domain", "operator"
Outcome, Method = Verification.Outcome, Verification.Method


@dataclass(frozen=True)
class GroupMember:
    """One listing of a group, as its page lists it."""

    pk: int
    name: str
    program_name: str
    city: str
    state: str
    phone: str
    website: str
    last_verified_on: date | None


@dataclass(frozen=True)
class ListingGroup:
    """Listings that share ``key``: a number, a domain or an operator's normalized name."""

    key: str
    members: tuple[GroupMember, ...]

    @property
    def label(self) -> str:
        return self.key if self.key[:1].isdigit() or "." in self.key else self.members[0].name

    @property
    def operators(self) -> tuple[str, ...]:
        """The names of those who seem to run the places, each once."""
        names = {normalize_text(member.name): member.name for member in self.members}
        return tuple(names[key] for key in sorted(names))


def group_by_organization(area: ServiceArea, by: str) -> list[ListingGroup]:
    """Return the groups of two and more, largest first, in one query."""
    fields = GroupMember.__dataclass_fields__
    rows = Facility.objects.listed().filter(area.as_q()).order_by("name_key", "pk")
    groups: dict[str, list[GroupMember]] = defaultdict(list)
    for row in rows.values_list(*fields):
        member = GroupMember(*row)
        if key := grouping_key(member, by):
            groups[key].append(member)
    found = [ListingGroup(key, tuple(members)) for key, members in groups.items()]
    return sorted(
        (group for group in found if len(group.members) > 1),
        key=lambda group: (-len(group.members), group.key),
    )


def find_group(area: ServiceArea, by: str, key: str) -> ListingGroup | None:
    return next((group for group in group_by_organization(area, by) if group.key == key), None)


def grouping_key(member: GroupMember, by: str) -> str:
    if by == PHONE_NUMBER:
        return member.phone
    if by == DOMAIN:
        try:
            return (urlsplit(member.website).hostname or "").removeprefix("www.")
        except ValueError:
            return ""
    return normalize_text(member.name)


def facilities_to_ask_separately(facilities: Iterable[int]) -> set[int]:
    """Return those whose number is in conflict with a file, or which somebody wants to change."""
    keys = list(facilities)
    conflicts = Conflict.objects.filter(facility__in=keys, fact=PHONE)
    proposals = Proposal.objects.filter(facility__in=keys, fact=PHONE, state=Proposal.State.WAITING)
    return {
        *conflicts.values_list("facility", flat=True),
        *proposals.values_list("facility", flat=True),
    }


def confirm_shared_number(
    number: str, facilities: Iterable[int], *, by, now: datetime
) -> tuple[int, list[str]]:
    """Record that a number answers for these listings; return how many, and what was refused.

    Nothing but the number is confirmed.
    """
    keys, refused, recorded = list(facilities), [], 0
    alone = facilities_to_ask_separately(keys)
    for facility in Facility.objects.filter(pk__in=keys, phone=number).order_by("pk"):
        if facility.pk in alone:
            refused.append(
                _("%(name)s: its number is disputed. Ask about it by itself.")
                % {"name": facility.name}
            )
            continue
        check = FactCheck(
            PHONE,
            Outcome.CONFIRMED,
            number,
            method=Method.PHONE,
            note=_("The number answers for the organization; asked for several listings at once."),
            seen=number,
        )
        try:
            record_checks(facility, [check], by=by, now=now)
        except CheckNotRecorded as error:
            refused.append(f"{facility.name}: {error}")
        else:
            recorded += 1
    return recorded, refused
