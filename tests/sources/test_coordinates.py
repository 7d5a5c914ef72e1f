"""Positions beside a workbook, and how those of another file are noticed."""

import csv
from datetime import date

import pytest

from facilities.sources.coordinates import add_positions, census_id, read_coordinates
from facilities.sources.rows import ParsedFile, UnusableFile

from ..support import real_data
from ..support.factories import make_row

HEADINGS = "directory_year,xlsx_row,name1,street1,city,state,zip,latitude,longitude,method"
CENSUS = [
    ["2023-2", "1 Main Street, Albany, NY, 12207", "Match", "Exact",
     "1 MAIN ST, ALBANY, NY, 12207", "-73.75,42.65", "1", "L"],
    ["2023-3", "2 Main Street, Albany, NY, 12207", "No_Match"],
    ["2023-4", "3 Main Street, Albany, NY, 12207", "Tie"],
]  # fmt: skip


def make_reading(*rows, edition="2023") -> ParsedFile:
    return ParsedFile("directory", edition, date(2023, 1, 1), "x.xlsx", "0" * 64, rows)


def table(path, *lines):
    path.write_text("\n".join([HEADINGS, *lines]))
    return path


def positions(reading):
    return [row.position and row.position.as_json() for row in reading.rows]


class TestTable:
    def test_tells_streets_from_centres(self, tmp_path):
        path = table(
            tmp_path / "c.csv",
            "2023,2,Example House,1 Main Street,Albany,NY,12207,42.65,-73.75,street+zip:x",
            "2023,3,Example House,1 Main Street,Albany,NY,12207,42.66,-73.76,zip_centroid:x",
            "2023,4,Example House,1 Main Street,Albany,NY,12207,,,none",
        )
        rows = [make_row(row_number=number) for number in (2, 3, 4)]

        reading, notes = add_positions(read_coordinates(path), make_reading(*rows))

        assert positions(reading) == [[42.65, -73.75, "street"], [42.66, -73.76, "zip"], None]
        assert notes == []

    def test_fits_every_row_of_2023(self, reading_2023):
        origins = [row.position.origin for row in reading_2023.rows]

        assert (origins.count("street"), origins.count("zip")) == (9_919, 2_825)

    def test_that_is_shifted_by_a_row_is_noticed(self, reading_2022, shared_data):
        shifted = make_reading(*reading_2022.rows[1:], edition="2022")
        given = read_coordinates(shared_data / real_data.COORDINATES)
        moved = [
            make_row(row_number=row.row_number - 1, name=row.name, zip=row.zip)
            for row in shifted.rows
        ]

        with pytest.raises(UnusableFile, match="belong to another file"):
            add_positions(given, make_reading(*moved, edition="2022"))

    def test_leaves_out_a_single_stranger_and_says_so(self, tmp_path):
        lines = [
            f"2023,{number},Example House,,,,{'12207' if number > 2 else '99999'},42,-73,street"
            for number in range(2, 102)
        ]
        rows = [make_row(row_number=number) for number in range(2, 102)]

        reading, notes = add_positions(
            read_coordinates(table(tmp_path / "c.csv", *lines)), make_reading(*rows)
        )

        assert positions(reading).count(None) == 1
        assert notes == ["row 2: the coordinates speak of another address"]

    def test_of_another_edition_is_refused(self, tmp_path):
        path = table(tmp_path / "c.csv", "2022,2,Example House,,,,12207,42,-73,street")

        with pytest.raises(UnusableFile, match="no rows for the 2023 edition"):
            add_positions(read_coordinates(path), make_reading(make_row()))


class TestCensusAnswer:
    def write(self, path, lines=CENSUS):
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(lines)
        return path

    def test_gives_street_positions_where_it_matched(self, tmp_path):
        rows = [
            make_row(row_number=number, street=f"{number - 1} Main Street") for number in (2, 3, 4)
        ]

        reading, notes = add_positions(
            read_coordinates(self.write(tmp_path / "answer.csv")), make_reading(*rows)
        )

        assert positions(reading) == [[42.65, -73.75, "street"], None, None]
        assert notes == []

    def test_of_another_street_is_noticed(self, tmp_path):
        answer = read_coordinates(self.write(tmp_path / "answer.csv", CENSUS[:1]))

        with pytest.raises(UnusableFile, match="belong to another file"):
            add_positions(answer, make_reading(make_row(street="9 Elm Street")))

    def test_names_rows_by_edition_and_number(self):
        assert census_id("2023", 17) == "2023-17"


class TestUnusableTable:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("", "is empty"),
            ("a,b,c\n1,2,3", "Lines 1, 2 of"),
            (HEADINGS.replace(",zip", "") + "\n", "lacks the heading zip"),
            (HEADINGS + "\n2023,two,Example House,,,,12207,42,-73,street", "Line 2"),
            (HEADINGS + "\n2023,2,Example House,,,,12207,942,-73,street", "Line 2"),
            (HEADINGS + "\n2023,2,Example", "Line 2"),
            (HEADINGS + "\n2023" * 15, "Lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 5 more of"),
        ],
    )
    def test_is_named_in_a_sentence(self, tmp_path, content, words):
        path = tmp_path / "c.csv"
        path.write_text(content)

        with pytest.raises(UnusableFile, match=words):
            read_coordinates(path)
