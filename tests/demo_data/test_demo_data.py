"""The demonstration data: invented, always the same, and as varied and as hard as the real."""

import csv
import re
from collections import Counter
from statistics import mean

import pytest
from openpyxl import load_workbook

from facilities.demo_data import EDGE_CASES, invent_listings, write_demonstration
from facilities.demo_data.measure_frequencies import measure_frequencies
from facilities.demo_data.names import InventedPhoneNumbers
from facilities.demo_data.tables import FOLDER
from facilities.sources.coordinates import add_positions, read_coordinates
from facilities.sources.samhsa_directory import read_directory

from ..support.real_data import WORKBOOK_2022, WORKBOOK_2023

INVENTED_PHONE = re.compile(r"\d{3}-555-01\d\d( x\d+)?")
REAL_WORKBOOKS = {2022: WORKBOOK_2022, 2023: WORKBOOK_2023}


@pytest.fixture(scope="module")
def listings():
    return invent_listings()


@pytest.fixture(scope="module")
def files(listings, tmp_path_factory):
    return write_demonstration(listings, tmp_path_factory.mktemp("demonstration"))


@pytest.fixture(scope="module")
def rows(files):
    """The rows of the written sheet: heading -> text."""
    headings, *lines = load_workbook(files[0])["Facilities List"].values
    return [dict(zip(headings, line, strict=True)) for line in lines]


@pytest.fixture(scope="module")
def profiles(rows):
    """The codes of each row, from the sheet's cells."""
    return [set(row["Service_code_info"].replace("*", " ").split()) for row in rows]


def share(profiles, code):
    return sum(code in codes for codes in profiles) / len(profiles)


class TestInventedWorkbook:
    def test_is_the_same_file_each_time(self, files, tmp_path):
        again = write_demonstration(invent_listings(), tmp_path)

        assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files]

    def test_differs_with_another_seed(self, listings):
        assert invent_listings(seed=1) != listings

    def test_has_the_headings_of_2023(self, rows):
        assert " ".join(rows[0]) == (
            "Name1 Name2 Street1 Street2 City State Zip Phone "
            "Intake1 Intake2 Intake1a Intake2a Service_code_info"
        )

    def test_has_400_rows_and_224_codes(self, files, rows):
        key = load_workbook(files[0])["Service Code Reference"]

        assert (len(rows), key.max_row - 1) == (400, 224)

    def test_has_the_key_sheet_of_2023(self, files, shared_data):
        def words(path):
            sheet = load_workbook(path, read_only=True)["Service Code Reference"]
            lines = sheet.iter_rows(max_col=4, values_only=True)
            return [[" ".join(cell.split()) for cell in line] for line in lines]

        assert words(files[0]) == words(shared_data / WORKBOOK_2023)

    def test_uses_only_codes_of_its_key(self, files, profiles):
        key = load_workbook(files[0])["Service Code Reference"]
        known = {code for (code,) in key.iter_rows(2, min_col=3, max_col=3, values_only=True)}

        assert set().union(*profiles) <= known

    def test_sets_categories_apart_as_samhsa_does(self, rows):
        assert re.match(r"SA( \w+)* \* \w+( \w+)* \* ", rows[0]["Service_code_info"])


class TestInventedIdentity:
    def test_has_no_telephone_number_that_could_be_real(self, rows):
        columns = ("Phone", "Intake1", "Intake2", "Intake1a", "Intake2a")
        phones = [row[column] for row in rows for column in columns if row[column]]

        assert [phone for phone in phones if not INVENTED_PHONE.fullmatch(phone)] == []

    def test_runs_out_of_numbers_rather_than_leave_the_invented_ones(self):
        book = InventedPhoneNumbers()

        assert {book.next_number("907")[:-2] for _ in range(100)} == {"907-555-01"}
        with pytest.raises(ValueError, match="907"):
            book.next_number("907")

    def test_has_no_name_twice(self, rows):
        assert len({row["Name1"].strip() for row in rows}) == 400

    def test_cuts_names_and_streets_at_38_characters(self, rows):
        longest = [max(len(row[column].strip()) for row in rows) for column in ("Name1", "Street1")]

        assert longest[0] == 38
        assert longest[1] <= 38

    @pytest.mark.parametrize("year", REAL_WORKBOOKS)
    def test_shares_no_name_and_city_and_no_street_with_a_real_facility(
        self, rows, shared_data, year
    ):
        sheet = load_workbook(shared_data / REAL_WORKBOOKS[year], read_only=True).worksheets[0]
        real = [[str(cell).strip().lower() for cell in line[:6]] for line in sheet.values]
        real_names = {(name, city) for name, _, _, _, city, _ in real}
        real_streets = {(street, city) for _, _, street, _, city, _ in real}
        invented = [[row[c].strip().lower() for c in ("Name1", "Street1", "City")] for row in rows]

        assert len(real) > 12_000
        assert {(name, city) for name, _, city in invented} & real_names == set()
        assert {(street, city) for _, street, city in invented} & real_streets == set()


