"""How single cells become values."""

import pytest

from facilities.sources.cleaners import (
    phone_cell,
    short_text_cell,
    state_cell,
    text_cell,
    website_cell,
    zip_cell,
)


class TestText:
    @pytest.mark.parametrize(
        ("cell", "cleaned"),
        [
            (None, ""),
            ("  Two   words ", "Two words"),
            ("tab\tand\nline", "tab and line"),
            ("null\0byte", "null byte"),
            (2130.0, "2130"),
            (12.5, "12.5"),
            ("Peña", "Peña"),
        ],
    )
    def test_is_cleaned(self, cell, cleaned):
        assert text_cell(cell) == cleaned

    def test_that_no_column_holds_is_refused(self):
        with pytest.raises(ValueError, match="longer than 200"):
            short_text_cell("x" * 201)


class TestZipCode:
    @pytest.mark.parametrize(
        ("cell", "cleaned"),
        [
            ("12207", "12207"),
            ("02130", "02130"),
            (2130.0, "02130"),
            (2130, "02130"),
            ("2130", "02130"),
            ("00926", "00926"),
            ("926", "00926"),
            ("12207-1234", "12207"),
            ("122071234", "12207"),
            (" 12207 ", "12207"),
        ],
    )
    def test_has_five_digits(self, cell, cleaned):
        assert zip_cell(cell) == cleaned

    @pytest.mark.parametrize("cell", ["", None, "12", "123456", "ABCDE", "1220O", "12207-12"])
    def test_is_refused_otherwise(self, cell):
        with pytest.raises(ValueError, match="ZIP code"):
            zip_cell(cell)


class TestState:
    @pytest.mark.parametrize(("cell", "code"), [("NY", "NY"), (" pr ", "PR"), ("PW", "PW")])
    def test_is_a_postal_code(self, cell, code):
        assert state_cell(cell) == code

    @pytest.mark.parametrize("cell", ["", "XX", "New York", None])
    def test_is_refused_otherwise(self, cell):
        with pytest.raises(ValueError, match="state"):
            state_cell(cell)


class TestPhone:
    @pytest.mark.parametrize(
        ("cell", "number", "extension"),
        [
            ("518-555-0101", "518-555-0101", ""),
            ("518-555-0101 x111", "518-555-0101", "111"),
            ("518-555-0101 ext. 9", "518-555-0101", "9"),
            ("(518) 555-0101", "518-555-0101", ""),
            ("1-518-555-0101", "518-555-0101", ""),
            ("+1 518 555 0101", "518-555-0101", ""),
            (5185550101.0, "518-555-0101", ""),
        ],
    )
    def test_is_read(self, cell, number, extension):
        assert phone_cell(cell) == {"number": number, "extension": extension}

    @pytest.mark.parametrize(
        ("cell", "number"),
        [
            ("888-PARNEXT", "888-727-6398"),
            ("813-630HOPE", "813-630-4673"),
            ("618-5502DUI", "618-550-2384"),
            ("800-522DRUG", "800-522-3784"),
        ],
    )
    def test_in_letters_is_shown_as_written_and_dialled_in_digits(self, cell, number):
        assert phone_cell(cell) == {"number": number, "extension": "", "shown": cell}

    @pytest.mark.parametrize("cell", ["", None, "   "])
    def test_may_be_missing(self, cell):
        assert phone_cell(cell) is None

    @pytest.mark.parametrize("cell", ["call us", "555-0101", "518-555-01012", "x12", "0"])
    def test_is_refused_otherwise(self, cell):
        with pytest.raises(ValueError, match="phone not understood"):
            phone_cell(cell)


class TestWebsite:
    @pytest.mark.parametrize(
        ("cell", "address"),
        [
            ("https://example.org/a", "https://example.org/a"),
            ("http://example.org", "http://example.org"),
            ("www.example.org", "https://www.example.org"),
            (None, ""),
        ],
    )
    def test_is_an_address(self, cell, address):
        assert website_cell(cell) == address

    @pytest.mark.parametrize(
        "cell", ["javascript:alert(1)", "ftp://example.org", "not a site", "https://[", "n/a"]
    )
    def test_is_refused_otherwise(self, cell):
        with pytest.raises(ValueError, match="website not understood"):
            website_cell(cell)
