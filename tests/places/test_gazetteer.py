"""What a person types leads to the right place, to a choice, or to a plain reason."""

from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from facilities.geo import Point, miles_between
from facilities.models.place import Place
from facilities.places.gazetteer import PlaceProblem, resolve_place
from facilities.places.load import load_places, packaged_rows
from facilities.places.nearest import nearest_city
from facilities.places.parsing import fold_place_name
from facilities.places.tables import states, zip_code_table

pytestmark = pytest.mark.django_db

CERTAIN = {
    "11206": "11206 (Brooklyn, NY)",
    " 11206 ": "11206 (Brooklyn, NY)",
    "11206-1234": "11206 (Brooklyn, NY)",
    "11206 1234": "11206 (Brooklyn, NY)",
    "zip 11206": "11206 (Brooklyn, NY)",
    "00601": "00601 (Adjuntas, PR)",
    "123 Main St, Austin, TX 78701": "78701 (Austin, TX)",
    "Austin, TX": "Austin, TX",
    "austin texas": "Austin, TX",
    "city of Austin, TX": "Austin, TX",
    "near Austin TX, USA": "Austin, TX",
    "cerca de Austin (TX)": "Austin, TX",
    "Near North Side, IL": "Near North Side, IL",
    "City of Industry": "City of Industry, CA",
    "Brooklyn NY": "Brooklyn, NY",
    "The Bronx": "Bronx, NY",
    "Staten Island": "Staten Island, NY",
    "New York, New York": "New York, NY",
    "NYC": "New York, NY",
    "Filadelfia": "Philadelphia, PA",
    "Vegas": "Las Vegas, NV",
    "SF": "San Francisco, CA",
    "St Louis, Mo.": "St. Louis, MO",
    "Saint Louis": "St. Louis, MO",
    "Ft Worth": "Fort Worth, TX",
    "Mt. Vernon, N.Y.": "Mount Vernon, NY",
    "Washington D.C.": "Washington, DC",
    "DC": "District of Columbia",
    "Winston Salem NC": "Winston-Salem, NC",
    "Coeur d Alene, ID": "Coeur d'Alene, ID",
    "San Juan, Puerto Rico": "San Juan, PR",
    "Hagåtña, Guam": "Hagatna, GU",
    "Kansas City, KS": "Kansas City, KS",
    "Indiana, PA": "Indiana, PA",
    "travis county": "Travis County, TX",
    "Travis Co., TX": "Travis County, TX",
    "Condado de Los Ángeles": "Los Angeles County, CA",
    "LA County": "Los Angeles County, CA",
    "Orleans Parish": "Orleans Parish, LA",
    "Midway, Gadsden County, FL": "Midway, FL (Gadsden County)",
    "TX": "Texas (state)",
    "West Virginia": "West Virginia (state)",
    "Carolina del Norte": "North Carolina (state)",
    "Nuevo México": "New Mexico (state)",
    "Washington State": "Washington (state)",
    "Nueva York (estado)": "New York (state)",
    "Nevada": "Nevada (state)",
}
OFFERED = {
    "Springfield": ["Springfield, MO", "Springfield, MA", "Springfield, IL"],
    "Portland": ["Portland, OR", "Portland, ME"],
    "Columbus": ["Columbus, OH", "Columbus, GA"],
    "Kansas City": ["Kansas City, MO", "Kansas City, KS"],
    "Washington": ["Washington, DC", "Washington (state)"],
    "New York": ["New York, NY", "New York (state)"],
    "Nueva York": ["New York, NY", "New York (state)"],
    "LA": ["Los Angeles, CA", "Louisiana (state)"],
    "Franklin County": ["Franklin County, OH"],
    "Midway, FL": ["Midway, FL (Santa Rosa County)", "Midway, FL (Gadsden County)"],
    "Austin TX 10027": ["10027 (New York, NY)", "Austin, TX"],
}
MEANT = {
    "austn tx": "Austin, TX",
    "austin texs": "Austin, TX",
    "philadelfia": "Philadelphia, PA",
    "los angles": "Los Angeles, CA",
    "san fransisco": "San Francisco, CA",
    "Tuscon": "Tucson, AZ",
    "pensylvania": "Pennsylvania (state)",
    "Orleans County, LA": "Orleans Parish, LA",
}
PROBLEMS = {
    "": PlaceProblem.EMPTY,
    " \t\n": PlaceProblem.EMPTY,
    "Austin\x00": PlaceProblem.UNREADABLE,
    "a" * 100_000: PlaceProblem.TOO_LONG,
    "1234567": PlaceProblem.NOT_A_ZIP,
    "00000": PlaceProblem.ZIP_UNKNOWN,
    "09012": PlaceProblem.ZIP_WITHOUT_POINT,  # an Army post office in Germany
    "10027 Main St, Nowheretown, TX": PlaceProblem.ZIP_DISAGREES,
    "💊": PlaceProblem.NOWHERE,
    "qqqqqqqq": PlaceProblem.NOWHERE,
    "x' OR 1=1 --": PlaceProblem.NOWHERE,
}