class TestInventedPlaces:
    def test_are_fourteen_metropolitan_areas_and_rural_counties(self, listings):
        kinds = {listing.place.area: listing.place.kind for listing in listings}

        assert Counter(kinds.values()) == {"metro": 14, "rural": 12, "tribal": 5}

    def test_have_a_dozen_or_more_in_each_metropolitan_area(self, listings):
        metro = Counter(each.place.area for each in listings if each.place.kind == "metro")

        assert min(metro.values()) >= 12
        assert metro["New York"] == 47

    def test_are_real_zip_codes(self, rows, shared_data):
        with (shared_data / "places/zips.csv").open(encoding="utf-8") as file:
            real = {row["zip"]: (row["city"], row["state"]) for row in csv.DictReader(file)}

        assert {row["Zip"]: (row["City"], row["State"]) for row in rows}.items() <= real.items()

    def test_include_brooklyn_11206(self, rows):
        assert sum(row["Zip"] == "11206" for row in rows) == 10

    def test_offer_opioid_detox_and_buprenorphine_in_nearly_every_metropolitan_area(self, listings):
        with_both = {
            code: {each.place.area for each in listings if code in each.codes}
            for code in ("ODTX", "BU")
        }
        metro = {each.place.area for each in listings if each.place.kind == "metro"}

        assert len(metro & with_both["ODTX"] & with_both["BU"]) >= 12


class TestInventedServices:
    def test_are_as_many_as_in_the_real_file(self, profiles):
        assert 74 <= mean(map(len, profiles)) <= 80

    @pytest.mark.parametrize(
        ("code", "real"),
        [
            ("DT", 0.22), ("RES", 0.24), ("OP", 0.82), ("OTP", 0.12), ("MD", 0.74), ("BU", 0.54),
            ("MU", 0.12), ("NU", 0.51), ("NOOP", 0.07), ("NMOA", 0.05), ("HI", 0.07),
        ],
    )  # fmt: skip
    def test_are_as_frequent_as_in_the_real_file(self, profiles, code, real):
        assert share(profiles, code) == pytest.approx(real, abs=0.05)

    def test_of_opioid_treatment_programs_are_certified_and_use_methadone(self, profiles):
        programs = [codes for codes in profiles if "OTP" in codes]

        assert len(programs) >= 40
        assert all({"MU", "MM", "SOTP", "DEA"} <= codes for codes in programs)

    def test_name_a_length_of_stay_for_each_residence(self, profiles):
        assert all({"RL", "RS", "RD"} & codes for codes in profiles if "RES" in codes)

    def test_name_a_setting_and_a_substance_for_each_detox(self, profiles):
        detox = [codes for codes in profiles if "DT" in codes]

        assert all({"RD", "HID", "OD"} & codes for codes in detox)
        assert all({"ODTX", "ADTX"} & codes for codes in detox)

    def test_state_detox_settings_only_where_there_is_detox(self, profiles):
        stray = {"RD", "HID", "OD", "ODTX", "ADTX", "DB", "MDET"}

        assert not any(stray & codes for codes in profiles if "DT" not in codes)

    @pytest.mark.parametrize("closed", ["SMON SMOP SMPD", "VAPN VAPP VPPD", "PVTP PVTN TBG VAMC"])
    def test_choose_one_policy_and_one_owner(self, profiles, closed):
        assert max(len(codes & set(closed.split())) for codes in profiles) == 1

    def test_for_women_are_only_where_women_are_accepted(self, profiles):
        assert not any({"WN", "PW"} & codes for codes in profiles if "FEM" not in codes)
        assert not any("MN" in codes for codes in profiles if "MALE" not in codes)

    def test_of_only_alcohol_say_nothing_of_opioids(self, profiles):
        alcohol_only = [codes for codes in profiles if "AUDO" in codes]

        assert len(alcohol_only) == 3
        assert not any({"OUDO", "ODTX", "BU", "MU", "MOA"} & codes for codes in alcohol_only)

    def test_include_men_only_and_women_only(self, profiles):
        genders = Counter(frozenset({"FEM", "MALE"} & codes) for codes in profiles)

        assert genders[frozenset({"MALE"})] >= 11
        assert genders[frozenset({"FEM"})] >= 10

    def test_are_in_the_shares_measured_on_the_real_file(self, shared_data, tmp_path):
        with (tmp_path / "shares.csv").open("w", newline="") as file:
            measure_frequencies(str(shared_data / WORKBOOK_2023), file)

        assert (tmp_path / "shares.csv").read_text() == (FOLDER / "shares.csv").read_text()


