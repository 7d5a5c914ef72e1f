"""Warnings about a value before it is saved. They never refuse it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from ..models import Facility
from ..models.versioned_cache import versioned_cache
from .two_person_rule import NUMBERS
from .website_checks.network import have_same_registered_domain

TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})
AREA_CODE_LENGTH = 3  # digits


def change_warnings(
    facility: Facility, fact: str, value: Any, *, homes: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return sentences for whoever is about to change the fact to this (clean) value.

    ``homes``: area code -> state, from callers that ask about many; looked up otherwise.
    """
    if fact in NUMBERS - {"phone_extension"}:
        before, after = (_area_codes(each) for each in (getattr(facility, fact), value))
        return tuple(_phone_warnings(facility, before, after, homes))
    if fact == "website" and value and facility.website:
        return tuple(_website_warnings(facility.website, value))
    return ()


def _area_codes(value: Any) -> dict[str, str]:
    numbers = [each["number"] for each in value] if isinstance(value, list | tuple) else [value]
    return {number: number[:AREA_CODE_LENGTH] for number in numbers if number}


def _phone_warnings(
    facility: Facility, before: dict[str, str], after: dict[str, str], homes
) -> Iterator[str]:
    come = {after[number]: None for number in after if number not in before}
    gone = [before[number] for number in before if number not in after]
    if not TOLL_FREE.isdisjoint(come) and not TOLL_FREE.issuperset(gone):
        yield _(
            "A toll-free number replaces a local one. It may belong to a call center or a"
            " referral seller. Ask who answers it."
        )
    yield from _area_code_warnings(
        facility, (area for area in come if area not in TOLL_FREE), homes
    )


def _area_code_warnings(facility: Facility, areas: Iterable[str], homes) -> Iterator[str]:
    for area in areas:
        known = _area_code_states() if homes is None else homes
        if known.get(area, facility.state) != facility.state:
            yield _("Area code %(area)s is used mostly in %(state)s. Make sure it is theirs.") % {
                "area": area, "state": known[area],
            }  # fmt: skip


@versioned_cache(maxsize=1)
def _area_code_states() -> Mapping[str, str]:
    """Return area code -> the state of most listings that have it."""
    counts = (
        Facility.objects.listed()
        .exclude(phone="")
        .annotate(area=Substr("phone", 1, AREA_CODE_LENGTH))
        .values("area", "state")
        .annotate(times=Count("pk"))
        .order_by("times", "-state")
    )
    return {each["area"]: each["state"] for each in counts}


def _website_warnings(now: str, then: str) -> Iterator[str]:
    before, after = (urlsplit(each).hostname or "" for each in (now, then))
    if not have_same_registered_domain(before, after):
        yield _(
            "The domain changes from %(before)s to %(after)s. Domains of closed facilities are"
            " bought up: make sure it is theirs."
        ) % {"before": before.removeprefix("www."), "after": after.removeprefix("www.")}
