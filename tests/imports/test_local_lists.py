"""Lists of others beside SAMHSA's: HSDS and tables come in, and who is believed is declared."""

import csv
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from facilities.curation import FactCheck, record_checks
from facilities.models import Change, Conflict, Credential, Facility, Release, Revision
from facilities.operations.published_data import publish_data
from facilities.sources import hsds
from facilities.sources.file_reading import LARGEST_FILE

from ..exports.snapshots.test_published_data import rows, zipped_rows
from ..support import sample_site
from ..support.accounts import staff_member
from ..support.factories import log_changes, make_listing, make_release

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 6, tzinfo=UTC)
MAP = """
source = "travis-county"
title = "Travis County resource list"
yes = ["offered"]

[columns]
name = "Agency"
street = "Address"
city = "City"
state = "State"
zip = "ZIP"
phone = "Telephone"
hours = "Open"
services_yes = "Services"

[services]
methadone = "Methadone?"
"""
ALDER = {
    "Agency": "Alder House", "Address": "1 Main Street", "City": "Albany", "State": "NY",
    "ZIP": "12207", "Telephone": "518-555-0101",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    settings.DATA_DIR = tmp_path / "published"
    return tmp_path


@pytest.fixture
def load_county(folder):
    """Load lines of cells as the county's list."""

    def load(*lines: dict[str, str], edition="2026-11-01", written_map=MAP, **options) -> None:
        path, map_path = folder / f"county-{edition}.csv", folder / "map.toml"
        headings = [*ALDER, "Open", "Services", "Methadone?"]
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, headings)
            writer.writeheader()
            writer.writerows(lines)
        map_path.write_text(written_map)
        call_command("load_csv", path, f"--map={map_path}", edition=edition, verbosity=0, **options)

    return load


def samhsa(**cells) -> Facility:
    release = make_release()
    listing = make_listing(release=release, name1="Alder House", **cells)
    log_changes()
    return listing


def forget_everything() -> None:
    """Become another installation, which knows nothing yet."""
    for model in (Facility, Release, Change, Revision):
        model.objects.all().delete()
    log_changes()


def published_tables(now=NOW) -> tuple[list[dict], ...]:
    snapshot = publish_data(now).snapshot.folder
    facilities = [
        {name: cell for name, cell in row.items() if name != "modified_at"}
        for row in rows(snapshot / "facilities.csv")
    ]
    others = (
        zipped_rows(snapshot / "facts.csv.zip", "facts.csv"),
        rows(snapshot / "credentials.csv"),
    )
    return sorted(facilities, key=lambda row: row["id"]), *(
        sorted(table, key=lambda row: [*row.values()]) for table in others
    )


def all_columns() -> set[tuple[int, str, str]]:
    return {
        (row["id"], name, repr(value))
        for row in Facility.objects.values()
        for name, value in row.items()
    }


def differences(before, after) -> list[str]:
    """What two pairs of tables say differently, cell by cell."""
    found = []
    for former, now in zip(before, after, strict=True):
        keys = [
            {(row["id"], row.get("fact") or row.get("number", "")): row for row in table}
            for table in (former, now)
        ]
        for key in sorted(keys[0].keys() | keys[1].keys()):
            rows = [table.get(key, {}) for table in keys]
            found += [
                f"{key[0][:8]} {key[1] or name} {name}: {rows[0].get(name)!r} {rows[1].get(name)!r}"
                for name in {*rows[0], *rows[1]}
                if rows[0].get(name) != rows[1].get(name)
            ]
    return found


