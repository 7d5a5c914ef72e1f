"""Lists of others come in through the browser: facilities of a county, licenses of a state."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from facilities.admin import uploads
from facilities.models import Credential, Facility, Release

from ..imports.test_credentials import LINE
from ..imports.test_credentials import MAP as LICENSES
from ..imports.test_local_lists import ALDER
from ..imports.test_local_lists import MAP as COUNTY
from ..support.accounts import staff_client
from ..support.background import run_jobs
from ..support.factories import log_changes, make_listing
from ..support.html import Page
from ..support.release_upload import asked, look, press

pytestmark = pytest.mark.django_db
LIST = "admin:facilities_release_local_list"
CREDENTIALS = "admin:facilities_release_credentials"


@pytest.fixture
def administrator(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return staff_client("administrator")


def csv_file(name: str, *lines: dict[str, str]) -> SimpleUploadedFile:
    text = io.StringIO()
    writer = csv.DictWriter(text, lines[0])
    writer.writeheader()
    writer.writerows(lines)
    return SimpleUploadedFile(name, text.getvalue().encode())


def county(*lines: dict[str, str], **more) -> dict:
    defaults = {"Open": "", "Services": "", "Methadone?": ""}
    return {
        "file": csv_file("county.csv", *(defaults | line for line in lines)),
        "column_map": SimpleUploadedFile("map.toml", COUNTY.encode()),
        "edition": "2026-11-01",
    } | more


def licenses(*lines: dict[str, str], **more) -> dict:
    return {
        "file": csv_file("licenses.csv", *lines),
        "column_map": SimpleUploadedFile("map.toml", LICENSES.encode()),
        "seen_on": "2026-11-01",
    } | more


def send(client, page: str, fields: dict) -> str:
    """Upload a list and let it be read; the address of the page that shows what came of it."""
    return client.get(read(client, page, fields))["Location"]


def sent_in_vain(client, page: str, fields: dict) -> Page:
    """Upload a list that cannot be used; the page that says so."""
    return Page(client.get(read(client, page, fields)))


def read(client, page: str, fields: dict) -> str:
    answer = client.post(reverse(page), fields)
    assert answer.status_code == 302, answer.context["form"].errors
    run_jobs()
    return answer["Location"]


class TestLocalList:
    def test_is_shown_before_it_is_loaded_and_then_loaded_as_a_source_of_its_own(
        self, administrator
    ):
        preview = send(administrator, LIST, county(ALDER | {"Methadone?": "offered"}))

        assert "Alder House" in Page(look(administrator, preview)).text
        assert not Facility.objects.exists()

        asked(administrator, preview)

        release = Release.objects.get()
        assert (release.source, release.source_title, release.edition) == (
            "travis-county", "Travis County resource list", "2026-11-01",
        )  # fmt: skip
        assert "methadone" in Facility.objects.get(name="Alder House").offered

    def test_of_hsds_is_named_by_the_person(self, administrator):
        service = {
            "id": "5a2ab0b4-3f5b-4c4e-9d55-0ac0a9b5a001", "name": "Birch House", "status": "active",
            "service_at_locations": [{"location": {"addresses": [{
                "address_1": "2 Main Street", "city": "Albany", "state_province": "NY",
                "postal_code": "12207", "country": "US", "address_type": "physical",
            }]}}],
        }  # fmt: skip
        file = SimpleUploadedFile("211.ndjson", json.dumps(service).encode())
        named = {"source": "albany-211", "title": "Albany 211", "edition": "2026-11-02"}

        asked(administrator, send(administrator, LIST, {"file": file, **named}))

        assert Release.objects.get().source == "albany-211"
        assert Facility.objects.get().name == "Birch House"

    @pytest.mark.parametrize(
        ("change", "field", "words"),
        [
            ({"column_map": ""}, "column_map", "A .csv needs the map of its columns."),
            ({"edition": ""}, "edition", "A .csv does not say its day: enter it."),
            (
                {"file": SimpleUploadedFile("list.json", b"[]")},
                "source",
                "HSDS does not name the list: enter a name.",
            ),
            (
                {"source": "Travis County"},
                "source",
                "A source is named by small letters, digits and hyphens: travis-county.",
            ),
            ({"file": SimpleUploadedFile("list.exe", b"x")}, "file", "Choose a file that ends in"),
        ],
    )
    def test_that_lacks_something_is_told_what(self, administrator, change, field, words):
        answer = administrator.post(reverse(LIST), county(ALDER, **change))

        assert words in " ".join(answer.context["form"].errors[field])

    def test_that_cannot_be_read_says_why_and_leads_back_to_its_own_page(self, administrator):
        broken = SimpleUploadedFile("county.toml", COUNTY.replace('city = "City"', "").encode())
        page = sent_in_vain(administrator, LIST, county(ALDER, column_map=broken))

        assert "[columns] lacks city." in page.text
        assert reverse(LIST) in page.links("#content-main a, #content a")
        assert not any(uploads.settings.UPLOAD_ROOT.iterdir())


class TestLicenses:
    @pytest.fixture
    def alder(self):
        alder = make_listing(name1="Alder House")
        log_changes()
        return alder

    def test_are_counted_before_they_are_loaded(self, administrator, alder):
        unknown = LINE | {"Provider": "Elsewhere", "Address": "9 Far Road", "City": "Troy",
                          "Zip": "12180", "Phone": ""}  # fmt: skip
        preview = send(administrator, CREDENTIALS, licenses(LINE, unknown))
        page = Page(administrator.get(preview))
        counts = dict(
            zip(page.texts("table.counts th"), page.texts("table.counts td"), strict=True)
        )

        assert (counts["To be added"], counts["Fit no facility"]) == ("1", "1")
        assert "row 3: Elsewhere, Troy" in page.text
        assert not Credential.objects.exists()

    def test_are_loaded_by_one_press(self, administrator, alder):
        preview = send(administrator, CREDENTIALS, licenses(LINE))
        page = press(administrator, preview, do="load")

        assert "Loaded: 1 added, 0 renewed, 0 unchanged." in Page(page).text
        license = Credential.objects.get()
        assert (license.facility, license.number) == (alder, "A-17")

    def test_are_thrown_away_by_another(self, administrator, alder):
        preview = send(administrator, CREDENTIALS, licenses(LINE))
        administrator.post(preview, {"do": "drop"})

        assert not Credential.objects.exists()
        assert administrator.get(preview)["Location"] == reverse(CREDENTIALS)

    def test_of_a_day_to_come_are_refused(self, administrator, alder):
        answer = administrator.post(reverse(CREDENTIALS), licenses(LINE, seen_on="2999-01-01"))

        assert answer.context["form"].errors["seen_on"] == ["This day has not come yet."]

    def test_without_a_usable_map_say_why_and_lead_back(self, administrator, alder):
        broken = SimpleUploadedFile("licenses.toml", b"kind = 'license'")
        page = sent_in_vain(administrator, CREDENTIALS, licenses(LINE, column_map=broken))

        assert "licenses.toml does not say the issuer." in page.text
        assert reverse(CREDENTIALS) in page.links("#content-main a, #content a")