class TestResolve:
    @pytest.mark.parametrize(("text", "label"), CERTAIN.items())
    def test_takes_what_can_mean_one_place_only(self, text, label):
        assert resolve_place(text).label == label

    @pytest.mark.parametrize(("text", "labels"), OFFERED.items())
    def test_offers_what_may_mean_several_the_best_first(self, text, labels):
        resolution = resolve_place(text)

        assert resolution.place is None
        assert list(resolution.offered[: len(labels)]) == labels

    @pytest.mark.parametrize(("text", "label"), MEANT.items())
    def test_suggests_and_never_takes_what_is_misspelt(self, text, label):
        resolution = resolve_place(text)

        assert resolution.place is None
        assert resolution.problem == PlaceProblem.NOWHERE
        assert resolution.offered[0] == label

    @pytest.mark.parametrize(("text", "problem"), PROBLEMS.items(), ids=range(len(PROBLEMS)))
    def test_gives_the_reason_for_no_place(self, text, problem):
        resolution = resolve_place(text)

        assert (resolution.place, resolution.choices) == (None, ())
        assert resolution.problem == problem

    def test_lists_the_smaller_bearers_of_a_dominant_name(self):
        resolution = resolve_place("Austin")

        assert resolution.label == "Austin, TX"
        assert "Austin, MN" in resolution.offered

    @pytest.mark.parametrize(
        ("text", "taken", "meant"),
        [
            ("Brooklin", "Brooklin, ME", ("Brooklyn, NY",)),
            ("Huston", "Huston, ID", ("Houston, TX",)),
            ("Brooklin, ME", "Brooklin, ME", ()),  # its state was typed: meant so
            ("Lynn", "Lynn, MA", ()),  # large enough itself
            ("Brooklyn", "Brooklyn, NY", ()),
        ],
    )
    def test_doubts_a_village_spelt_nearly_like_a_city(self, text, taken, meant):
        resolution = resolve_place(text)

        assert resolution.label == taken
        assert tuple(place.label("en") for place in resolution.did_you_mean) == meant

    def test_suggests_the_zero_a_spreadsheet_dropped(self):
        resolution = resolve_place("2139")

        assert resolution.problem == PlaceProblem.NOT_A_ZIP
        assert resolution.offered == ("02139 (Cambridge, MA)",)

    def test_speaks_spanish_when_asked_to(self):
        assert resolve_place("New York (state)", language="es").label == "Nueva York (estado)"

    def test_takes_one_query(self, django_assert_num_queries):
        for text in ("11206", "Austin, TX", "Springfield", "travis county", "Nuevo México"):
            with django_assert_num_queries(1):
                resolve_place(text)

    @settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(st.characters(), max_size=60))
    def test_never_raises(self, text):
        resolution = resolve_place(text)
        assert [bool(resolution.place), bool(resolution.choices), bool(resolution.problem)].count(
            True
        ) == 1

    @settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.sampled_from(["11206", "ny", "st", "(", ")", ",", "county", "de", "new", "\ud800"])
        ).map(" ".join)
    )
    def test_never_raises_on_scrambled_words_of_places(self, text):
        resolve_place(text)


