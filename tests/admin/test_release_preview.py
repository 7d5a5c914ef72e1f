"""A release before it is loaded: what it would change, what to decide, and its loading."""

import json
import os
import stat
from datetime import timedelta

import pytest
from django.urls import reverse

from facilities.admin import uploads
from facilities.admin.releases import preview
from facilities.curation import FactCheck
from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.imports.read_directory import read_with_positions
from facilities.models import Facility, Release, RowDecision
from facilities.sources.file_reading import sha256_of

from ..sources.test_findtreatment import make_listing
from ..support.accounts import staff_client
from ..support.background import run_jobs
from ..support.factories import TODAY
from ..support.html import Page
from ..support.release_upload import UPLOAD, asked, look, press, send
from ..support.releases import NOW, house, load_edition, read_edition, state
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
ALDER, BIRCH, CEDAR = (house(name) for name in ("Alder House", "Birch House", "Cedar House"))


@pytest.fixture
def uploaded(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return settings.UPLOAD_ROOT


@pytest.fixture
def administrator(uploaded):
    return staff_client("administrator")


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


def named(name: str) -> Facility:
    return Facility.objects.get(name=name)


def counts_of(page: Page) -> dict[str, str]:
    cells = page.texts("table.counts th"), page.texts("table.counts td")
    return dict(zip(*cells, strict=True))


class TestDryRun:
    def test_counts_the_facilities_of_which_each_fact_changes(self, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH, CEDAR)
        changed = ALDER | {"street2": "Suite 2"}, BIRCH | {"street2": "Suite 3", "city": "Troy"}
        reading = read_edition(tmp_path, 2023, *changed)

        report = load_parsed_file(
            reading, LoadOptions(allows_withdrawals=True), today=TODAY, is_dry_run=True
        )

        assert report.facts == {"street2": 2, "city": 1, "status": 1}
        assert report.withdrawn_codes == [named("Cedar House").code]
        assert "street2: 2" in report.as_text()

    def test_tells_what_is_stated_again_from_what_changes(self, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        reading = read_edition(tmp_path, 2023, ALDER, BIRCH | {"street2": "Suite 2"})

        report = load_parsed_file(reading, LoadOptions(), today=TODAY, is_dry_run=True)

        assert (report.restated, report.changed, report.added) == (1, 1, 0)


class TestPreview:
    def test_says_in_spanish_too_which_streets_are_lost(self, administrator, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        address = send(administrator, tmp_path, 2023, ALDER | {"street1": ""}, BIRCH)

        english, spanish = (
            Page(look(administrator, f"{prefix}{address}")) for prefix in ("", "/es")
        )

        assert counts_of(english)["Facilities that lose their street"] == "1"
        assert counts_of(spanish)["Centros que pierden su calle"] == "1"
        assert f"{named('Alder House').code}: calle" in spanish.text

    def test_shows_each_kind_of_difference_and_changes_nothing(self, administrator, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        before = state()

        address = send(administrator, tmp_path, 2023, ALDER | {"street2": "Suite 2"}, CEDAR)
        page = administrator.get(address)

        kinds = {str(kind["words"]).split(":")[0]: kind["number"] for kind in page.context["kinds"]}
        assert [*kinds.values()] == [1, 1, 1, 0]
        assert all(name in page.text for name in ("Cedar House", "Suite 2", "Birch House"))
        assert state() == before

    def test_reads_the_file_again_only_if_the_data_or_a_decision_changed(
        self, administrator, tmp_path, ana, monkeypatch
    ):
        load_edition(tmp_path, 2022, ALDER)
        address = send(administrator, tmp_path, 2023, ALDER, BIRCH)
        readings = []

        def count_and_read(path, *arguments, **options):
            readings.append(path.name)
            return read_with_positions(path, *arguments, **options)

        monkeypatch.setattr(preview, "read_with_positions", count_and_read)

        pages = [look(administrator, address).text for _ in range(3)]
        after_three_pages = len(readings)
        record_seconded(
            named("Alder House"), [FactCheck("city", "corrected", "Troy")], by=ana, now=NOW
        )
        look(administrator, address)
        after_a_check = len(readings)
        row = look(administrator, address).context["report"]["rows_read"]
        digest = sha256_of(next(tmp_path.rglob("uploads/*/directory-2023.xlsx")))
        RowDecision.objects.create(sha256=digest, row_number=row, decided_at=NOW)
        look(administrator, address)

        assert all("Birch House" in page for page in pages)
        assert (after_three_pages, after_a_check, len(readings)) == (0, 1, 2)

    def test_keeps_the_file_where_the_site_alone_can_read_it(
        self, administrator, tmp_path, uploaded
    ):
        send(administrator, tmp_path, 2023, ALDER)

        files = [path for path in uploaded.rglob("*") if path.is_file()]
        assert {path.name for path in files} == {"directory-2023.xlsx", "about.json"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert {stat.S_IMODE(path.stat().st_mode) for path in uploaded.iterdir()} == {0o700}

    def test_deletes_the_file_once_it_is_loaded_or_thrown_away(
        self, administrator, tmp_path, uploaded
    ):
        asked(administrator, send(administrator, tmp_path, 2022, ALDER))
        thrown = send(administrator, tmp_path, 2023, BIRCH)
        administrator.post(thrown, {"do": "drop"})

        assert [*uploaded.iterdir()] == []
        assert Release.objects.count() == 1

    def test_deletes_files_of_yesterday(self, administrator, tmp_path, uploaded):
        send(administrator, tmp_path, 2022, ALDER)
        (folder,) = uploaded.iterdir()
        yesterday = (NOW - timedelta(hours=25)).timestamp()
        os.utime(folder, (yesterday, yesterday))

        assert uploads.delete_old_uploads(NOW) == 1
        assert not folder.exists()

    @pytest.mark.parametrize("token", ["x" * 22, "..", "nothing", "-" * 300])
    def test_of_a_file_that_is_not_there_leads_to_the_upload(self, administrator, token):
        answer = administrator.get(reverse(UPLOAD) + f"{token}/")

        assert answer.status_code in (302, 404)
        assert answer.headers.get("Location", "").endswith(("/load/", ""))

    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("../../etc/passwd", "passwd"),
            ("<b>2023</b>.XLSX", "b_.xlsx"),
            (".hidden.csv", "hidden.csv"),
            ("_coordinates.csv", "coordinates.csv"),
            ("x" * 300 + ".xlsx", "x" * 100 + ".xlsx"),
        ],
    )
    def test_names_files_so_that_they_lead_nowhere(self, name, safe):
        assert uploads.safe_name(name) == safe

    def test_refuses_what_is_no_workbook(self, administrator, tmp_path, uploaded):
        path = tmp_path / "list.xlsx"
        path.write_text("not a workbook")
        with path.open("rb") as file:
            answer = administrator.post(reverse(UPLOAD), {"workbook": file})
        run_jobs()
        page = Page(administrator.get(answer["Location"]))

        assert page.texts(".messagelist li") == ["list.xlsx is damaged or not an Excel workbook."]
        assert [*uploaded.iterdir()] == []

    def test_shows_hostile_words_as_words(self, administrator, tmp_path):
        address = send(
            administrator, tmp_path, 2023, ALDER | {"name1": "<script>alert(1)</script>"}
        )

        page = administrator.get(address).text

        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


class TestLoading:
    def test_loads_what_was_shown(self, administrator, tmp_path):
        address = send(administrator, tmp_path, 2023, ALDER, BIRCH)

        page = asked(administrator, address)

        assert "Loaded: 2 added, 0 changed, 0 withdrawn." in page.text
        assert Release.objects.get().loaded_by.username == "administrator"

    def test_keeps_what_others_changed_since_it_was_shown(self, administrator, tmp_path, ana):
        load_edition(tmp_path, 2022, ALDER)
        address = send(administrator, tmp_path, 2023, ALDER, BIRCH)
        seen = administrator.get(address).context["seen"]
        record_seconded(
            named("Alder House"), [FactCheck("city", "corrected", "Troy")], by=ana, now=NOW
        )

        page = press(administrator, address, do="load", seen=seen)

        assert "Loaded: 1 added, 0 changed, 0 withdrawn." in page.text
        assert named("Alder House").city == "Troy"

    @pytest.mark.parametrize("seen", [None, "", "1-x-1", "1-0123456789abcdef-1", "9" * 30])
    def test_is_shown_again_where_somebody_loaded_another_release_since(
        self, administrator, tmp_path, seen
    ):
        load_edition(tmp_path, 2022, ALDER)
        address = send(administrator, tmp_path, 2023, ALDER, BIRCH)
        seen = administrator.get(address).context["seen"] if seen is None else seen
        load_edition(tmp_path, 2021, ALDER)

        page = press(administrator, address, do="load", seen=seen)

        assert "changed by others meanwhile" in page.text
        assert Release.objects.count() == 2

    def test_withdraws_many_only_if_somebody_says_so(self, administrator, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        address = send(administrator, tmp_path, 2023, ALDER)

        assert "leaves out 1 of 2" in asked(administrator, address).text
        assert "1 withdrawn" in asked(administrator, address, withdrawals="on").text

    def test_withdraws_nothing_for_a_part_of_the_country(self, administrator, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        address = send(administrator, tmp_path, 2023, ALDER | {"city": "Troy"}, is_partial="on")

        asked(administrator, address)

        assert {*Facility.objects.values_list("status", flat=True)} == {"listed"}


class TestLocatorExport:
    def test_is_loaded_from_all_of_its_pages(self, administrator, tmp_path):
        paths = [tmp_path / f"page-{number}.json" for number in (1, 2)]
        for number, path in enumerate(paths, start=1):
            listing = make_listing(name1=f"House {number}", street1=f"{number} Elm St", phone="")
            page = {"page": number, "totalPages": 2, "rows": [listing]}
            path.write_text(json.dumps(page))
        with paths[0].open("rb") as first, paths[1].open("rb") as second:
            posted = {"workbook": [first, second], "edition": "2024-05-31"}
            answer = administrator.post(reverse(UPLOAD), posted)
        run_jobs()

        page = asked(administrator, administrator.get(answer["Location"])["Location"])

        assert "Loaded: 2 added, 0 changed, 0 withdrawn." in page.text
        assert (Release.objects.get().source, Release.objects.get().edition) == (
            "locator", "2024-05-31",
        )  # fmt: skip

    def test_may_not_be_mixed_with_a_workbook(self, administrator, tmp_path):
        files = []
        for name in ("page.json", "list.xlsx"):
            (tmp_path / name).write_text("x")
            files.append((tmp_path / name).open("rb"))

        answer = administrator.post(reverse(UPLOAD), {"workbook": files})

        assert "Only the pages of a locator export" in answer.text
