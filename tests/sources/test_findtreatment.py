"""Reading FindTreatment.gov's export."""

import json
from datetime import date

import pytest

from facilities.sources.findtreatment import read_findtreatment
from facilities.sources.rows import UnusableFile

DETOX = {"f1": "Type of Care", "f2": "TC", "f3": "Substance use treatment; Detoxification"}


def make_listing(**fields) -> dict:
    defaults = {
        "_irow": 1,
        "name1": "Example House",
        "name2": "",
        "street1": "1 Main Street",
        "street2": "",
        "city": "Albany",
        "state": "NY",
        "zip": "12207",
        "phone": "518-555-0101",
        "typeFacility": "SA",
        "intake1": None,
        "intake2": "",
        "hotline1": None,
        "website": "http://www.example.org",
        "latitude": "42.65",
        "longitude": "-73.75",
        "services": [DETOX],
    }
    return defaults | fields


@pytest.fixture
def read(tmp_path):
    """Write listings as one page and read it."""

    def reader(*listings, **page):
        path = tmp_path / "locator-2024-05-31.json"
        counts = {"page": 1, "totalPages": 1, "recordCount": len(listings)}
        path.write_text(json.dumps(counts | {"rows": listings} | page))
        return read_findtreatment([path])

    return reader


class TestLocator:
    def test_gives_address_phone_website_and_street_position(self, read):
        (row,) = read(make_listing()).rows

        assert (row.name, row.zip, row.phone) == ("Example House", "12207", "518-555-0101")
        assert row.website == "http://www.example.org"
        assert row.position.as_json() == [42.65, -73.75, "street"]

    def test_reads_services_by_their_names(self, read):
        (row,) = read(make_listing()).rows

        assert set(row.offered.slugs()) == {"substance-use-treatment", "detox"}

    def test_tells_services_of_one_name_apart_by_category(self, read):
        name = "Prescribes/administers buprenorphine and/or naltrexone"
        groups = [{"f1": "Opioid Medications used in Treatment", "f2": "OM", "f3": name}]

        (row,) = read(make_listing(services=groups)).rows

        assert row.unknown == (f"OM: {name}",)

    def test_understands_the_category_codes_of_older_exports(self, read):
        groups = [{"f1": "Tobacco Screening", "f2": "TOBAC", "f3": "Smoking not permitted"}]

        (row,) = read(make_listing(services=groups)).rows

        assert row.unknown == ()
        assert len(row.offered) == 1

    def test_keeps_names_that_nobody_knows(self, read):
        groups = [DETOX, {"f1": "Type of Care", "f2": "TC", "f3": "Moon bathing"}]

        (row,) = read(make_listing(services=groups)).rows

        assert row.unknown == ("TC: Moon bathing",)

    def test_gives_a_program_without_services_that_one_alone(self, read):
        (row,) = read(make_listing(typeFacility="OTP", services=None)).rows

        assert row.offered.slugs() == ("opioid-treatment-program",)
        assert row.is_addition

    def test_counts_mental_health_as_skipped(self, read):
        reading = read(make_listing(), make_listing(typeFacility="MH"))

        assert (len(reading.rows), reading.skipped, reading.rows_read) == (1, {"MH": 1}, 2)

    def test_gathers_intake_numbers_and_hotline(self, read):
        (row,) = read(make_listing(intake1="518-555-0102", hotline1="888-PARNEXT")).rows

        assert [phone["number"] for phone in row.intake_phones] == ["518-555-0102", "888-727-6398"]

    @pytest.mark.parametrize(
        ("latitude", "longitude"), [("north", "-73"), ("942", "-73"), ("0", "0"), ("42", "")]
    )
    def test_keeps_a_row_whose_position_is_none(self, read, latitude, longitude):
        (row,) = read(make_listing(latitude=latitude, longitude=longitude)).rows

        assert row.position is None
        assert row.warnings[0].startswith("position not understood")

    @pytest.mark.parametrize(
        ("listing", "reason"),
        [
            (make_listing(name1=""), "no name"),
            (make_listing(state="ZZ"), "state not known: 'ZZ'"),
            (make_listing(typeFacility="XX"), "type not known: 'XX'"),
            (make_listing(services="all"), "services are not a list of groups"),
            ("a text", "not an object"),
        ],
    )
    def test_rejects_what_it_cannot_use(self, read, listing, reason):
        reading = read(make_listing(), listing)

        assert [(each.row_number, each.reason) for each in reading.rejections] == [(2, reason)]

    def test_refuses_the_same_object_twice(self, read):
        reading = read(make_listing(frid="a" * 64), make_listing(frid="a" * 64))

        assert reading.rejections[0].reason == "the same facility as row 1"


class TestPages:
    def test_are_read_in_their_order(self, tmp_path):
        paths = [tmp_path / "b-20240531.json", tmp_path / "a-20240531.json"]
        for number, path in enumerate(reversed(paths), start=1):
            page = {
                "page": number,
                "totalPages": 2,
                "rows": [make_listing(name1=f"House {number}")],
            }
            path.write_text(json.dumps(page))

        reading = read_findtreatment(paths)

        assert [row.name for row in reading.rows] == ["House 1", "House 2"]
        assert reading.is_whole

    def test_that_are_missing_make_the_reading_partial(self, read):
        assert not read(make_listing(), totalPages=3).is_whole


class TestEdition:
    def test_is_the_day_in_the_name(self, read):
        assert read(make_listing()).published_on == date(2024, 5, 31)

    def test_is_else_asked_for_and_never_the_day_the_file_was_written(self, tmp_path):
        path = tmp_path / "page1.json"
        path.write_text(json.dumps({"rows": [make_listing()]}))

        with pytest.raises(UnusableFile, match="does not say when it was exported"):
            read_findtreatment([path])
        assert read_findtreatment([path], edition="2019-10-01").published_on == date(2019, 10, 1)

    def test_has_to_be_a_day(self, tmp_path):
        path = tmp_path / "page1.json"
        path.write_text(json.dumps({"rows": [make_listing()]}))

        with pytest.raises(UnusableFile, match="is a day"):
            read_findtreatment([path], edition="2024")


class TestUnusableExport:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "is empty"),
            (b"<html>", "not sound JSON"),
            (b'{"rows": [', "not sound JSON"),
            (b"\xff\xfe", "not in UTF-8"),
            (b"[]", "not a page"),
            (b'{"items": []}', "not a page"),
            (b'{"page": "one", "rows": []}', "does not number its page"),
            (b'{"rows": []}', "no rows"),
            (b'{"rows": [{"typeFacility": "MH"}]}', "no rows"),
        ],
    )
    def test_is_named_in_a_sentence(self, tmp_path, content, words):
        path = tmp_path / "export-20240531.json"
        path.write_bytes(content)

        with pytest.raises(UnusableFile, match=words):
            read_findtreatment([path])

    def test_is_told_all_its_faults_at_once(self, tmp_path):
        (tmp_path / "a.json").write_bytes(b"<html>")

        with pytest.raises(UnusableFile) as caught:
            read_findtreatment([tmp_path / "a.json", tmp_path / "b.json"], edition="2024")

        assert len(caught.value.faults) == 3
        assert "a.json is not sound JSON" in str(caught.value)
        assert "There is no file" in str(caught.value)
        assert "is a day" in str(caught.value)