class TestRoundTrip:
    @pytest.fixture
    def there(self, folder):
        """What one installation publishes, and the file of it."""
        sample_site.records()
        bare = Facility.objects.get(name="Bare")
        by = staff_member("curator", name="zelda")
        checks = [
            FactCheck("phone", "corrected", "518-555-0188"),
            FactCheck("website", "not_confirmed"),
        ]
        record_checks(bare, checks, by=by, now=NOW)
        confidential = Facility.objects.get(name="The confidential one")
        Facility.objects.filter(pk=confidential.pk).update(is_address_confidential=False)
        kept_private = [FactCheck("is_address_confidential", "corrected", True)]
        record_checks(confidential, kept_private, by=by, now=NOW)
        Credential.objects.create(
            facility=bare, kind="license", issuer="New York OASAS", number="A-17",
            scope="Outpatient", issued_on=date(2025, 7, 1), expires_on=date(2027, 6, 30),
            proof_url="https://example.org/licenses", checked_on=date(2026, 11, 1),
        )  # fmt: skip
        Credential.objects.create(
            facility=bare, kind="accreditation", issuer="CARF", number="7",
            source="CARF", checked_on=date(2026, 10, 1),
        )  # fmt: skip
        log_changes()
        tables = published_tables()
        assert len(tables[2]) == 2
        return tables, (folder / "published" / "latest").resolve() / "hsds.zip"

    def test_brings_the_same_listings_facts_sources_and_dates(self, there, folder, settings):
        tables, file = there
        forget_everything()
        settings.DATA_DIR = folder / "here"

        call_command("load_hsds", file, source="other-site", verbosity=0)

        assert differences(tables, published_tables()) == []

    def test_takes_lines_of_the_api_as_well(self, there, client, folder, settings):
        tables, _file = there
        lines = b"".join(client.get("/api/hsds/services?full=true&format=ndjson"))
        (folder / "services.ndjson").write_bytes(lines)
        forget_everything()
        settings.DATA_DIR = folder / "here"

        call_command("load_hsds", folder / "services.ndjson", source="other-site", verbosity=0)

        assert differences(tables, published_tables()) == []

    def test_changes_nothing_when_it_is_repeated(self, there, folder):
        _tables, file = there
        forget_everything()
        call_command("load_hsds", file, source="other-site", verbosity=0)
        before = all_columns()

        call_command("load_hsds", file, source="other-site", verbosity=0)
        call_command("recompute_facilities", verbosity=0)

        assert all_columns() - before == set()

    def test_dates_pages_by_the_source_and_not_by_the_file(self, there, client):
        _tables, file = there
        forget_everything()
        call_command("load_hsds", file, source="other-site", title="Other site", verbosity=0)

        release = Release.objects.get()
        page = client.get(Facility.objects.get(name="Bare").get_absolute_url()).content.decode()

        assert release.published_on == date(2022, 12, 31) or release.published_on.year == 2023
        told = "The facility told SAMHSA: SAMHSA National Directory 2023"
        assert told in page
        assert "Passed on by Other site." in page
        search = client.get("/search/?place=12207").content.decode()
        assert "The facility told SAMHSA (2023). Passed on by Other site." in search
        code = Facility.objects.get(name="Bare").code
        whole = client.get(f"/api/v1/facilities/{code}/").json()
        assert whole["source"]["passed_on_by"] == "Other site"
        city = next(each for each in whole["facts"] if each["fact"] == "city")
        assert (city["source"]["name"], city["source"]["method"]) == ("directory", "survey")

    def test_is_undone_as_a_whole(self, there):
        _tables, file = there
        forget_everything()
        call_command("load_hsds", file, source="other-site", verbosity=0)

        call_command("undo_release", "--yes", verbosity=0)

        assert not Facility.objects.exists()

    def test_says_on_pages_who_saw_a_credential(self, there, client):
        _tables, file = there
        forget_everything()
        call_command("load_hsds", file, source="other-site", verbosity=0)

        page = client.get(Facility.objects.get(name="Bare").get_absolute_url()).content.decode()

        assert "Checked by another directory on Nov. 1, 2026." in page
        assert "From the list of CARF, Oct. 1, 2026." in page

    def test_is_not_hidden_by_a_credential_that_waits_for_a_second_person(self, there):
        _tables, file = there
        bare = Facility.objects.get(name="Bare")
        bare.credentials.filter(number="A-17").update(is_confirmed=False)

        call_command("load_hsds", file, source="other-site", verbosity=0)

        stated = bare.credentials.confirmed().get(number="A-17")
        assert stated.is_listed

    def test_takes_credentials_back_that_the_list_leaves_out(self, there, folder):
        _tables, file = there
        bare = Facility.objects.get(name="Bare")
        Credential.objects.filter(number="7").delete()
        changed = folder / "changed.zip"
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, content.replace(b"2027-06-30", b"2028-06-30"))

        call_command("load_hsds", file, source="other-site", verbosity=0)
        held = dict(bare.credentials.values_list("number", "is_listed"))
        call_command("load_hsds", changed, source="other-site", edition="2026-12-01", verbosity=0)

        assert held == {"A-17": False, "7": True}
        assert bare.credentials.get(number="A-17").expires_on == date(2027, 6, 30)  # our own stays
        call_command("undo_release", "--yes", verbosity=0)
        call_command("undo_release", "--yes", verbosity=0)
        assert [*bare.credentials.values_list("number", flat=True)] == ["A-17"]


