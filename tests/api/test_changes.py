"""What changed since a cursor: every change once, in order, whoever writes meanwhile."""

import json
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection

from facilities.curation import FactCheck
from facilities.curation.duplicates.merge import merge
from facilities.models import Facility
from facilities.resolution.change_log import recording_changes

from ..support.releases import NOW, house, load_edition, load_twins
from ..support.two_people import record_seconded

CHANGES = "/api/v1/changes/"
ALDER, BIRCH, CEDAR = (house(name) for name in ("Alder House", "Birch House", "Cedar House"))


def check(name: str, fact: str, value, *, days: int = 0) -> None:
    facility = Facility.objects.get(name=name)
    record_seconded(
        facility, [FactCheck(fact, "corrected", value)], by=None, now=NOW + timedelta(days=days)
    )


def since(client, cursor: str, **parameters):
    return client.get(CHANGES, {"since": cursor, **parameters})


def now(client) -> str:
    return client.get(CHANGES).json()["cursor"]


@pytest.mark.django_db
class TestChanges:
    def test_begin_with_the_cursor_of_what_is_there(self, client, tmp_path):
        load_edition(tmp_path, 2023, ALDER)
        answer = client.get(CHANGES).json()

        assert (answer["total"], answer["results"], answer["next"]) == (0, [], None)
        assert since(client, answer["cursor"]).json()["results"] == []

    def test_name_each_kind_with_its_fields(self, client, tmp_path):
        load_edition(tmp_path, 2023, ALDER, BIRCH)
        cursor = now(client)
        check("Alder House", "city", "Troy")
        check("Birch House", "status", "hidden")
        load_edition(tmp_path, 2024, BIRCH, CEDAR)

        answer = since(client, cursor).json()

        alder, birch, cedar = Facility.objects.order_by("name")
        found = [(each["code"], each["kind"], each["fields"]) for each in answer["results"]]
        assert found[0] == (alder.code, "changed", ["city", "last_verified_on"])
        assert found[1][:2] == (birch.code, "hidden")
        kinds = {code: kind for code, kind, _fields in found[2:]}
        assert kinds[cedar.code] == "added"
        assert kinds[birch.code] == "hidden"
        by_code = {each["code"]: each for each in answer["results"]}
        assert by_code[birch.code]["url"] is None
        assert by_code[cedar.code]["url"].endswith(f"{cedar.code}/")

    def test_name_what_a_listing_was_merged_into(self, client, tmp_path):
        kept, gone = load_twins(tmp_path)
        cursor = now(client)
        merge(kept, gone, by=None, now=NOW)

        results = {each["code"]: each for each in since(client, cursor).json()["results"]}

        assert results[gone.code]["kind"] == "merged"
        assert results[gone.code]["successor"] == kept.code
        assert results[kept.code]["kind"] == "changed"

    def test_come_in_pages_without_a_gap(self, client, tmp_path):
        cursor = first = now(client)
        load_edition(tmp_path, 2023, ALDER, BIRCH, CEDAR)
        check("Alder House", "city", "Troy")
        whole = since(client, cursor).json()["results"]
        found = []
        while cursor:
            answer = since(client, cursor, limit=1).json()
            found += answer["results"]
            cursor = answer["next"]

        assert len(whole) == 4
        assert found == whole
        assert since(client, answer["cursor"]).json()["results"] == []
        assert since(client, first).json()["cursor"] == answer["cursor"]

    def test_leave_out_drafts(self, client, tmp_path):
        load_edition(tmp_path, 2023, ALDER)
        cursor = now(client)
        alder = Facility.objects.get()
        with recording_changes() as log:
            Facility.objects.update(status="draft")
            log.note(alder.uuid, before="draft", after="draft", fields=["name"])

        assert since(client, cursor).json()["results"] == []

    @pytest.mark.parametrize("cursor", ["x", "1", "1.zz", "0.0000000000000000.x"])
    def test_since_what_is_no_cursor_are_refused(self, client, cursor):
        response = since(client, cursor)

        assert response.status_code == 400
        assert response.json()["errors"][0]["parameter"] == "since"

    def test_since_an_unknown_version_name_the_snapshot_to_begin_with(self, client, tmp_path):
        load_edition(tmp_path, 2023, ALDER)
        number, token = now(client).split(".")
        for cursor in (f"{number}.{'0' * 16}", f"{int(number) + 1}.{token}"):
            response = since(client, cursor)

            assert response.status_code == 410
            assert response.json()["snapshot"] == ("http://testserver/data/latest/datapackage.json")

    def test_go_on_from_a_snapshot(self, client, tmp_path, settings):
        settings.DATA_DIR = tmp_path / "published"
        load_edition(tmp_path, 2023, ALDER)
        call_command("publish_data", verbosity=0)
        package = client.get(since(client, "1.0123456789abcdef").json()["snapshot"])
        cursor = json.loads(b"".join(package))["cursor"]
        check("Alder House", "city", "Troy")

        assert [each["kind"] for each in since(client, cursor).json()["results"]] == ["changed"]

    def test_of_a_database_without_any_version_are_none(self, client):
        cursor = now(client)

        assert since(client, cursor).status_code == 200


@pytest.mark.django_db(transaction=True)
class TestRestoredBackup:
    def test_knows_no_cursor_of_what_it_replaced(self, client, tmp_path):
        load_edition(tmp_path, 2023, ALDER)
        call_command("backup", str(tmp_path / "backup.zip"), verbosity=0)
        check("Alder House", "city", "Troy")
        lost = now(client)

        call_command("restore", str(tmp_path / "backup.zip"), replace=True, verbosity=0)

        assert since(client, lost).status_code == 410
        check("Alder House", "city", "Cohoes")
        assert since(client, lost).status_code == 410
        cursor = now(client)
        check("Alder House", "city", "Watervliet", days=1)
        assert len(since(client, cursor).json()["results"]) == 1


@pytest.mark.django_db(transaction=True)
class TestSlowTransaction:
    """One that began first and ends last, while a client keeps asking."""

    def test_is_missed_by_no_cursor(self, client, tmp_path):
        load_edition(tmp_path, 2023, ALDER, BIRCH)
        alder, birch = Facility.objects.order_by("name")
        cursor = now(client)
        has_begun, may_end = Event(), Event()

        def write_slowly():
            with recording_changes() as log:
                log.note_fields(alder, ["city"])
                has_begun.set()
                may_end.wait(20)
            connection.close()

        def write_quickly():
            with recording_changes() as log:
                log.note_fields(birch, ["phone"])
            connection.close()

        slow, quick = Thread(target=write_slowly), Thread(target=write_quickly)
        slow.start()
        has_begun.wait(20)
        quick.start()
        meanwhile = since(client, cursor).json()
        may_end.set()
        slow.join()
        quick.join()
        later = since(client, meanwhile["cursor"]).json()

        found = [(each["code"], each["fields"]) for each in meanwhile["results"]]
        found += [(each["code"], each["fields"]) for each in later["results"]]
        assert meanwhile["results"] == []
        assert found == [(alder.code, ["city"]), (birch.code, ["phone"])]
