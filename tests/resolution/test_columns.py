"""Where a facility is put on the map, and how what is shown becomes its row."""

import pytest

from facilities.geo import Point
from facilities.resolution.columns import city_center, facility_columns
from facilities.taxonomy import ServiceSet

from .test_resolve import check, directory, locator, shown

ALBANY = Point(42.65, -73.76)
ZIPS = {
    "12207": (ALBANY, "36001", "Albany", "NY"),
    "12203": (Point(42.69, -73.84), "36001", "Albany", "NY"),
    "12180": (Point(42.73, -73.69), "36083", "Troy", "NY"),
    "09001": (None, "", "APO", "AE"),
}


class TestPosition:
    STREET, CENTRE = (42.6, -73.7, "street"), (42.65, -73.76, "zip")

    def origin(self, merged):
        row = facility_columns(merged, ZIPS)
        return row["latitude"], row["position_origin"]

    def test_set_by_hand_wins(self):
        merged = shown(directory(position=self.STREET), checks=[check("position", [42.0, -73.0])])

        assert self.origin(merged) == (42.0, "hand")

    def test_of_the_street_wins_over_the_centre(self):
        merged = shown(directory(position=self.CENTRE), locator(position=self.STREET))

        assert self.origin(merged) == (42.6, "street")

    def test_is_else_the_centre_of_the_zip_code(self):
        assert self.origin(shown(directory())) == (42.65, "zip")

    def test_is_empty_without_any(self):
        assert self.origin(shown(directory(zip="09001"))) == (None, "")

    def test_of_another_street_says_nothing(self):
        merged = shown(directory(), locator(street="9 Elm Street", position=self.STREET))

        assert self.origin(merged) == (42.65, "zip")

    def test_is_lost_when_the_address_is_corrected(self):
        merged = shown(directory(position=self.STREET), checks=[check("street", "9 Elm Street")])

        assert self.origin(merged) == (42.65, "zip")

    def test_of_a_confidential_address_is_the_middle_of_the_city(self):
        merged = shown(
            directory(position=self.STREET, street2="Suite 1"),
            checks=[check("is_address_confidential", True), check("position", [42.0, -73.0])],
        )

        row = facility_columns(merged, ZIPS)

        assert (row["street"], row["street2"], row["position_origin"]) == ("", "", "city")
        assert row["latitude"] == pytest.approx((42.65 + 42.69) / 2)

    @pytest.mark.parametrize(
        ("zip_code", "position"), [("12203", (42.65 + 42.69) / 2), ("09001", None)]
    )
    def test_of_a_confidential_address_is_never_the_center_of_its_zip_code(
        self, zip_code, position
    ):
        merged = shown(
            directory(zip=zip_code, city="Slingerlands"),
            checks=[check("is_address_confidential", True)],
        )

        latitude, origin = self.origin(merged)

        assert latitude == (position and pytest.approx(position))
        assert origin == ("city" if position else "")

    def test_of_a_city_needs_its_name_and_state(self):
        assert city_center("TROY", "NY", ZIPS) == Point(42.73, -73.69)
        assert city_center("Troy", "OH", ZIPS) is None


class TestColumns:
    def test_hold_the_county_of_the_zip_code(self):
        assert facility_columns(shown(directory(zip="12180")), ZIPS)["county_fips"] == "36083"

    def test_hold_a_key_without_case_and_accents(self):
        merged = shown(directory(name="Clínica  ABC", program_name="Niños"))

        assert facility_columns(merged, ZIPS)["name_key"] == "clinica abc ninos"

    def test_hold_a_vector_of_length_one(self):
        row = facility_columns(shown(directory()), ZIPS)

        assert sum(row[axis] ** 2 for axis in "xyz") == pytest.approx(1)

    def test_hold_the_offered_in_words_and_the_denied_by_name(self):
        row = facility_columns(shown(directory(services="no-opioid-medication")), ZIPS)

        words = [row[f"service_bits_{number}"] for number in range(6)]
        assert ServiceSet.from_words(words) == ServiceSet.of("no-opioid-medication")
        assert "methadone" in row["denied_services"]
