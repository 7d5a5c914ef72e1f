"""Files that cannot be loaded as a directory: each is named in one sentence."""

import re
import resource
import zipfile

import openpyxl
import pytest

from facilities.imports.read_directory import read_with_positions
from facilities.sources.codes import ServiceCodeReader
from facilities.sources.findtreatment import read_findtreatment
from facilities.sources.hsds import read_hsds, read_services
from facilities.sources.rows import UnusableFile
from facilities.sources.samhsa_directory import parse_directory_row, read_directory

from ..support.factories import HEADINGS, key_lines, make_cells, write_directory


@pytest.fixture
def path(tmp_path):
    return tmp_path / "directory-2023.xlsx"


def peak_memory() -> int:
    """Bytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class TestUnusableFile:
    def refusal(self, path, **options) -> str:
        with pytest.raises(UnusableFile) as caught:
            read_directory(path, **options)
        sentence = str(caught.value)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return sentence

    def test_may_not_exist(self, path):
        assert "There is no file" in self.refusal(path)

    def test_may_be_a_folder(self, tmp_path):
        assert "is a folder" in self.refusal(tmp_path)

    def test_may_be_empty(self, path):
        path.touch()

        assert "is empty" in self.refusal(path)

    def test_may_be_no_workbook(self, path):
        path.write_text("name1,name2\n")

        assert "not an Excel workbook" in self.refusal(path)

    def test_may_be_another_zip(self, path):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("letter.txt", "hello")

        assert "not an Excel workbook" in self.refusal(path)

    def test_may_be_cut_off(self, path):
        write_directory(path, [make_cells()])
        path.write_bytes(path.read_bytes()[:-400])

        assert "damaged" in self.refusal(path)

    def test_may_be_spoiled_inside(self, path):
        write_directory(path, [make_cells()] * 50)
        spoiled = bytearray(path.read_bytes())
        spoiled[len(spoiled) // 3 : len(spoiled) // 3 + 60] = b"\0" * 60
        path.write_bytes(spoiled)

        assert self.refusal(path)

    def test_may_unpack_to_too_much(self, path):
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("xl/workbook.xml", "w", force_zip64=True) as part,
        ):
            for _ in range(410):
                part.write(bytes(1_000_000))

        assert "unpacks to more" in self.refusal(path)

    @pytest.mark.parametrize("corner", ["XFD5000", "XFD199999", "XFD1048576"])
    def test_may_be_a_bomb_of_two_cells(self, path, corner):
        """1.5 kB that make a reader allocate 3 to 600 GB: refused, and this process stays small."""
        workbook = openpyxl.Workbook()
        workbook.active["A1"] = workbook.active[corner] = "name1"
        workbook.save(path)
        before = peak_memory()

        assert re.search("too much memory|more than", self.refusal(path))
        assert path.stat().st_size < 6_000
        assert peak_memory() - before < 50_000_000

    def test_may_be_millions_of_empty_lines(self, tmp_path):
        path = tmp_path / "directory-2023.csv"
        path.write_bytes(b"\n" * 25_000_000)

        assert "more than 200,000 rows" in self.refusal(path)

    def test_may_be_one_line_of_millions_of_cells(self, tmp_path):
        path = tmp_path / "directory-2023.csv"
        path.write_bytes(b"," * 25_000_000)
        before = peak_memory()

        assert "more than 5,000,000 cells" in self.refusal(path)
        assert peak_memory() - before < 120_000_000

    @pytest.mark.parametrize(
        ("ending", "mark", "read"),
        [
            ("json", b"\xef\xbb\xbf", lambda path: read_findtreatment([path])),
            ("ndjson", b"", lambda path: [*read_services(path)]),
        ],
    )
    def test_may_be_json_that_is_far_larger_in_memory(self, tmp_path, ending, mark, read):
        """54 MB of empty lists are 1.3 GB: refused, and this process stays small."""
        path = tmp_path / f"list-2026-01-01.{ending}"
        path.write_bytes(mark + b"[" + b"[]," * 18_000_000 + b"[]]\n")
        before = peak_memory()

        with pytest.raises(UnusableFile, match="too much memory"):
            read(path)
        assert peak_memory() - before < 60_000_000

    def test_may_be_hundreds_of_thousands_of_empty_services(self, tmp_path):
        path = tmp_path / "list.ndjson"
        path.write_bytes(b"{}\n" * 200_002)

        with pytest.raises(UnusableFile, match="more than 200,000 services"):
            read_hsds(path, lambda fact, written: written, source="county")

    def test_may_pretend_to_be_two_formats(self, path):
        write_directory(path, [make_cells()])
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("content.xml", "<office/>")

        assert "not an Excel workbook" in self.refusal(path)

    def test_may_have_another_sheet(self, path):
        workbook = openpyxl.Workbook()
        workbook.active.append(["month", "visits"])
        workbook.save(path)

        assert "no sheet with the headings" in self.refusal(path)

    @pytest.mark.parametrize("heading", ["name1", "street1", "zip", "service_code_info"])
    def test_may_lack_a_heading(self, path, heading):
        write_directory(path, [make_cells()], headings=[h for h in HEADINGS if h != heading])

        assert f"heading {heading} is missing" in self.refusal(path)

    def test_may_have_no_rows(self, path):
        write_directory(path, [])

        assert "no usable rows" in self.refusal(path)

    def test_may_lack_its_key_sheet(self, path):
        write_directory(path, [make_cells()], key=False)

        assert "no key sheet" in self.refusal(path)

    def test_may_have_an_empty_key_sheet(self, path):
        write_directory(path, [make_cells()], key=key_lines()[:1])

        assert "names no service codes" in self.refusal(path)

    def test_may_be_a_directory_of_mental_health(self, path):
        theirs = [
            ["TC", "Type of Care", "MH", "Mental health treatment"],
            ["SET", "Service Setting", "CMHC", "Community mental health center"],
            ["TAP", "Treatment Approaches", "ECT", "Electroconvulsive therapy"],
            ["AP", "Antipsychotics", "N1", "First-generation antipsychotics"],
        ]
        write_directory(path, [make_cells()], key=[key_lines()[0], *theirs])

        assert "mental health" in self.refusal(path)

    def test_may_not_say_its_year(self, tmp_path):
        path = write_directory(tmp_path / "directory.xlsx", [make_cells()])

        assert "--edition" in self.refusal(path)
        assert read_directory(path, edition="2021").edition == "2021"

    @pytest.mark.parametrize("edition", ["twenty", "23", "99999", "2023-24"])
    def test_may_be_given_a_year_that_is_none(self, path, edition):
        write_directory(path, [make_cells()])

        assert "is a year" in self.refusal(path, edition=edition)

    def test_is_told_all_its_faults_at_once(self, tmp_path):
        headings = [heading for heading in HEADINGS if heading not in ("zip", "phone")]
        path = write_directory(
            tmp_path / "directory.xlsx", [make_cells()], headings=headings, key=False
        )

        sentence = self.refusal(path)

        assert "has no key sheet" in sentence
        assert "does not say its year" in sentence
        assert "heading zip is missing" in sentence
        assert "heading phone is missing" in sentence

    def test_is_told_of_its_rows_too_when_its_key_is_missing(self, path):
        write_directory(path, [make_cells(state="XX")], key=False)

        assert "no key sheet" in self.refusal(path)
        assert "no usable rows" in self.refusal(path)

    @pytest.mark.django_db
    def test_is_told_with_the_faults_of_its_coordinates(self, tmp_path):
        workbook = write_directory(tmp_path / "directory.xlsx", [make_cells()])
        table = tmp_path / "c.csv"
        table.touch()

        with pytest.raises(UnusableFile) as caught:
            read_with_positions(workbook, [table], key=workbook)

        assert "does not say its year" in str(caught.value)
        assert "c.csv is empty" in str(caught.value)


class TestRow:
    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            ({"zip": "00000"}, "ZIP code 00000 does not exist in NY"),
            ({"zip": "90210"}, "ZIP code 90210 does not exist in NY"),
            ({"zip": "1220"}, "ZIP code 01220 does not exist in NY"),
            (
                {"name1": "", "state": "XX", "zip": "A1"},
                "no name; state not known: 'XX'; ZIP code not understood: 'A1'",
            ),
        ],
    )
    def test_is_rejected_with_all_its_faults(self, path, cells, reason):
        write_directory(path, [make_cells(), make_cells(**cells)])

        reading = read_directory(path)

        assert [row.row_number for row in reading.rows] == [2]
        assert [(each.row_number, each.reason) for each in reading.rejections] == [(3, reason)]

    @pytest.mark.parametrize(
        ("state", "zip_code"),
        [("NY", "06390"), ("FM", "96941"), ("DC", "20500"), ("PR", "00907"), ("TX", "88510")],
    )
    def test_may_have_a_zip_that_its_neighbors_state_begins_with(self, path, state, zip_code):
        write_directory(path, [make_cells(state=state, zip=zip_code)])

        assert read_directory(path).rejections == ()

    def test_stays_readable_where_an_earlier_version_stored_it(self):
        assert parse_directory_row(make_cells(zip="00000"), 2, ServiceCodeReader({})).zip == "00000"
