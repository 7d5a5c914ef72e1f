"""Words of the staff about listings, for their own lists: the public never sees them."""

from collections.abc import Iterable
from datetime import datetime

from ..models import Facility, ListingTag


def normalize_tag(text: str) -> str:
    """Return a tag as it is stored, so that one word is one tag.

    >>> normalize_tag("  Call   back ")
    'call back'
    """
    return " ".join(text.casefold().split())


def add_tag(facilities: Iterable[Facility], tag: str, *, by, now: datetime) -> None:
    ListingTag.objects.bulk_create(
        [
            ListingTag(facility_id=facility.pk, name=tag, added_by=by, added_at=now)
            for facility in facilities
        ],
        ignore_conflicts=True,
    )


def remove_tag(facilities: Iterable[Facility], tag: str, *, by, now: datetime) -> None:
    keys = [facility.pk for facility in facilities]
    ListingTag.objects.filter(facility__in=keys, name=tag).delete()


def tags_in_use() -> list[str]:
    return list(ListingTag.objects.order_by("name").values_list("name", flat=True).distinct())