class TestDifficulties:
    def test_are_each_there_as_often_as_documented(self, listings):
        counts = Counter(listing.difficulty for listing in listings)

        assert {each.slug: counts[each.slug] for each in EDGE_CASES} == {
            each.slug: each.listings for each in EDGE_CASES
        }

    def test_contradict_themselves_in_three_rows_each_way(self, profiles):
        medications = {"MU", "BU", "NU"}

        assert sum({"NOOP", "ODTX"} <= codes for codes in profiles) == 3
        assert sum("NMOA" in codes and bool(medications & codes) for codes in profiles) == 3

    def test_leave_payment_unanswered_or_answer_it_without_medicaid(self, profiles):
        payment = {"FSA", "ITU", "MC", "MD", "MI", "NP", "PI", "SF", "SI", "SAMF"}
        unanswered = [codes for codes in profiles if not payment & codes]
        without_medicaid = [codes for codes in profiles if payment & codes and "MD" not in codes]

        assert len(unanswered) == 5 + 3  # the almost empty ones answered nothing either
        assert len(without_medicaid) >= 60

    def test_leave_gender_unanswered(self, profiles):
        assert sum(not {"FEM", "MALE"} & codes for codes in profiles) >= 3 + 3

    def test_end_buprenorphine_with_detox(self, profiles):
        assert sum("DB" in codes and not {"BUM", "MM"} & codes for codes in profiles) >= 4

    def test_have_extensions_shared_phones_and_missing_programs(self, rows):
        phones = Counter(row["Phone"] for row in rows)

        assert sum(" x" in phone for phone in phones) == 20
        assert sum(count > 1 for count in phones.values()) >= 15
        assert 150 <= sum(row["Name2"] is None for row in rows) <= 250


class TestReadingIt:
    def test_rejects_no_row_and_knows_every_code(self, files):
        reading = read_directory(files[0])

        assert (len(reading.rows), len(reading.rejections), reading.edition) == (400, 0, "2023")
        assert [row.unknown for row in reading.rows if row.unknown] == []
        assert [row.warnings for row in reading.rows if row.warnings] == []

    def test_finds_street_positions_for_four_in_five(self, files, listings):
        placed, notes = add_positions(read_coordinates(files[1]), read_directory(files[0]))
        positions = [row.position for row in placed.rows]

        assert notes == []
        assert 0.75 <= sum(each is not None for each in positions) / 400 <= 0.85
        assert {each.origin for each in positions if each} == {"street"}

    def test_finds_them_within_two_miles_of_the_zip_code(self, files, shared_data):
        with (shared_data / "places/zips.csv").open(encoding="utf-8") as file:
            centers = {row["zip"]: row for row in csv.DictReader(file)}
        with files[1].open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                center = centers[row["zip"]]
                assert float(row["latitude"]) == pytest.approx(float(center["lat"]), abs=0.03)
                assert float(row["longitude"]) == pytest.approx(float(center["lon"]), abs=0.06)
