"""What to look at twice before a value is taken: nothing here refuses."""

from typing import Any
from urllib.parse import urlsplit

from django.db.models import Count
from django.utils.translation import gettext as _

from ..models import Facility

TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})


def warnings(facility: Facility, fact: str, value: Any) -> tuple[str, ...]:
    """Sentences for whoever is about to change the fact to this (clean) value."""
    if fact == "phone" and value and value != facility.phone:
        return tuple(_of_a_phone(facility, value))
    if fact == "website" and value and facility.website:
        return tuple(_of_a_website(facility.website, value))
    return ()


def _of_a_phone(facility: Facility, number: str):
    area = number[:3]
    if area in TOLL_FREE:
        if facility.phone and facility.phone[:3] not in TOLL_FREE:
            yield _(
                "A toll-free number replaces a local one. It may belong to a call center or a"
                " referral seller. Ask who answers it."
            )
        return
    home = _state_of(area)
    if home and home != facility.state:
        yield _("Area code %(area)s is used mostly in %(state)s. Make sure it is theirs.") % {
            "area": area, "state": home,
        }  # fmt: skip


def _state_of(area: str) -> str:
    """Where most listings have the area code; "" for one that no listing has."""
    states = (
        Facility.objects.listed()
        .filter(phone__startswith=f"{area}-")
        .values("state")
        .annotate(times=Count("pk"))
        .order_by("-times", "state")
    )
    most = states.first()
    return most["state"] if most else ""


def _of_a_website(now: str, then: str):
    before, after = _domain(now), _domain(then)
    if before != after and not after.endswith(f".{before}") and not before.endswith(f".{after}"):
        yield _(
            "The domain changes from %(before)s to %(after)s. Domains of closed facilities are"
            " bought up: make sure it is theirs."
        ) % {"before": before, "after": after}


def _domain(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