class TestLabels:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_are_never_shared(self, language):
        labels = [Place(*row).label(language) for row in packaged_rows()]
        assert len(set(labels)) == len(labels) == 81_351

    @pytest.mark.parametrize("kind", ["zip", "city", "county", "state"])
    def test_lead_back_to_their_place(self, kind):
        every = Place.objects.filter(kind=kind, latitude__isnull=False).order_by("pk")
        for place in every[:: max(1, every.count() // 150)]:
            assert resolve_place(place.label("es")).place == place

    @pytest.mark.parametrize(
        ("text", "is_area"), [("78701", False), ("Austin, TX", False), ("TX", True)]
    )
    def test_name_points_or_areas(self, text, is_area):
        assert resolve_place(text).place.is_area is is_area


class TestFold:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("St. Louis", "saint louis"),
            ("Saint-Louis", "saint louis"),
            ("Doña Ana County", "dona ana county"),
            ("Hale‘iwa", "haleiwa"),
            ("Mc Lean", "mclean"),
            ("The Villages", "villages"),
            ("N. Little Rock", "north little rock"),
            ("Washington, D.C.", "washington dc"),
            ("💊", ""),
        ],
    )
    def test_brings_spellings_together(self, name, key):
        assert fold_place_name(name) == key


class TestZipPlaces:
    def test_know_where_brooklyn_is(self):
        point, county_fips, city, state = zip_code_table()["11206"]

        assert (county_fips, city, state) == ("36047", "Brooklyn", "NY")
        assert miles_between(point, Point(40.7, -73.94)) < 1

    def test_know_a_point_in_the_state_of_every_facility(self, shared_data):
        known = zip_code_table()
        lost = [
            number
            for number, row in enumerate(facility_rows(shared_data), start=2)
            if known[row[6].strip()[:5]][0] is None or known[row[6].strip()[:5]][3] != row[5]
        ]
        assert lost == []

    def test_resolve_for_every_facility(self, shared_data):
        zip_codes = {row[6].strip()[:5] for row in facility_rows(shared_data)}
        assert [code for code in zip_codes if resolve_place(code).place.point is None] == []

    def test_are_joined_by_the_city_of_all_but_one_facility(self, shared_data):
        known = set(Place.objects.filter(kind="city").values_list("key", "state"))
        rows = facility_rows(shared_data)
        unknown = {
            (row[4], row[5]) for row in rows if (fold_place_name(row[4]), row[5]) not in known
        }
        assert unknown == {("Glendale Luke AFB", "AZ")}


@pytest.mark.slow
class TestLoadPlaces:
    def test_changes_nothing_the_second_time(self):
        out = StringIO()

        call_command("load_places", stdout=out)

        assert out.getvalue().splitlines() == [
            "Places: nothing changed, all 81,351 are in place.",
            "36,068 city, 3,233 county, 56 state, 41,994 zip",
        ]

    def test_puts_right_what_was_changed_added_or_lost(self):
        Place.objects.filter(pk="zip:11206").update(latitude=0)
        Place.objects.filter(pk="city:TX:austin").delete()
        Place.objects.create(pk="city:TX:atlantis", kind="city", name="Atlantis", key="atlantis")

        report = load_places()

        assert (report.added, report.changed, report.removed) == (1, 1, 1)
        assert resolve_place("11206").place.latitude == pytest.approx(40.7012)

    def test_knows_the_people_of_the_2020_census(self):
        territories = {"AS", "GU", "MP", "PR", "VI"}
        people = sum(state.population for state in states() if state.code not in territories)
        assert people == 331_449_281


class TestNearestCity:
    @pytest.mark.parametrize(
        ("point", "city"),
        [
            (Point(30.27, -97.74), ("Austin", "TX")),
            (Point(44.46, -110.83), ("West Yellowstone", "MT")),  # Old Faithful
        ],
    )
    def test_is_the_town_on_the_map(self, point, city):
        assert nearest_city(point)[:2] == city


def facility_rows(shared_data) -> list[list[str]]:
    """The rows of the 2023 workbook: column 4 is the city, 5 the state, 6 the ZIP code."""
    path = shared_data / "samhsa" / "national-directory-su-facilities-2023.xlsx"
    return load_workbook(path).get_sheet_by_name("Facilities List").to_python()[1:]
