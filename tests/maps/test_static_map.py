"""The locator: true to distance and direction, light, and said in words as well."""

import gzip
import json
import re

import numpy as np
import pytest

from facilities.geo import Point, miles_between, unit_vector
from facilities.maps.build_shapes import DIGITS, encode_shapes, point_weights
from facilities.maps.drawing import MapView, draw_basemap
from facilities.maps.markers import LEAST_DISTANCE, declutter_markers
from facilities.maps.projection import TangentPlane
from facilities.maps.shapes import read_shapes
from facilities.maps.static_map import MapMarker, draw_area_map, draw_map_around, state_fips

from ..support.factories import make_facility
from ..support.html import Page

BROOKLYN = Point(40.7, -73.94)
NOBODY = np.empty((3, 0))


def located(html: str) -> str:
    """The locator's part of a page, "" without one."""
    figures = Page(html).all("figure.locator")
    return figures[0].html if figures else ""


class TestPlane:
    @pytest.mark.parametrize("place", [(40.9, -73.5), (34.05, -118.24), (61.2, -149.9)])
    def test_keeps_distance_from_its_center(self, place):
        east, north = TangentPlane(BROOKLYN).miles(np.array([unit_vector(Point(*place))]).T)[:, 0]

        assert np.hypot(east, north) == pytest.approx(miles_between(BROOKLYN, Point(*place)))

    def test_does_not_tear_at_the_date_line(self):
        plane = TangentPlane(Point(52, 179.9))
        east, _ = plane.miles(np.array([unit_vector(Point(52, -179.9))]).T)[:, 0]

        assert east == pytest.approx(8.5, abs=0.1)  # 0.2 degrees at 52 north


class TestShapes:
    def test_have_the_eight_old_counties_of_connecticut(self):
        counties = {fips for fips in read_shapes().counties.of.tolist() if fips // 1000 == 9}

        assert counties == {9001, 9003, 9005, 9007, 9009, 9011, 9013, 9015}

    @pytest.mark.parametrize("state", ["TX", "AK", "HI", "DC", "PR", "GU", "VI", "AS", "MP"])
    def test_know_every_state_and_territory(self, state):
        assert read_shapes().outline(state_fips(state), TangentPlane(BROOKLYN), 0.1)

    def test_leave_out_what_is_too_small_to_see(self):
        texas = TangentPlane(Point(31, -99))
        sizes = [
            sum(each.shape[1] for each in read_shapes().land(texas, 400, mi)) for mi in (0.1, 3)
        ]

        assert sizes[0] > 2 * sizes[1] > 0

    def test_weigh_a_bend_by_its_triangle(self):
        straight, bent = point_weights(np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2.0, 1.0]]))[
            1:3
        ]

        assert (straight, bent < 255, bent > 100) == (1, True, True)

    def test_are_written_for_browsers_as_steps(self):
        line = np.array([[3, -1], [3 + 100, -1]])

        # 3 -> 6, -1 -> 3, then 100 -> 200 = 8 + 6 * 32 and 0
        assert encode_shapes(line) == DIGITS[6] + DIGITS[3] + DIGITS[32 + 8] + DIGITS[6] + DIGITS[0]


class TestView:
    def test_cuts_land_at_its_frame(self):
        drawn = draw_basemap(
            MapView(Point(40.58, -73.9), 200, 200, 0.1)
        ).land  # Coney Island's shore
        numbers = [int(number) for number in re.findall(r"M(\d+) ", drawn)]

        assert drawn.endswith("z")
        assert all(number <= 2 * (200 + 4) for number in numbers)

    def test_shows_no_land_at_sea(self):
        assert draw_basemap(MapView(Point(30, -60), 200, 200, 0.1)).land == ""

    def test_draws_lines_between_counties_where_their_outlines_run(self):
        view = MapView(Point(43.9, -72.7), 900, 1200, 0.15)  # the 14 counties of Vermont
        outlines = [
            np.rint(view.pixels(ring) * 2)
            for county in range(50_001, 50_028, 2)
            for ring in read_shapes().outline(str(county), view.plane, view.per_pixel)
        ]
        steps = re.findall(r"-?\d+", draw_basemap(view, "50").borders)
        drawn = np.cumsum(np.array(steps, int).reshape(-1, 2), axis=0)

        assert len(drawn) > 30
        assert {*map(tuple, drawn.tolist())} <= {*map(tuple, np.hstack(outlines).T.tolist())}


