"""Programs that one organization runs at one address, among the results of a page."""

from collections.abc import Iterable
from functools import lru_cache

from ..models import Facility
from ..text_normalization import normalize_text
from .run import SearchHit

CACHE_SIZE = 5_000  # different names, streets and cities


def group_programs(hits: Iterable[SearchHit]) -> list[list[SearchHit]]:
    """Group hits of one organization at one address; groups and hits keep their order.

    The later programs of a group thereby move up to its first one. A private address groups
    nothing: it would say which facilities share it.
    """
    groups: dict[tuple[str, ...], list[SearchHit]] = {}
    for hit in hits:
        groups.setdefault(_place_and_organization(hit.facility), []).append(hit)
    return [*groups.values()]


def _place_and_organization(facility: Facility) -> tuple[str, ...]:
    if facility.is_address_confidential or not facility.street:
        return (facility.code,)
    return (
        _normalized(facility.name),
        _normalized(facility.street),
        _normalized(facility.city),
        facility.state,
    )


@lru_cache(maxsize=CACHE_SIZE)
def _normalized(stated: str) -> str:
    return normalize_text(stated)
