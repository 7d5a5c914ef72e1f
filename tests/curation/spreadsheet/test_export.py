"""Facilities leave as a spreadsheet: what stands in it, and that nothing in it ever runs."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from facilities.curation import FactCheck, record_checks
from facilities.curation.spreadsheet.cells import escape_formula, unescape_cell
from facilities.curation.spreadsheet.export_snapshot import (
    DamagedSnapshot,
    ExportSnapshot,
    unpack_snapshot,
)
from facilities.models import Facility
from facilities.taxonomy import ServiceSet

from ...support.accounts import staff_client
from ...support.factories import make_facility, make_listing
from ...support.spreadsheet_client import EXPORT, export, rows_of

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
HOSTILE = ['=HYPERLINK("http://e.example")', "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "' =1",
           "\u00a0=1", "\u200b=1", "\ufeff=1", "\v=1", "\u2060 @SUM(A1)", "\n=1"]  # fmt: skip


@pytest.fixture
def curator():
    return staff_client("curator")


@pytest.fixture
def listing(db) -> Facility:
    return make_listing(name1="Example House", zip="02130", state="MA", city="Boston")


class TestCells:
    @pytest.mark.parametrize("text", [*HOSTILE, "", "'tis", "O'Hara", "518-555-0101", "＝1"])
    def test_come_back_as_they_were(self, text):
        assert unescape_cell(escape_formula(text)) == text

    @pytest.mark.parametrize("text", HOSTILE)
    def test_never_begin_as_a_formula_does(self, text):
        assert escape_formula(text)[0] == "'"

    @pytest.mark.parametrize("line_break", ["\n", "\r", "\v", "\u2028"])
    def test_have_no_line_that_begins_as_a_formula_does(self, line_break):
        text = f"Call first{line_break}\u200b=1+1{line_break}plain"

        assert escape_formula(text) == f"Call first{line_break}'\u200b=1+1{line_break}plain"
        assert unescape_cell(escape_formula(text)) == text

    @given(st.text(alphabet="=+-'a\n\r\t \u00a0\u200b\v", max_size=12))
    def test_come_back_whatever_they_hold(self, text):
        assume("\r\n" not in text)  # read as one line break

        assert unescape_cell(escape_formula(text)) == text

    def test_of_plain_text_are_left_alone(self):
        assert escape_formula("1 Main Street") == "1 Main Street"


class TestWhatWasExported:
    def test_is_read_back(self):
        said = ExportSnapshot("abcd2345", {"name": "Café ☕"}, ServiceSet.of("detox"), ServiceSet())

        assert unpack_snapshot(said.pack()) == said

    @pytest.mark.parametrize(
        "change", [lambda cell: cell[:-6], lambda cell: "", lambda cell: "v1.x"]
    )
    def test_is_refused_when_damaged(self, change):
        cell = ExportSnapshot("abcd2345", {"name": "Example House"}).pack()

        with pytest.raises(DamagedSnapshot):
            unpack_snapshot(change(cell))

    def test_is_refused_when_it_unpacks_to_a_flood(self):
        with pytest.raises(DamagedSnapshot):
            unpack_snapshot(ExportSnapshot("abcd2345", {"name": "x" * 1_000_000}).pack())


@pytest.mark.django_db
class TestAnExport:
    def test_has_the_chosen_columns_alone(self, curator, listing):
        (row,) = rows_of(export(curator, "phone", "service:opioid-detox", "service:methadone"))

        assert list(row) == [
            "uuid", "code", "name", "phone", "service:opioid-detox", "service:methadone",
            "as_exported",
        ]  # fmt: skip
        assert row["code"] == listing.code
        assert row["phone"] == "518-555-0101"
        assert row["service:opioid-detox"] == "yes"
        assert row["service:methadone"] == "not reported"

    def test_names_services_in_plain_words_or_in_samhsas(self, curator, listing):
        plain = export(curator, "service:opioid-detox").decode("utf-8-sig")
        official = export(curator, "service:opioid-detox", labels="official").decode("utf-8-sig")

        assert "Detox for opioids [service:opioid-detox]" in plain
        assert "Opioids detoxification [service:opioid-detox]" in official

    def test_says_when_each_fact_was_checked(self, curator, listing):
        record_checks(listing, [FactCheck("fax", "confirmed")], by=None, now=NOW)

        (row,) = rows_of(export(curator, "fax", "website", dates="on"))

        assert row["checked:fax"] == "2024-03-01"
        assert row["checked:website"] == ""

    def test_takes_the_list_as_it_is_filtered(self, curator):
        make_facility(name="Oak House", state="OH")
        make_facility(name="Elm House", state="OH")
        make_facility(name="Oak Lodge", state="NY")

        rows = rows_of(export(curator, "city", query="?state=OH&q=oak"))

        assert [row["name"] for row in rows] == ["Oak House"]

    def test_takes_what_a_search_finds(self, curator):
        make_facility(name="Oak House", services="detox")
        make_facility(name="Oak Lodge", services="")
        make_facility(name="Oak Hall", services="detox", status="withdrawn")
        search = "https://directory.example.org/search/?q=oak+detox"

        assert [row["name"] for row in rows_of(export(curator, search=search))] == ["Oak House"]

    @pytest.mark.parametrize("search", ["nothing", "https://[", "?page=x", "?q=\0"])
    def test_says_what_is_wrong_with_a_search(self, curator, search):
        answer = curator.post(EXPORT, {"search": search, "labels": "plain", "file": "csv"})

        assert answer.context["form"].errors["search"]

    def test_refuses_a_filter_that_does_not_exist(self, curator):
        assert curator.get(f"{EXPORT}?password__contains=a").status_code == 400

    def test_runs_no_formula(self, curator):
        for text in HOSTILE:
            make_facility(name=text)
        workbook = openpyxl.load_workbook(io.BytesIO(export(curator, "city", file="xlsx")))

        cells = [cell for line in workbook.active.iter_rows() for cell in line]

        assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
        assert not [cell.value for cell in cells if str(cell.value)[:1] in "=+-@\t\r"]

    def test_holds_no_private_address(self, curator, listing):
        record_checks(
            listing, [FactCheck("is_address_confidential", "corrected", True)], by=None, now=NOW
        )

        content = export(curator, "street", "zip", "city", "position").decode()

        assert "1 Main Street" not in content
        assert "02130" not in content
        assert "Boston" in content

    def test_in_a_workbook_hides_its_last_column_and_offers_answers(self, curator, listing):
        content = export(curator, "service:methadone", file="xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active

        assert sheet.column_dimensions["E"].hidden
        assert sheet.data_validations.dataValidation[0].formula1 == '"yes,no,not reported"'
        assert sheet.freeze_panes == "D2"
