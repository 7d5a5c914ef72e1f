"""Reading SAMHSA's directory: the real editions, other layouts, and files that cannot be used."""

import csv
from datetime import date

import openpyxl
import pytest

from facilities.sources.rows import UnusableFile
from facilities.sources.samhsa_directory import read_directory, read_workbook_key
from facilities.taxonomy import VOCABULARY

from ..support import real_data
from ..support.factories import HEADINGS, key_lines, make_cells, write_directory

# Code -> rows of 2023 that state it, as counted in the data's description.
TOTALS_2023 = {
    "DT": 2838, "RES": 3055, "OP": 10491, "HI": 829, "HH": 1176, "MU": 1481, "BU": 6923,
    "NU": 6437, "LFXD": 947, "DLC": 1013, "ACC": 11024, "DP": 12053, "OFD": 9186, "CSAA": 12011,
    "NOOP": 890, "NMOA": 611, "NAUT": 1561, "NMAUT": 1247, "AUDO": 64, "DUO": 67, "OUDO": 1240,
    "ODTX": 2739, "TA": 6246, "SP": 2794,
}  # fmt: skip


@pytest.fixture
def path(tmp_path):
    return tmp_path / "directory-2023.xlsx"


@pytest.fixture(scope="module")
def plain_key(shared_data):
    """Code -> (category, official name) of the 2023 key sheet, by openpyxl."""
    workbook = openpyxl.load_workbook(shared_data / real_data.WORKBOOK_2023, read_only=True)
    _, *lines = workbook["Service Code Reference"].iter_rows(values_only=True)
    return {code: (category, name) for category, _, code, name, *_ in lines}


@pytest.fixture(scope="module")
def plain_rows(shared_data):
    """Row number -> the 2023 row's cells, by openpyxl."""
    workbook = openpyxl.load_workbook(shared_data / real_data.WORKBOOK_2023, read_only=True)
    lines = workbook["Facilities List"].iter_rows(values_only=True, min_row=2)
    return {number: [cell or "" for cell in line] for number, line in enumerate(lines, start=2)}


class TestEditionOf2023:
    def test_has_every_row_and_rejects_none(self, reading_2023):
        assert (len(reading_2023.rows), reading_2023.rejections) == (12_744, ())

    def test_knows_its_year_from_its_title_and_its_day_from_its_making(self, reading_2023):
        assert (reading_2023.edition, reading_2023.published_on) == ("2023", date(2023, 6, 20))

    def test_states_the_known_totals(self, reading_2023, plain_key):
        services = {code: VOCABULARY.find(*plain_key[code]) for code in TOTALS_2023}

        found = {
            code: sum(service in row.offered for row in reading_2023.rows)
            for code, service in services.items()
        }

        assert found == TOTALS_2023

    def test_offers_in_each_row_what_the_key_sheet_says(self, reading_2023, plain_rows, plain_key):
        slugs = {code: VOCABULARY.find(*meaning).slug for code, meaning in plain_key.items()}

        for row in reading_2023.rows:
            codes = plain_rows[row.row_number][12].replace("*", " ").split()
            assert set(row.offered.slugs()) == {slugs[code] for code in codes}
            assert row.unknown == ()

    def test_keeps_every_cell_word_for_word(self, reading_2023, plain_rows):
        kept = {row.row_number: [*row.raw.values()] for row in reading_2023.rows}

        assert kept == plain_rows

    def test_has_a_phone_in_all_rows_but_one(self, reading_2023):
        assert sum(not row.phone for row in reading_2023.rows) == 1
        assert [row.warnings for row in reading_2023.rows if row.warnings] == []


class TestEditionOf2022:
    def test_has_every_row(self, reading_2022):
        assert (len(reading_2022.rows), reading_2022.rejections) == (12_176, ())

    def test_knows_its_year_from_its_name(self, reading_2022):
        assert (reading_2022.edition, reading_2022.published_on) == ("2022", date(2022, 5, 6))

    def test_has_no_unknown_code(self, reading_2022):
        assert [row.unknown for row in reading_2022.rows if row.unknown] == []