class TestHsds:
    def test_of_others_is_taken_as_far_as_there_is_a_place(self, folder):
        service = {
            "id": "ac148810-d857-441c-9679-408f346de14b",
            "name": "Cedar Center",
            "status": "active",
            "phones": [{"id": "1", "number": "(518) 555-0107", "extension": 12, "type": "voice"}],
            "attributes": [
                {"id": "2", "taxonomy_term": {"id": "3", "name": "Methadone", "description": ""}},
                {"id": "4", "taxonomy_term": {"id": "5", "name": "Dancing", "description": ""}},
            ],
            "service_at_locations": [
                {
                    "id": "6",
                    "location": {
                        "id": "7",
                        "addresses": [
                            {"address_1": "5 Oak Street", "city": "Albany",
                             "state_province": "NY", "postal_code": "12207"}
                        ],
                    },
                }
            ],
        }  # fmt: skip
        path = folder / "services.json"
        path.write_text(json.dumps({"contents": [service, service | {"status": "defunct"}]}))

        call_command("load_hsds", path, source="travis-211", edition="2026-11-01", verbosity=0)

        cedar = Facility.objects.get()
        assert str(cedar.uuid) == service["id"]
        assert (cedar.street, cedar.phone, cedar.phone_extension) == (
            "5 Oak Street", "518-555-0107", "12",
        )  # fmt: skip
        assert "methadone" in cedar.offered
        report = Release.objects.get().report
        assert report["unknown"] == {"Dancing": 1}
        assert report["skipped"] == {"defunct": 1}

    @pytest.mark.parametrize(
        "content", ["", "[", "[" * 100_000, "{}", "[1]", '{"contents": 5}', '"x"']
    )
    def test_that_cannot_be_read_is_refused_in_a_sentence(self, folder, content):
        path = folder / "services.json"
        path.write_text(content)

        with pytest.raises(CommandError):
            call_command("load_hsds", path, source="x", edition="2026-11-01", verbosity=0)

        assert not Release.objects.exists()

    def test_zip_without_services_is_refused(self, folder):
        path = folder / "package.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("organizations.csv", "id,name\n")

        with pytest.raises(CommandError, match="services.csv"):
            call_command("load_hsds", path, source="x", edition="2026-11-01", verbosity=0)

    def test_larger_than_any_honest_file_is_refused_unread(self, folder):
        path = folder / "services.json"
        with path.open("wb") as file:
            file.truncate(LARGEST_FILE + 1)

        with pytest.raises(CommandError, match="larger than 100 MB"):
            call_command("load_hsds", path, source="x", edition="2026-11-01", verbosity=0)

    def test_zip_that_unpacks_to_too_much_is_refused(self, folder, monkeypatch):
        monkeypatch.setattr(hsds, "LARGEST_TABLES", 1_000_000)
        path = folder / "package.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("services.csv", "id,name\n" * 200_000)

        with pytest.raises(CommandError, match="unpacks to more"):
            call_command("load_hsds", path, source="x", edition="2026-11-01", verbosity=0)


