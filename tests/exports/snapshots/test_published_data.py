"""Published data: what the files hold, that they never change and hold nothing private."""

import csv
import hashlib
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from facilities.curation import FactCheck
from facilities.exports.snapshots.files import FILES
from facilities.exports.snapshots.library import AlreadyPublishing, SnapshotLibrary
from facilities.models import DataVersion, Facility
from facilities.operations.published_data import publish_data, remove_private_data
from facilities.resolution.change_log import recording_changes
from facilities.taxonomy import VOCABULARY

from ...support import sample_site
from ...support.accounts import staff_member
from ...support.factories import (
    log_changes,
    make_cells,
    make_listing,
    make_release,
    write_directory,
)
from ...support.two_people import record_by_two

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 6, tzinfo=UTC)
DAY = timedelta(days=1)
LANE = "12 Quiet Lane"


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    settings.DATA_DIR = tmp_path / "published"
    return settings.DATA_DIR


@pytest.fixture
def shelter(folder):
    """A listing whose address can be found in every file that has addresses."""
    shelter = make_listing(release=make_release(), name1="The Shelter", street1=LANE, zip="12207")
    make_listing(name1="Birch House", street1="2 Main Street")
    log_changes()
    return shelter


def published(now=NOW) -> Path:
    return publish_data(now).snapshot.folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def zipped_rows(path: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as archive, archive.open(name) as file:
        return [*csv.DictReader(io.TextIOWrapper(file, encoding="utf-8", newline=""))]


def everything(folder: Path) -> bytes:
    """All bytes below a folder, zip files unpacked."""
    content = b""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content += path.name.encode() + path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    content += b"".join(archive.read(name) for name in archive.namelist())
    return content


def correct(facility, **values) -> None:
    checks = [FactCheck(fact, "corrected", value) for fact, value in values.items()]
    by = staff_member("administrator", name=f"a{facility.verifications.count()}")
    record_by_two(facility, *checks, by=by, now=NOW)


def make_private(facility) -> None:
    """Keep the address private, as curators do: the change log names it."""
    with recording_changes() as log:
        Facility.objects.filter(pk=facility.pk).update(is_address_confidential=True)
        log.note_fields(facility, ["is_address_confidential"])


def hide(facility) -> None:
    with recording_changes() as log:
        Facility.objects.filter(pk=facility.pk).update(status="hidden")
        log.note(facility.uuid, before="listed", after="hidden")


class TestFiles:
    def test_are_all_there(self, shelter):
        assert {path.name for path in published().iterdir()} == {file.name for file in FILES}

    def test_hold_each_listed_facility_once(self, folder):
        sample_site.records()
        listed = {str(uuid) for uuid in Facility.objects.listed().values_list("uuid", flat=True)}

        snapshot = published()

        in_csv = [row["id"] for row in rows(snapshot / "facilities.csv")]
        features = json.loads((snapshot / "facilities.geojson").read_text())["features"]
        in_hsds = [row["id"] for row in zipped_rows(snapshot / "hsds.zip", "services.csv")]
        with closing(sqlite3.connect(snapshot / "directory.sqlite")) as database:
            in_database = [key for (key,) in database.execute("SELECT id FROM facilities")]
        for found in (in_csv, [each["id"] for each in features], in_hsds, in_database):
            assert len(found) == len(listed)
            assert {*found} == listed

    def test_tell_source_date_and_method_of_each_fact(self, shelter):
        correct(shelter, fax="518-555-0199")

        facts = {
            row["fact"]: row
            for row in zipped_rows(published() / "facts.csv.zip", "facts.csv")
            if row["code"] == shelter.code
        }

        told, checked = facts["service:detox"], facts["fax"]
        assert [told[name] for name in ("value", "source", "date", "method")] == [
            "yes", "directory 2023", "2023-12-31", "stated",
        ]  # fmt: skip
        assert [checked[name] for name in ("value", "source", "date", "method")] == [
            "518-555-0199", "curator", "2026-11-28", "document",
        ]  # fmt: skip
        assert "service:medicaid" not in facts  # not reported

    def test_explain_every_service_in_both_languages(self, shelter):
        codebook = rows(published() / "services.csv")

        assert [row["slug"] for row in codebook] == [service.slug for service in VOCABULARY]
        assert all(row["label_en"] and row["label_es"] for row in codebook)

    def test_count_services_in_the_database(self, shelter):
        with closing(sqlite3.connect(published() / "directory.sqlite")) as database:
            counted = database.execute(
                "SELECT COUNT(*) FROM answers JOIN services ON services.number = service "
                "WHERE slug = 'detox' AND answer = 'yes'"
            ).fetchone()

        assert counted == (2,)

    def test_count_every_facet_of_datasette_by_an_index(self, shelter):
        """Without one a count of the real file takes as long as Datasette's default patience."""
        snapshot = published()
        described = json.loads((snapshot / "datasette.json").read_text())
        tables = described["databases"]["directory"]["tables"]
        facets = [(name, facet) for name, table in tables.items() for facet in table["facets"]]

        with closing(sqlite3.connect(snapshot / "directory.sqlite")) as database:
            plans = {
                (table, facet): str(
                    database.execute(
                        f"EXPLAIN QUERY PLAN SELECT {facet}, COUNT(*) FROM (SELECT * FROM {table}) "
                        f"WHERE {facet} IS NOT NULL GROUP BY {facet} ORDER BY 2 DESC LIMIT 31"
                    ).fetchall()
                )
                for table, facet in facets
            }

        assert ("answers", "answer") in plans
        assert [each for each, plan in plans.items() if "FOR GROUP BY" in plan] == []

    def test_have_the_checksums_of_the_list(self, shelter):
        snapshot = published()
        package = json.loads((snapshot / "datapackage.json").read_text())

        for resource in package["resources"]:
            content = (snapshot / resource["path"]).read_bytes()
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert resource["bytes"] == len(content)

    def test_name_the_version_from_which_changes_go_on(self, shelter):
        version = DataVersion.current()

        package = json.loads((published() / "datapackage.json").read_text())

        assert package["cursor"] == f"{version.number}.{version.token}"

    def test_say_the_terms_in_both_languages(self, shelter):
        readme = (published() / "README.md").read_text()

        assert "Selling leads is against the purpose of these data" in readme
        assert "Vender contactos va en contra del propósito de estos datos" in readme


class TestSnapshots:
    def test_are_made_only_when_something_changed(self, shelter):
        assert publish_data(NOW).snapshot
        assert publish_data(NOW + DAY).snapshot is None

        correct(shelter, fax="518-555-0199")

        assert publish_data(NOW + DAY).snapshot.name == "2026-11-29"

    def test_of_one_day_are_numbered(self, folder, shelter):
        published()
        correct(shelter, fax="518-555-0199")

        assert published().name == "2026-11-28-2"
        assert (folder / "latest").resolve().name == "2026-11-28-2"

    def test_tell_what_changed_since_the_one_before(self, shelter):
        published()
        correct(shelter, fax="518-555-0199")
        new = make_listing(name1="Cedar House")
        hide(Facility.objects.get(name="Birch House"))

        changes = rows(published(NOW + DAY) / "CHANGES.csv")

        told = {(row["code"], row["change"]): row["fields"] for row in changes}
        gone = Facility.objects.get(name="Birch House").code
        assert told.keys() == {
            (shelter.code, "changed"), (new.code, "added"), (gone, "hidden"),
        }  # fmt: skip
        assert "fax" in told[shelter.code, "changed"]

    def test_never_change(self, folder, shelter):
        before = everything(published())
        correct(shelter, fax="518-555-0199")
        published(NOW + DAY)

        assert everything(folder / "2026-11-28") == before

    def test_are_whole_or_not_there(self, folder, shelter, monkeypatch):
        def fail(_folder, _about):
            raise OSError("No space left on device")

        monkeypatch.setattr("facilities.exports.snapshots.write.write_derived_files", fail)
        with pytest.raises(OSError, match="No space"):
            publish_data(NOW)

        assert SnapshotLibrary(folder).snapshots() == []
        assert [path.name for path in folder.iterdir()] == [".lock"]

    def test_are_written_by_one_process_at_a_time(self, folder, shelter):
        with SnapshotLibrary(folder).writing(), pytest.raises(AlreadyPublishing):
            publish_data(NOW)

    def test_wait_for_the_timer_where_a_load_meets_somebody_publishing(
        self, folder, shelter, tmp_path
    ):
        published()
        file = write_directory(tmp_path / "directory-2027.xlsx", [make_cells(name1="Cedar House")])

        with SnapshotLibrary(folder).writing():
            call_command("load_directory", file, partial=True, stdout=io.StringIO())

        assert Facility.objects.listed().filter(name="Cedar House").exists()
        assert len(SnapshotLibrary(folder).snapshots()) == 1

    def test_stay_for_two_weeks_and_the_first_of_each_month_for_good(self, folder, shelter):
        for number in range(40):
            correct(shelter, fax=f"518-555-01{number:02}")
            publish_data(NOW + number * DAY)

        kept = [snapshot.name for snapshot in SnapshotLibrary(folder).snapshots()]

        assert kept == [
            "2026-11-28", "2026-12-01", *(f"2026-12-{day}" for day in range(24, 32)), "2027-01-01",
            *(f"2027-01-0{day}" for day in range(2, 7)),
        ]  # fmt: skip


class TestPrivateAddresses:
    def test_leave_every_file_of_every_snapshot(self, folder, shelter):
        published()
        correct(shelter, fax="518-555-0199")
        published(NOW + DAY)
        assert LANE.encode() in everything(folder)
        make_private(shelter)

        done = publish_data(NOW + 2 * DAY)

        assert set(done.rewritten) == {"2026-11-28", "2026-11-29"}
        assert LANE.encode() not in everything(folder)
        assert b"2 Main Street" in everything(folder / "2026-11-28")
        (line,) = rows(folder / "2026-11-28" / "CHANGES.csv")
        assert (line["change"], line["date"], line["id"]) == ("rewritten", "2026-11-30", "")
        assert shelter.code in {
            row["code"] for row in rows(done.snapshot.folder / "facilities.csv")
        }

    def test_leave_the_snapshots_without_a_new_one(self, folder, shelter):
        published()
        make_private(shelter)

        done = remove_private_data(NOW + DAY)

        assert done.rewritten == ("2026-11-28",)
        assert LANE.encode() not in everything(folder)
        assert remove_private_data(NOW + DAY).rewritten == ()

    def test_give_new_checksums(self, folder, shelter):
        snapshot = published()
        make_private(shelter)
        remove_private_data(NOW)

        package = json.loads((snapshot / "datapackage.json").read_text())

        for resource in package["resources"]:
            content = (snapshot / resource["path"]).read_bytes()
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"

    def test_leave_a_snapshot_of_a_version_that_published_no_credentials(self, folder, shelter):
        (published() / "credentials.csv").unlink()
        make_private(shelter)

        remove_private_data(NOW)

        assert LANE.encode() not in everything(folder)

    def test_stay_where_they_were_private_before(self, folder, shelter):
        make_private(shelter)
        snapshot = published()
        make_private(shelter)

        assert remove_private_data(NOW).rewritten == ()
        assert shelter.code in {row["code"] for row in rows(snapshot / "facilities.csv")}

    def test_of_hidden_listings_go_with_name_and_organization(self, folder, shelter):
        published()
        hide(shelter)

        remove_private_data(NOW)

        assert b"The Shelter" not in everything(folder)

    def test_of_records_merged_into_one_that_is_private_go_too(self, folder, shelter):
        published()
        kept = Facility.objects.get(name="Birch House")
        with recording_changes() as log:
            Facility.objects.filter(pk=shelter.pk).update(status="withdrawn", merged_into=kept)
            log.note(shelter.uuid, before="listed", after="merged")
        make_private(kept)

        remove_private_data(NOW)

        assert LANE.encode() not in everything(folder)


class TestServing:
    def test_sends_the_newest_and_the_dated_file(self, client, shelter):
        snapshot = published()
        for address in ("/data/latest/facilities.csv", "/data/2026-11-28/facilities.csv"):
            response = client.get(address)
            content = b"".join(response)
            assert content == (snapshot / "facilities.csv").read_bytes()
            assert response["Content-Type"] == "text/csv; charset=utf-8"
            assert (
                client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
            )

    @pytest.mark.parametrize(
        "address",
        ["latest/nothing.csv", "latest/.withheld", "2026-11-27/facilities.csv", "latest/..%2Flock"],
    )
    def test_sends_nothing_else(self, client, shelter, address):
        published()

        assert client.get(f"/data/{address}").status_code == 404

    def test_sends_nothing_that_may_have_become_private(self, client, shelter):
        published()
        make_private(shelter)

        response = client.get("/data/latest/facilities.csv")
        assert response.status_code == 503
        assert response["Retry-After"] == "600"

        remove_private_data(NOW)
        assert client.get("/data/latest/facilities.csv").status_code == 200

    def test_page_lists_files_with_sizes(self, client, shelter):
        assert "Nothing has been published here yet." in client.get("/data/").content.decode()
        published()

        page = client.get("/data/").content.decode()

        assert all(f"/data/latest/{file.name}" in page for file in FILES)
        assert "Selling leads is against the purpose" in page


class TestCommand:
    def test_says_what_it_did(self, shelter, capsys):
        call_command("publish_data")
        call_command("publish_data")

        said = capsys.readouterr().out
        assert "2 facilities" in said
        assert "Nothing changed since the newest snapshot." in said
