"""What time it is where a facility is, and when its line is likely to be answered.

Zones that have told the same time all year since 1970 or so are one for a caller: Detroit and New
York are both Eastern. The clocks of 2024, in winter and summer, decide which zones those are.
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
class CallerTimeZone:
    """A group of time zones by the name that callers know."""

    slug: str
    label: str | Promise
    key: str

    def local(self, now: datetime) -> datetime:
        return now.astimezone(ZoneInfo(self.key))


CALLER_TIME_ZONES = (
    CallerTimeZone("atlantic", _("Atlantic time"), "America/Puerto_Rico"),
    CallerTimeZone("eastern", _("Eastern time"), "America/New_York"),
    CallerTimeZone("central", _("Central time"), "America/Chicago"),
    CallerTimeZone("mountain", _("Mountain time"), "America/Denver"),
    CallerTimeZone("arizona", _("Arizona time"), "America/Phoenix"),
    CallerTimeZone("pacific", _("Pacific time"), "America/Los_Angeles"),
    CallerTimeZone("alaska", _("Alaska time"), "America/Anchorage"),
    CallerTimeZone("aleutian", _("Aleutian time"), "America/Adak"),
    CallerTimeZone("hawaii", _("Hawaii time"), "Pacific/Honolulu"),
    CallerTimeZone("samoa", _("Samoa time"), "Pacific/Pago_Pago"),
    CallerTimeZone("chamorro", _("Chamorro time"), "Pacific/Guam"),
)
TIME_ZONES_BY_SLUG = {zone.slug: zone for zone in CALLER_TIME_ZONES}


def time_zone_at(point: Point | None, state: str) -> CallerTimeZone | None:
    """Return the zone of a point; without one, or at sea, that of the middle of the state."""
    return (_at(point) if point else None) or _of_state(state)


def is_time_to_call(zone: CallerTimeZone | None, now: datetime) -> bool:
    if zone is None:
        return False
    local = zone.local(now)
    return local.weekday() not in WEEKEND and BEGIN <= local.time() < END


def next_call_at_other_time_of_day(zone: CallerTimeZone | None, now: datetime) -> datetime:
    """Return the next time at which to call: after a morning an afternoon, or the reverse.

    It is on a weekday: a call of Friday afternoon is repeated on Monday morning.
    """
    local = _local(zone, now)
    if BEGIN <= local.time() < NOON:
        return _weekday(local, NOON)
    return _weekday(local if local.time() < BEGIN else local + timedelta(days=1), BEGIN)


def weekday_morning_after(zone: CallerTimeZone | None, now: datetime, days: int) -> datetime:
    """Return the morning of the first weekday at least ``days`` days away."""
    return _weekday(_local(zone, now) + timedelta(days=days), BEGIN)


def _local(zone: CallerTimeZone | None, now: datetime) -> datetime:
    return (zone or TIME_ZONES_BY_SLUG["central"]).local(now)


def _weekday(day: datetime, at: time) -> datetime:
    while day.weekday() in WEEKEND:
        day += timedelta(days=1)
    return datetime.combine(day.date(), at, day.tzinfo).astimezone(UTC)


def _at(point: Point) -> CallerTimeZone | None:
    return _grouped(get_tz(point.longitude, point.latitude))


@cache
def _of_state(state: str) -> CallerTimeZone | None:
    points = (Point(row.latitude, row.longitude) for row in states() if row.code == state)
    return next((_at(point) for point in points), None)


@cache
def _grouped(key: str) -> CallerTimeZone | None:
    if not key or key.startswith("Etc/"):
        return None
    offsets = _offsets(key)
    return next((zone for zone in CALLER_TIME_ZONES if _offsets(zone.key) == offsets), None)


@cache
def _offsets(key: str) -> tuple[timedelta | None, ...]:
    return tuple(season.astimezone(ZoneInfo(key)).utcoffset() for season in _SEASONS)