class TestCounty:
    def test_joins_the_facility_it_describes(self, load_county):
        listing = samhsa()

        load_county(ALDER | {"Open": "mon-fri 08:00-17:00", "Methadone?": "offered"})

        assert Facility.objects.count() == 1
        listing.refresh_from_db()
        assert listing.hours["mon"] == [["08:00", "17:00"]]
        assert "methadone" in listing.offered

    def test_is_named_as_the_source_of_what_it_adds(self, load_county, client):
        listing = samhsa()

        load_county(ALDER | {"Open": "mon-fri 08:00-17:00", "Methadone?": "offered"})

        facts = {row["fact"]: row for row in published_tables()[1]}
        assert facts["phone"]["source"] == "directory 2023"
        for fact in ("hours", "service:methadone"):
            assert (facts[fact]["source"], facts[fact]["date"]) == (
                "travis-county 2026-11-01", "2026-11-01",
            )  # fmt: skip
        title = "Travis County resource list 2026-11-01"
        page = client.get(listing.get_absolute_url()).content.decode()
        assert title in page
        card = client.get("/search/?place=12207").content.decode()
        assert f"Some facts are from {title}." in card
        flat = client.get("/api/v1/facilities/?place=12207").json()["results"][0]
        assert flat["fact_sources"]["service:methadone"]["source"] == "travis-county"
        assert flat["source"]["source"] == "directory"

    def test_is_named_where_facilities_are_compared(self, load_county, client):
        listing, other = samhsa(), make_listing(name1="Birch House")
        log_changes()
        load_county(ALDER | {"Methadone?": "offered"})

        page = client.get(f"/compare/{listing.code},{other.code}/").content.decode()

        assert "From Travis County resource list 2026-11-01, published on Nov. 1, 2026." in page

    def test_adds_what_samhsa_lacks(self, load_county):
        samhsa()

        load_county(ALDER, ALDER | {"Agency": "Birch", "Address": "9 Oak", "Telephone": ""})

        birch = Facility.objects.get(name="Birch")
        assert birch.source_release.get_source_display() == "Travis County resource list"

    def test_withdraws_only_what_no_other_list_has(self, load_county):
        samhsa()
        birch = ALDER | {"Agency": "Birch", "Address": "9 Oak", "Telephone": "518-555-0150"}
        load_county(ALDER, birch)

        load_county(ALDER, edition="2026-11-15", allow_withdrawals=True)

        assert dict(Facility.objects.values_list("name", "status")) == {
            "Alder House": "listed", "Birch": "withdrawn",
        }  # fmt: skip

    def test_comes_after_samhsa_and_both_are_shown(self, load_county, client):
        listing = samhsa(phone="518-555-0101")

        load_county(ALDER | {"Telephone": "518-555-0177"})

        listing.refresh_from_db()
        assert listing.phone == "518-555-0101"
        conflict = Conflict.objects.get()
        assert (conflict.fact, conflict.shown_value, conflict.source_value) == (
            "phone", "518-555-0101", "518-555-0177",
        )  # fmt: skip
        assert conflict.release.source == "travis-county"
        page = client.get(listing.get_absolute_url()).content.decode()
        assert "Travis County resource list says 518-555-0177" in page
        answer = client.get(f"/api/v1/facilities/{listing.code}/").json()
        assert answer["conflicts"] == [
            {
                "fact": "phone",
                "shown_value": "518-555-0101",
                "source_value": "518-555-0177",
                "source": "travis-county",
                "edition": "2026-11-01",
            }
        ]

    def test_tells_no_address_that_is_kept_private(self, load_county, client):
        listing = samhsa(street1="1 Main Street")
        load_county(ALDER | {"Address": "1 Main Street, rear"})
        assert "rear" in client.get(listing.get_absolute_url()).content.decode()
        by = staff_member("administrator", name="zelda")
        hidden = [FactCheck("is_address_confidential", "corrected", True)]
        record_checks(listing, hidden, by=by, now=NOW)

        assert "rear" not in client.get(listing.get_absolute_url()).content.decode()

    def test_comes_first_where_that_is_declared(self, load_county, settings):
        settings.SOURCE_ORDER = ["travis-county", "directory", "locator"]
        listing = samhsa(phone="518-555-0101")

        load_county(ALDER | {"Telephone": "518-555-0177"})

        listing.refresh_from_db()
        assert listing.phone == "518-555-0177"
        assert "outpatient" in listing.offered  # SAMHSA fills in what the county leaves out
        facts = {row["fact"]: row for row in published_tables()[1]}
        assert facts["phone"]["source"] == "travis-county 2026-11-01"
        assert facts["service:outpatient"]["source"] == "directory 2023"

    def test_never_denies_what_people_checked(self, load_county):
        listing = samhsa()
        by = staff_member("curator", name="zelda")
        record_checks(
            listing, [FactCheck("service:methadone", "corrected", "denied")], by=by, now=NOW
        )

        load_county(ALDER | {"Methadone?": "yes"})

        listing.refresh_from_db()
        assert "methadone" in listing.denied_services
        assert Conflict.objects.get().fact == "service:methadone"

    def test_shows_its_preview_and_writes_nothing(self, load_county, capsys):
        samhsa()

        load_county(ALDER | {"Agency": "Birch", "Address": "9 Oak"}, dry_run=True)

        assert Facility.objects.count() == 1
        assert Release.objects.count() == 1

    @pytest.mark.parametrize(
        ("former", "wrong", "sentence"),
        [
            ('"Agency"', '"Agencia"', "The heading Agencia is missing"),
            ("methadone =", "gold =", "There is no service gold"),
            ("hours =", "ours =", "There is no column ours"),
            ('source = "travis-county"', "", "does not say source"),
            ('"travis-county"', '"directory"', "is SAMHSA's"),
            ('"travis-county"', '"Travis County"', "small letters"),
            ("[columns]", "[columns", "is not a TOML file"),
        ],
    )
    def test_with_a_wrong_map_is_refused_in_a_sentence(self, load_county, former, wrong, sentence):
        with pytest.raises(CommandError, match=sentence):
            load_county(ALDER, written_map=MAP.replace(former, wrong, 1))

        assert not Release.objects.exists()