class TestLayout:
    def test_may_have_other_case_and_order(self, path):
        headings = [heading.upper() for heading in reversed(HEADINGS)]
        write_directory(
            path, [make_cells(name2="East", state="MA", zip="02130")], headings=headings
        )

        (row,) = read_directory(path).rows

        assert (row.name, row.program_name, row.zip) == ("Example House", "East", "02130")
        assert {"detox", "opioid-detox"} <= set(row.offered.slugs())

    def test_may_leave_out_columns_that_are_often_empty(self, path):
        headings = [heading for heading in HEADINGS if not heading.startswith("intake")]
        write_directory(path, [make_cells()], headings=headings)

        assert read_directory(path).rows[0].intake_phones == ()

    def test_may_have_numbers_for_text(self, path):
        write_directory(path, [make_cells(state="MA", zip=2130, phone=5185550101)])

        (row,) = read_directory(path).rows

        assert (row.zip, row.phone) == ("02130", "518-555-0101")

    def test_passes_over_empty_lines_and_counts_as_excel_does(self, path):
        write_directory(path, [dict.fromkeys(HEADINGS, ""), make_cells()])

        assert [row.row_number for row in read_directory(path).rows] == [3]

    def test_gathers_the_intake_numbers(self, path):
        write_directory(path, [make_cells(intake1="518-555-0102 x7", intake1a="888-PARNEXT")])

        first, second = read_directory(path).rows[0].intake_phones

        assert (first["number"], first["extension"]) == ("518-555-0102", "7")
        assert (second["number"], second["shown"]) == ("888-727-6398", "888-PARNEXT")

    def test_takes_the_meaning_of_codes_from_its_own_key_sheet(self, path):
        swapped = [
            [*line[:2], {"DT": "HH", "HH": "DT"}.get(line[2], line[2]), line[3]]
            for line in key_lines()
        ]
        write_directory(path, [make_cells(codes="SA HH")], key=swapped)

        assert "detox" in read_directory(path).rows[0].offered


class TestRow:
    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            ({"name1": " "}, "no name"),
            ({"city": ""}, "no city"),
            ({"state": "XX"}, "state not known: 'XX'"),
            ({"zip": ""}, "no ZIP code"),
            ({"zip": "ABC"}, "ZIP code not understood: 'ABC'"),
            ({"name1": "x" * 201}, "longer than 200 characters"),
        ],
    )
    def test_that_cannot_be_used_is_rejected_with_its_number(self, path, cells, reason):
        write_directory(path, [make_cells(), make_cells(**cells)])

        reading = read_directory(path)

        assert [row.row_number for row in reading.rows] == [2]
        assert [(each.row_number, each.reason) for each in reading.rejections] == [(3, reason)]

    def test_keeps_codes_that_nobody_knows(self, path):
        write_directory(path, [make_cells(codes="SA ZZZ DT")])

        (row,) = read_directory(path).rows

        assert row.unknown == ("ZZZ",)
        assert "detox" in row.offered

    def test_is_kept_without_a_phone_that_is_none(self, path):
        write_directory(path, [make_cells(phone="call us")])

        (row,) = read_directory(path).rows

        assert (row.phone, row.warnings) == ("", ("phone not understood: 'call us'",))


class TestCsv:
    def write(self, path, *, encoding="utf-8-sig"):
        with path.open("w", newline="", encoding=encoding) as file:
            writer = csv.DictWriter(file, HEADINGS)
            writer.writeheader()
            writer.writerow(make_cells(name1="Peña House"))
        return path

    def test_is_read_by_the_key_of_a_workbook(self, tmp_path, path):
        key = read_workbook_key(write_directory(path, [make_cells()]))

        (row,) = read_directory(self.write(tmp_path / "list-2024.csv"), key=key).rows

        assert row.name == "Peña House"
        assert "detox" in row.offered

    def test_without_a_key_is_refused(self, tmp_path):
        with pytest.raises(UnusableFile, match="no key sheet"):
            read_directory(self.write(tmp_path / "list-2024.csv"))

    def test_in_another_encoding_is_refused(self, tmp_path, path):
        key = read_workbook_key(write_directory(path, [make_cells()]))

        with pytest.raises(UnusableFile, match="not in UTF-8"):
            read_directory(self.write(tmp_path / "list-2024.csv", encoding="latin-1"), key=key)
