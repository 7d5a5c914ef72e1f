"""Where it is time to call, and when to try again."""

from datetime import UTC, datetime

import pytest

from facilities.geo import Point
from facilities.places.timezones import (
    CALLER_TIME_ZONES,
    TIME_ZONES_BY_SLUG,
    is_time_to_call,
    next_call_at_other_time_of_day,
    time_zone_at,
    weekday_morning_after,
)

EASTERN = TIME_ZONES_BY_SLUG["eastern"]


def utc(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """A moment of March 2024, whose 1st is a Friday; summer time begins on the 10th."""
    return datetime(2024, month, day, hour, minute, tzinfo=UTC)


class TestZone:
    @pytest.mark.parametrize(
        ("latitude", "longitude", "slug"),
        [
            (42.65, -73.75, "eastern"),  # Albany
            (42.33, -83.05, "eastern"),  # Detroit
            (41.88, -87.63, "central"),  # Chicago
            (39.74, -104.99, "mountain"),  # Denver
            (33.45, -112.07, "arizona"),  # Phoenix
            (34.05, -118.24, "pacific"),  # Los Angeles
            (61.22, -149.90, "alaska"),  # Anchorage
            (21.31, -157.86, "hawaii"),  # Honolulu
            (18.47, -66.11, "atlantic"),  # San Juan
            (13.47, 144.75, "chamorro"),  # Guam
            (-14.28, -170.70, "samoa"),  # Pago Pago
            (51.88, -176.65, "aleutian"),  # Adak
        ],
    )
    def test_of_a_point(self, latitude, longitude, slug):
        assert time_zone_at(Point(latitude, longitude), "XX").slug == slug

    def test_of_a_state_where_there_is_no_point(self):
        assert time_zone_at(None, "OH").slug == "eastern"
        assert time_zone_at(None, "XX") is None

    def test_tells_its_own_time(self):
        assert EASTERN.local(utc(4, 15)).strftime("%H:%M") == "10:00"
        assert EASTERN.local(utc(11, 15)).strftime("%H:%M") == "11:00"  # summer time


class TestTimeToCall:
    @pytest.mark.parametrize(
        ("moment", "is_time"),
        [
            (utc(4, 13, 59), False),  # 8:59 in New York
            (utc(4, 14), True),
            (utc(4, 21, 59), True),
            (utc(4, 22), False),  # 5 p.m.
            (utc(2, 16), False),  # Saturday
            (utc(11, 13), True),  # 9 a.m. in summer time
        ],
    )
    def test_is_from_nine_to_five_on_weekdays(self, moment, is_time):
        assert is_time_to_call(EASTERN, moment) is is_time

    def test_is_never_where_the_zone_is_unknown(self):
        assert not is_time_to_call(None, utc(4, 16))

    def test_is_somewhere_else_when_the_east_has_gone_home(self):
        open_now = [zone.slug for zone in CALLER_TIME_ZONES if is_time_to_call(zone, utc(4, 23))]

        # 4 p.m. in Denver and Phoenix, noon in Samoa, and 9 a.m. on Tuesday in Guam.
        west = ["mountain", "arizona", "pacific", "alaska", "aleutian", "hawaii", "samoa"]
        assert open_now == [*west, "chamorro"]


class TestAnotherTime:
    @pytest.mark.parametrize(
        ("moment", "then"),
        [
            (utc(4, 15), utc(4, 18)),  # Monday 10 a.m. -> Monday 1 p.m.
            (utc(4, 19), utc(5, 14)),  # Monday 2 p.m. -> Tuesday 9 a.m.
            (utc(4, 12), utc(4, 14)),  # Monday 7 a.m. -> Monday 9 a.m.
            (utc(1, 19), utc(4, 14)),  # Friday afternoon -> Monday morning
            (utc(8, 19), utc(11, 13)),  # ... over the change to summer time
            (utc(2, 15), utc(4, 18)),  # Saturday morning -> Monday afternoon
        ],
    )
    def test_is_another_part_of_a_weekday(self, moment, then):
        assert next_call_at_other_time_of_day(EASTERN, moment) == then

    def test_is_that_of_the_middle_of_the_country_where_the_zone_is_unknown(self):
        assert next_call_at_other_time_of_day(None, utc(4, 16)) == utc(4, 19)

    def test_after_days_is_a_weekday_morning(self):
        assert weekday_morning_after(EASTERN, utc(1, 19), 1) == utc(4, 14)
