"""Miles, directions and boxes against distances known from elsewhere."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.geo import (
    EARTH_RADIUS_MILES,
    BoundingBox,
    Point,
    bounding_box,
    compass_direction,
    cosine_of_miles,
    miles_between,
    miles_from_dot,
    unit_vector,
)

NEW_YORK = Point(40.7128, -74.0060)
LOS_ANGELES = Point(34.0522, -118.2437)
COLUMBUS = Point(39.9612, -82.9988)
ATTU = Point(52.9, 172.9)
ADAK = Point(51.88, -176.65)
GUAM = Point(13.4443, 144.7863)

points = st.builds(
    Point, st.floats(-90, 90, allow_nan=False), st.floats(-180, 180, allow_nan=False)
)


def dot(a: Point, b: Point) -> float:
    return sum(p * q for p, q in zip(unit_vector(a), unit_vector(b), strict=True))


def holds(box: BoundingBox, point: Point) -> bool:
    return box.south <= point.latitude <= box.north and any(
        west <= point.longitude <= east for west, east in box.longitude_ranges
    )


class TestPoint:
    @pytest.mark.parametrize("latitude", [900, -90.0001, math.nan, math.inf])
    def test_refuses_a_latitude_off_the_earth(self, latitude):
        with pytest.raises(ValueError, match="Latitude must lie between -90 and 90"):
            Point(latitude, 0)

    @pytest.mark.parametrize("longitude", [181, -180.5, math.nan])
    def test_refuses_a_longitude_off_the_earth(self, longitude):
        with pytest.raises(ValueError, match="Longitude must lie between -180 and 180"):
            Point(0, longitude)


class TestMiles:
    def test_between_new_york_and_los_angeles_are_2446(self):
        assert miles_between(NEW_YORK, LOS_ANGELES) == pytest.approx(2445.56, abs=0.05)

    def test_of_one_degree_north_are_69(self):
        assert miles_between(Point(40, -83), Point(41, -83)) == pytest.approx(69.0934, abs=1e-4)

    def test_across_the_date_line_take_the_short_way(self):
        assert miles_between(Point(0, 179.5), Point(0, -179.5)) == pytest.approx(69.0934, abs=1e-4)

    def test_of_opposite_points_are_half_the_circumference(self):
        half = math.pi * EARTH_RADIUS_MILES
        assert miles_between(Point(0, 0), Point(0, 180)) == pytest.approx(half)

    @given(points, points)
    def test_from_a_dot_product_equal_the_haversine(self, a, b):
        if miles_between(a, b) < 12_400:  # both formulas blur at the antipodes
            assert miles_from_dot(dot(a, b)) == pytest.approx(miles_between(a, b), abs=0.01)

    def test_from_an_array_of_dot_products_stay_in_order(self):
        dots = np.array([1.0000000000000002, dot(NEW_YORK, LOS_ANGELES), -1.0000000000000002])

        miles = miles_from_dot(dots)

        assert miles == pytest.approx([0, 2445.56, math.pi * EARTH_RADIUS_MILES], abs=0.05)

    def test_turn_into_the_least_cosine_within_them(self):
        assert miles_from_dot(cosine_of_miles(25)) == pytest.approx(25)
        assert cosine_of_miles(-1) == 1
        assert cosine_of_miles(1e9) == -1


class TestBox:
    def test_of_25_miles_around_columbus_is_a_degree_wide(self):
        box = bounding_box(COLUMBUS, 25)

        assert box.north - COLUMBUS.latitude == pytest.approx(0.3618, abs=1e-4)  # 25 / 69.0934
        assert box.east - COLUMBUS.longitude == pytest.approx(0.4721, abs=1e-4)
        assert box.longitude_ranges == ((box.west, box.east),)

    def test_across_the_date_line_has_two_ranges(self):
        box = bounding_box(ATTU, 500)

        (_, end), (start, _) = box.longitude_ranges
        assert (end, start) == (180, -180)
        assert holds(box, ADAK)
        assert not holds(box, GUAM)

    def test_over_a_pole_spans_all_longitudes(self):
        box = bounding_box(Point(89.9, 10), 50)
        assert (box.north, box.west, box.east) == (90, -180, 180)

    def test_of_the_whole_earth_holds_everything(self):
        assert bounding_box(NEW_YORK, 1e6) == BoundingBox(-90, 90, -180, 180)

    @given(points, points, st.floats(0, 500))
    def test_holds_every_point_within_the_miles(self, centre, other, miles):
        if miles_between(centre, other) <= miles:
            assert holds(bounding_box(centre, miles), other)

    @given(points, st.floats(1, 500), st.floats(0, 360))
    def test_holds_every_point_on_the_rim(self, centre, miles, bearing):
        rim = travelled(centre, miles * 0.999999, bearing)
        assert holds(bounding_box(centre, miles), rim)


class TestDirection:
    @pytest.mark.parametrize(
        ("to", "expected"),
        [
            (Point(41.4993, -81.6944), "NE"),  # Cleveland
            (Point(39.1031, -84.5120), "SW"),  # Cincinnati
            (Point(41.6528, -83.5379), "N"),  # Toledo
            (Point(40.7989, -81.3784), "NE"),  # Canton
            (Point(39.9625, -82.0), "E"),
            (Point(38.4, -83.0), "S"),
        ],
    )
    def test_from_columbus_is_as_on_a_map_of_ohio(self, to, expected):
        assert compass_direction(COLUMBUS, to) == expected

    def test_across_the_date_line_is_east(self):
        assert compass_direction(ATTU, ADAK) == "E"

    def test_to_the_same_point_is_none(self):
        assert compass_direction(GUAM, GUAM) == ""


def travelled(start: Point, miles: float, bearing: float) -> Point:
    """Where ``miles`` from ``start`` towards ``bearing`` end."""
    angle, turn = miles / EARTH_RADIUS_MILES, math.radians(bearing)
    latitude, longitude = math.radians(start.latitude), math.radians(start.longitude)
    sine = math.sin(latitude) * math.cos(angle)
    sine += math.cos(latitude) * math.sin(angle) * math.cos(turn)
    aside = math.atan2(
        math.sin(turn) * math.sin(angle) * math.cos(latitude),
        math.cos(angle) - math.sin(latitude) * sine,
    )
    degrees = math.degrees(longitude + aside)
    return Point(math.degrees(math.asin(max(-1, min(1, sine)))), (degrees + 540) % 360 - 180)
