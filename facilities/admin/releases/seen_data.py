"""What state of the data a person saw before a load, and whether it still holds."""

from typing import NamedTuple

from ...models import DataVersion, Release, VersionStamp, changes_since


class SeenData(NamedTuple):
    """The state of the data that a person saw; 0 for no release."""

    number: int
    token: str
    release: int

    def __str__(self) -> str:
        return "-".join(map(str, self))

    @classmethod
    def now(cls) -> "SeenData":
        last = Release.objects.order_by("pk").values_list("pk", flat=True).last()
        return cls(*DataVersion.current(), last or 0)


def is_preview_still_valid(seen: SeenData | None) -> bool:
    """Whether others have changed no more than single facilities, which the load merges."""
    now = SeenData.now()
    if seen is None or seen.release != now.release:
        return False
    return seen == now or changes_since(VersionStamp(seen.number, seen.token)) is not None
