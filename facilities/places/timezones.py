"""What time it is where a facility is, and when its line is likely to be answered.

Zones that have told the same time all year since 1970 or so are one for a caller: Detroit and New
York are both Eastern. Which is which is worked out from the clocks of 2024, winter and summer.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from tzfpy import get_tz

from ..geo import Point
from .tables import states

BEGIN, NOON, END = time(9), time(13), time(17)  # when to call, on weekdays; local time
WEEKEND = (5, 6)
_SEASONS = (datetime(2024, 1, 15, tzinfo=UTC), datetime(2024, 7, 15, tzinfo=UTC))


@dataclass(frozen=True)
class Zone:
    """A group of time zones by the name that callers know."""

    slug: str
    label: str | Promise
    key: str

    def local(self, now: datetime) -> datetime:
        return now.astimezone(ZoneInfo(self.key))


ZONES = (
    Zone("atlantic", _("Atlantic time"), "America/Puerto_Rico"),
    Zone("eastern", _("Eastern time"), "America/New_York"),
    Zone("central", _("Central time"), "America/Chicago"),
    Zone("mountain", _("Mountain time"), "America/Denver"),
    Zone("arizona", _("Arizona time"), "America/Phoenix"),
    Zone("pacific", _("Pacific time"), "America/Los_Angeles"),
    Zone("alaska", _("Alaska time"), "America/Anchorage"),
    Zone("aleutian", _("Aleutian time"), "America/Adak"),
    Zone("hawaii", _("Hawaii time"), "Pacific/Honolulu"),
    Zone("samoa", _("Samoa time"), "Pacific/Pago_Pago"),
    Zone("chamorro", _("Chamorro time"), "Pacific/Guam"),
)
BY_SLUG = {zone.slug: zone for zone in ZONES}


def zone_of(point: Point | None, state: str) -> Zone | None:
    """The zone of a point; without one, or at sea, that of the middle of the state."""
    return (_at(point) if point else None) or _of_state(state)


def is_time_to_call(zone: Zone | None, now: datetime) -> bool:
    """Whether it is a weekday between 9 and 5 there."""
    if zone is None:
        return False
    local = zone.local(now)
    return local.weekday() not in WEEKEND and BEGIN <= local.time() < END


def another_time(zone: Zone | None, now: datetime) -> datetime:
    """The next time to call at another time of day: after a morning the afternoon, or the reverse.

    On a weekday: a call of Friday afternoon is repeated on Monday morning.
    """
    local = _local(zone, now)
    if BEGIN <= local.time() < NOON:
        return _weekday(local, NOON)
    return _weekday(local if local.time() < BEGIN else local + timedelta(days=1), BEGIN)


def after_days(zone: Zone | None, now: datetime, days: int) -> datetime:
    """The morning of the first weekday at least so many days away."""
    return _weekday(_local(zone, now) + timedelta(days=days), BEGIN)


def _local(zone: Zone | None, now: datetime) -> datetime:
    return (zone or BY_SLUG["central"]).local(now)


def _weekday(day: datetime, at: time) -> datetime:
    while day.weekday() in WEEKEND:
        day += timedelta(days=1)
    return datetime.combine(day.date(), at, day.tzinfo).astimezone(UTC)


def _at(point: Point) -> Zone | None:
    return _grouped(get_tz(point.longitude, point.latitude))


@cache
def _of_state(state: str) -> Zone | None:
    points = (Point(row.latitude, row.longitude) for row in states() if row.code == state)
    return next((_at(point) for point in points), None)


@cache
def _grouped(key: str) -> Zone | None:
    if not key or key.startswith("Etc/"):
        return None
    offsets = _offsets(key)
    return next((zone for zone in ZONES if _offsets(zone.key) == offsets), None)


@cache
def _offsets(key: str) -> tuple[timedelta | None, ...]:
    return tuple(season.astimezone(ZoneInfo(key)).utcoffset() for season in _SEASONS)