class TestDots:
    def test_never_cover_each_other_and_stay_inside(self):
        view = MapView(BROOKLYN, 288, 248, 0.03)
        dots = [*declutter_markers(view, [(number, 100.0, 100.0, False) for number in range(20)])]

        gaps = [np.hypot(a.x - b.x, a.y - b.y) for a in dots for b in dots if a.number < b.number]
        assert min(gaps) >= LEAST_DISTANCE - 1.5  # rounding to whole pixels
        assert all(view.holds(dot.x, dot.y, 9) for dot in dots)
        assert (dots[0].x, dots[0].y, dots[0].is_aside, dots[9].is_aside) == (100, 100, False, True)

    def test_stand_in_the_right_direction_at_the_right_distance(self):
        north = MapMarker(1, Point(40.8, -73.94), is_approximate=False)
        drawn = draw_map_around(BROOKLYN, [north], NOBODY, 288, 248)
        (dot,), rings = drawn.dots, {ring.miles: ring.radius for ring in drawn.rings}

        miles = (124 - dot.y) * drawn.view.per_pixel
        assert dot.x == 144
        assert miles == pytest.approx(miles_between(BROOKLYN, north.point), abs=0.1)
        assert rings[5] * drawn.view.per_pixel == pytest.approx(5, abs=0.05)


class TestArea:
    @pytest.mark.parametrize(
        ("state", "center"), [("AK", (61.3, -149.4)), ("HI", (21, -157)), ("GU", (13.4, 144.7))]
    )
    def test_of_far_states_fills_the_frame(self, state, center):
        there = Point(*center)
        spots = [MapMarker(1, there, is_approximate=False)]
        drawn = draw_area_map(there, state, "", spots, np.array([unit_vector(there)]).T, 288, 248)

        assert drawn.area
        assert drawn.scale.miles in (10, 50, 250, 500)
        assert len(drawn.dots) == 1
        assert drawn.view.per_pixel * 288 < 2_400  # not once around the Earth


@pytest.mark.django_db
class TestPage:
    def test_numbers_dots_as_the_list_and_says_it_in_words(self, client):
        make_facility(name="Near", latitude=40.71, longitude=-73.94)
        make_facility(name="Far", latitude=40.73, longitude=-73.94, position_origin="zip")
        html = client.get("/search/?place=11206").content.decode()
        drawn = located(html)

        assert Page(html).texts(".locator .n") == ["1", "2"]
        assert html.count('<span class="rank">') == 2
        assert "Map of results 1 to 2</title>" in drawn
        assert "The cross is 11206 (Brooklyn, NY). Hollow dots are approximate." in drawn
        assert "Rings of distance in miles: 1, 2." in drawn

    def test_draws_nothing_for_the_country_or_for_nothing(self, client):
        assert located(client.get("/search/").content.decode()) == ""
        assert located(client.get("/search/?place=59301").content.decode()) == ""

    def test_has_no_style_and_no_script(self, client):
        facility = make_facility(latitude=40.71, longitude=-73.94)
        for address in ("/search/?place=11206", f"/facility/{facility.slug}/"):
            page = Page(client.get(address))
            names = {name for part in page.all(".locator *") for name in part.attributes}

            assert {"d", "class"} <= names
            assert not [name for name in names if name == "style" or name.startswith("on")]
            assert page.all(".locator script, .locator style") == []

    def test_places_a_private_address_no_nearer_than_its_city_and_says_so(self, client):
        facility = make_facility(
            latitude=40.65, longitude=-73.95, is_address_confidential=True, position_origin="city"
        )
        drawn = located(client.get(f"/facility/{facility.slug}/").content.decode())

        assert "The address is kept private: the dot is at the center of the city." in drawn
        assert 'class="dots unsure"' in drawn

    def test_speaks_spanish(self, client):
        make_facility(latitude=40.71, longitude=-73.94)
        drawn = located(client.get("/es/search/?place=11206").content.decode())

        assert "La cruz es 11206 (Brooklyn, NY)." in drawn
        assert "2 millas" in drawn


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded_2023")
class TestRealResults:
    @pytest.mark.parametrize(
        "query", ["11206", "99501", "00901", "Travis County, TX", "Ohio", "New York (state)", "AK"]
    )
    def test_take_four_kilobytes_compressed(self, client, query):
        drawn = located(client.get("/search/", {"place": query}).content.decode())

        assert 0 < len(gzip.compress(drawn.encode(), 6)) < 4_096


def test_browsers_read_the_same_lines():
    """The files of the map page hold each state's outline to the last step."""
    folder = "facilities/static/facilities/shapes/44.json"
    with open(folder) as file:
        state = json.load(file)

    assert len(state["rings"]) == int((read_shapes().states.of == 44).sum())
    assert all(set(line) <= set(DIGITS) for line in state["lines"])
