"""The difficulties of real rows, added to some invented ones on purpose.

Each is a case that loading, search or a facility's page has to get right; the real file has all
of them. No row has two.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random

from .consistency import OPIOID_TREATMENTS
from .listings import DemoListing
from .names import MAX_NAME_LENGTH
from .tables import service_codes_in_category

PAYMENT = frozenset(service_codes_in_category("PAY"))
# All that the shortest real rows state.
MINIMAL_CODES = frozenset({"SA", *service_codes_in_category("SET")})


@dataclass(frozen=True)
class EdgeCase:
    """``change`` is made to ``listings`` facilities that it ``fits``; ``why`` says what for."""

    slug: str
    why: str
    listings: int
    fits: Callable[[DemoListing], bool]
    change: Callable[[DemoListing], DemoListing]


def _with(*codes: str) -> Callable[[DemoListing], DemoListing]:
    return lambda listing: replace(listing, codes=listing.codes | set(codes))


def _without(codes: Iterable[str]) -> Callable[[DemoListing], DemoListing]:
    return lambda listing: replace(listing, codes=listing.codes.difference(codes))


def _lists(*codes: str) -> Callable[[DemoListing], bool]:
    return lambda listing: listing.codes.issuperset(codes)


def _is_ordinary(listing: DemoListing) -> bool:
    return listing.profile.slug in {"intensive-outpatient", "counseling", "mental-health-center"}


def _with_long_name(listing: DemoListing) -> DemoListing:
    name = f"{listing.name} and Wellness Association of Placeholder"
    return replace(listing, name=name[:MAX_NAME_LENGTH].rstrip().ljust(MAX_NAME_LENGTH, "s"))


def _with_extension(listing: DemoListing) -> DemoListing:
    return replace(listing, phone=f"{listing.phone} x{int(listing.phone[-2:]) + 201}")


def _with_stray_spaces(listing: DemoListing) -> DemoListing:
    return replace(listing, name=f"{listing.name} ", street=f" {listing.street}")


EDGE_CASES = (
    EdgeCase(
        "opioid-detox-denied", "NOOP beside ODTX: the file contradicts itself", 3,
        lambda listing: _lists("ODTX", "ADTX")(listing) and "OTP" not in listing.codes,
        _with("NOOP"),
    ),
    EdgeCase(
        "medication-denied", "NMOA beside BU: the file contradicts itself", 3,
        lambda listing: _lists("BU")(listing) and "OTP" not in listing.codes, _with("NMOA"),
    ),
    EdgeCase(
        "detox-only-buprenorphine", "DB without BUM or MM: the medication ends with detox", 4,
        lambda listing: _lists("DB")(listing) and "OTP" not in listing.codes,
        _without({"BUM", "MM", "MWS"}),
    ),
    EdgeCase(
        "no-opioid-medication-after-detox", "opioid detox that lists no medication at all", 3,
        lambda listing: _lists("ODTX", "RD")(listing) and "OTP" not in listing.codes,
        _without({
            *OPIOID_TREATMENTS, *service_codes_in_category("OM"),
            *service_codes_in_category("OMSC"), "OMB", "NMOA",
        }),
    ),
    EdgeCase(
        "payment-unanswered", "no payment code: not reported, where others have not listed", 5,
        _is_ordinary, _without(PAYMENT | {"PA", "SS"}),
    ),
    EdgeCase(
        "gender-unanswered", "neither FEM nor MALE: not reported", 3,
        _is_ordinary, _without({"FEM", "MALE", "WN", "PW", "MN"}),
    ),
    EdgeCase(
        "almost-empty", "type of care and setting are all that was answered", 3,
        _is_ordinary, lambda listing: replace(listing, codes=listing.codes & MINIMAL_CODES),
    ),
    EdgeCase("long-name", "a name cut at 38 characters", 5, _is_ordinary, _with_long_name),
    EdgeCase("extension", 'a phone with an extension, "x201"', 20, _is_ordinary, _with_extension),
    EdgeCase("stray-spaces", "spaces at name and street", 3, _is_ordinary, _with_stray_spaces),
)  # fmt: skip


def apply_edge_cases(listings: list[DemoListing], rng: Random) -> list[DemoListing]:
    changed = list(listings)
    order = list(range(len(listings)))
    rng.shuffle(order)
    for difficulty in EDGE_CASES:
        fitting = [i for i in order if not changed[i].difficulty and difficulty.fits(changed[i])]
        for index in fitting[: difficulty.listings]:
            hard = difficulty.change(changed[index])
            changed[index] = replace(hard, difficulty=difficulty.slug)
    return share_phones(changed)


def share_phones(listings: list[DemoListing]) -> list[DemoListing]:
    shared = list(listings)
    for index in range(12, len(listings), 12):
        before, own = shared[index - 1], shared[index]
        if before.place.city == own.place.city and not own.difficulty:
            shared[index] = replace(own, phone=before.phone, difficulty="shared-phone")
    return shared
