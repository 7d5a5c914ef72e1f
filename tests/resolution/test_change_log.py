"""Every way to change what is shown logs exactly that, with the names of what changed."""

import re
import uuid
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from facilities.curation import (
    FactCheck,
    accept_proposal,
    create_facility,
    record_checks,
    reject_proposal,
    revert_verification,
)
from facilities.curation.conflicts import ConflictDecision, resolve_conflict
from facilities.curation.duplicates.merge import merge, undo_merge
from facilities.curation.self_service import availability, links
from facilities.curation.work_queue.outcomes import CallReport, record_call_outcome
from facilities.curation.work_queue.undo_call import undo_call
from facilities.imports.load import load_parsed_file
from facilities.imports.plan import LoadOptions
from facilities.imports.row_decisions import ambiguous_rows, assign_row
from facilities.imports.undo import undo_release
from facilities.models import (
    Change,
    Conflict,
    Credential,
    DataVersion,
    Facility,
    Proposal,
    Revision,
    UpdateLink,
)
from facilities.places.tables import zip_code_table
from facilities.resolution.change_log import recording_changes
from facilities.resolution.recompute import recompute_facilities

from ..support.accounts import client_of, staff_client, staff_member
from ..support.change_log import watched
from ..support.factories import ON_PAPER, TODAY, make_report
from ..support.release_upload import asked
from ..support.release_upload import send as upload
from ..support.releases import NOW, house, load_again, load_edition, load_twins, read_edition
from ..support.spreadsheet_client import export, rows_of, send, take, written
from ..support.two_people import record_by_two, record_seconded

pytestmark = pytest.mark.django_db
ALDER, BIRCH, CEDAR = (house(name) for name in ("Alder House", "Birch House", "Cedar House"))
LATER = NOW + timedelta(days=2)
NOBODY = {"by": None, "now": NOW}


@pytest.fixture
def ana():
    return staff_member(name="ana")


@pytest.fixture
def alder(tmp_path):
    load_edition(tmp_path, 2022, ALDER, BIRCH)
    return named("Alder House")


CHANGED_PHONE = FactCheck("phone", "corrected", "518-555-0177")


def named(name: str) -> Facility:
    return Facility.objects.get(name=name)


def check(facility, fact, value=None, *, outcome="corrected", now=NOW):
    return record_seconded(facility, [FactCheck(fact, outcome, value)], by=None, now=now)


class TestCheck:
    def test_that_confirms_is_logged_with_its_fact(self, alder):
        with watched() as changes:
            check(alder, "phone", outcome="confirmed")

        assert changes == {alder.uuid: ("changed", ("last_verified_on", "phone"))}

    @pytest.mark.parametrize(
        ("fact", "value"),
        [
            ("name", "Aspen House"),
            ("zip", "11206"),
            ("position", [42.0, -73.0]),
            ("hours", {"always": True}),
            ("is_address_confidential", True),
            ("service:methadone", "offered"),
            ("service:detox", "denied"),
        ],
    )
    def test_that_corrects_is_logged_with_all_that_changes(self, alder, fact, value):
        with watched() as changes:
            check(alder, fact, value)

        assert fact in changes[alder.uuid][1]

    def test_that_could_not_confirm_is_logged(self, alder):
        with watched() as changes:
            check(alder, "phone", outcome="not_confirmed")

        assert changes == {alder.uuid: ("changed", ("phone",))}

    def test_that_waits_for_a_second_takes_no_number_before_it_is_accepted(self, alder, ana):
        with watched() as nothing:
            record_checks(alder, [CHANGED_PHONE], by=None, now=NOW)
        with watched() as changes:
            accept_proposal(Proposal.objects.get(), by=ana, now=LATER, **ON_PAPER)

        assert (nothing, changes) == (
            {},
            {alder.uuid: ("changed", ("last_verified_on", "phone"))},
        )

    def test_that_is_rejected_takes_no_number(self, alder, ana):
        record_checks(alder, [CHANGED_PHONE], by=None, now=NOW)

        version = DataVersion.current()

        with watched():
            reject_proposal(Proposal.objects.get(), by=ana, now=LATER)

        assert DataVersion.current() == version

    def test_taken_back_is_logged(self, alder):
        (made,) = check(alder, "admission_hours", "Mornings").verifications

        with watched() as changes:
            revert_verification(made, **NOBODY)

        assert changes == {alder.uuid: ("changed", ("admission_hours", "last_verified_on"))}

    @pytest.mark.parametrize(
        ("statuses", "kinds"),
        [
            (["hidden", "listed"], ["hidden", "added"]),
            (["withdrawn", "listed"], ["withdrawn", "added"]),
            (["hidden", "withdrawn", "hidden"], ["hidden", "withdrawn", "hidden"]),
        ],
    )
    def test_of_the_status_is_logged_as_what_a_reader_has_to_do(self, alder, statuses, kinds):
        found = []
        for days, status in enumerate(statuses):
            with watched() as changes:
                check(alder, "status", status, now=NOW + timedelta(days=days))
            found.append(changes[alder.uuid][0])

        assert found == kinds

    def test_of_a_hidden_listing_keeps_it_hidden(self, alder):
        check(alder, "status", "hidden")

        with watched() as changes:
            check(alder, "city", "Troy")

        assert changes[alder.uuid][0] == "hidden"


class TestPeople:
    def test_who_call_log_what_they_confirm(self, alder, ana):
        spoken = {"phone": {"phone": alder.phone}, "address": {"city": alder.city}}
        call = CallReport(alder, "confirmed", spoken)

        with watched() as changes:
            made = record_call_outcome(call, by=ana, now=NOW, zone=None)
        with watched() as undone:
            undo_call(made, by=ana, now=NOW + timedelta(hours=1))

        expected = {alder.uuid: ("changed", ("city", "last_verified_on", "phone"))}
        assert changes == undone == expected

    def test_who_send_a_sheet_log_each_facility(self, alder, ana):
        client = client_of(ana)
        rows = rows_of(export(client, "admission_hours", "fax"))
        for row in rows:
            row["admission_hours"] = "At ten"
        preview = send(client, written(rows))

        with watched() as changes:
            take(client, preview)

        assert {fields for _kind, fields in changes.values()} == {
            ("admission_hours", "last_verified_on")
        }
        assert len(changes) == 2

    def test_who_settle_a_conflict_log_its_fact(self, alder, ana, tmp_path):
        check(alder, "city", "Troy")
        load_edition(tmp_path, 2023, ALDER | {"city": "Cohoes"}, BIRCH)

        with watched() as changes:
            resolve_conflict(
                Conflict.objects.get(), ConflictDecision.KEEP, method="phone", by=ana, now=LATER
            )

        assert "city" in changes[alder.uuid][1]

    def test_who_keep_credentials_log_them(self, alder):
        editor = staff_client("editor")
        add = "/admin/facilities/credential/add/"
        paper = {"facility": alder.pk, "kind": "license", "issuer": "NY", "checked_on": TODAY}

        for changed in ({}, {"number": "A-1"}, {"facility": named("Birch House").pk}):
            with watched() as changes:
                editor.post(add, paper | changed)
            add = f"/admin/facilities/credential/{Credential.objects.get().pk}/change/"
            assert {fields for _kind, fields in changes.values()} == {("credentials",)}
        assert len(changes) == 2

        with watched():
            editor.post(add.replace("change", "delete"), {"post": "yes"})
        assert not Credential.objects.exists()

    def test_at_the_facility_log_nothing_until_a_curator_agrees(self, alder, ana):
        with watched():
            link, _token = links.create_update_link(alder, sent_to="518-555-0101", by=None, now=NOW)
            availability.record_availability(link, can_admit=True, services=[], hours=2, now=NOW)
            changes = [FactCheck("fax", "corrected", "518-555-0188", method="facility")]
            links.propose_changes(UpdateLink.objects.get(), changes, now=NOW)
            make_report(facility=alder)
        with watched() as changes:
            accept_proposal(Proposal.objects.get(), by=ana, now=LATER, **ON_PAPER)

        assert changes == {alder.uuid: ("changed", ("fax", "last_verified_on"))}


class TestIdentity:
    def test_of_a_new_listing_is_a_draft_until_it_is_published(self, ana):
        facts = {"name": "Elm House", "city": "Albany", "state": "NY", "zip": "12207"}
        checks = [FactCheck(fact, "corrected", value) for fact, value in facts.items()]

        version = DataVersion.current()
        made, _done = create_facility(checks, by=ana, now=NOW, key=uuid.uuid4())
        drafted = Change.objects.filter(revision__gt=version.number, facility_uuid=made.uuid)
        kinds = [change.kind for change in drafted]
        record_by_two(made, *checks, now=NOW)
        with watched() as changes:
            check(made, "status", "listed", now=LATER)

        assert kinds == ["draft", "draft"]
        assert changes[made.uuid][0] == "added"

    def test_of_two_that_are_merged_and_taken_apart(self, ana, tmp_path):
        kept, absorbed = load_twins(tmp_path)
        birch = named("Birch House")
        for fact, value in {"city": "Troy", "service:methadone": "offered"}.items():
            check(absorbed, fact, value)
        Credential.objects.create(
            facility=absorbed, kind="license", issuer="NY", checked_on=TODAY
        )  # fmt: skip

        with watched() as first:
            done = merge(kept, absorbed, by=ana, now=NOW)
        with watched() as second:
            later = merge(birch, kept, by=ana, now=NOW)
        with watched() as third:
            undo_merge(later, now=NOW)
        with watched() as fourth:
            undo_merge(done, now=NOW)

        assert first[absorbed.uuid] == ("merged", ())
        assert {"city", "credentials", "service:methadone"} <= {*first[kept.uuid][1]}
        assert second[absorbed.uuid] == third[absorbed.uuid] == ("merged", ("merged_into",))
        assert fourth[absorbed.uuid] == ("added", ())

    @pytest.mark.parametrize("name", ["South House", None])
    def test_of_a_row_that_is_assigned(self, ana, tmp_path, name):
        elm = {"street1": "5 Elm Street", "phone": "518-555-0155"}
        load_edition(tmp_path, 2022, elm | {"name1": "North House"}, elm | {"name1": "South House"})
        load_edition(tmp_path, 2023, elm | {"name1": "Mouth House"})

        with watched() as changes:
            assign_row(ambiguous_rows().get(), named(name) if name else None, by=ana, now=NOW)

        kinds = sorted(kind for kind, _fields in changes.values())
        assert kinds == (["changed", "withdrawn"] if name else ["added", "withdrawn", "withdrawn"])


class TestLoad:
    def test_of_each_edition_is_logged(self, tmp_path):
        check_kinds = []
        editions = [
            (2022, ALDER, BIRCH, CEDAR),
            (2023, ALDER | {"phone": "518-555-0166"}, BIRCH),
            (2024, BIRCH, CEDAR),
        ]

        for year, *lines in editions:
            with watched() as changes:
                load_edition(tmp_path, year, *lines)
            check_kinds.append(sorted(kind for kind, _fields in changes.values()))

        assert check_kinds == [
            ["added"] * 3, ["changed", "changed", "withdrawn"], ["added", "changed", "withdrawn"],
        ]  # fmt: skip

    def test_over_corrections_is_logged_with_the_conflict(self, alder, tmp_path):
        check(alder, "city", "Troy")

        with watched() as changes:
            load_edition(tmp_path, 2023, ALDER | {"city": "Cohoes"}, BIRCH)

        assert changes[alder.uuid] == ("changed", ("city", "source_release"))

    def test_of_an_older_edition_and_of_the_same_file_takes_no_number(self, alder, tmp_path):
        with watched() as nothing:
            load_edition(tmp_path, 2021, ALDER)
            load_again(tmp_path, 2022)

        assert nothing == {}

    def test_with_decisions_of_its_conflicts_is_logged(self, alder, tmp_path, settings):
        settings.UPLOAD_ROOT = tmp_path / "uploads"
        administrator = staff_client("administrator")
        check(alder, "city", "Troy")
        address = upload(administrator, tmp_path, 2023, ALDER | {"city": "Cohoes"}, BIRCH)
        version = DataVersion.current()

        asked(administrator, address, method="phone", **{f"conflict-{alder.pk}-city": "keep"})

        assert DataVersion.current().number == version.number + 2  # the load, then the decision
        newest = Change.objects.get(revision=DataVersion.current().number)
        assert (newest.facility_uuid, "city" in newest.fields) == (alder.uuid, True)

    def test_undone_is_logged(self, alder, tmp_path):
        load_edition(tmp_path, 2023, BIRCH | {"phone": "518-555-0166"}, CEDAR)
        cedar = named("Cedar House")

        with watched() as changes:
            undo_release(today=TODAY)

        assert changes[cedar.uuid] == ("deleted", ())
        assert changes[alder.uuid][0] == "added"
        assert "phone" in changes[named("Birch House").uuid][1]

    def test_of_real_data_logs_the_demonstration_that_goes(self, tmp_path):
        reading = read_edition(tmp_path, 2022, ALDER)
        load_parsed_file(reading, LoadOptions(is_demonstration=True), today=TODAY)
        invented = named("Alder House")

        with watched() as changes:
            load_edition(tmp_path, 2023, BIRCH)

        assert changes[invented.uuid] == ("deleted", ())
        assert changes[named("Birch House").uuid] == ("added", ())


class TestRecomputing:
    def test_logs_what_a_check_kept_listed_until_it_was_too_old(self, alder, tmp_path):
        check(alder, "phone", outcome="confirmed")
        load_edition(tmp_path, 2023, BIRCH)

        with watched() as changes:
            recompute_facilities(zip_code_table(), today=date(2030, 1, 1))

        assert changes[alder.uuid][0] == "withdrawn"

    def test_takes_no_number_where_nothing_changed(self, alder):
        version = DataVersion.current()

        with watched():
            recompute_facilities(zip_code_table(), today=TODAY)

        assert DataVersion.current() == version

    def test_keeps_what_others_save_meanwhile(self, alder):
        birch = named("Birch House")
        Facility.objects.filter(pk=birch.pk).update(city="Nowhere")
        saved = []

        def save_once(execute, sql, parameters, many, context):
            rows = execute(sql, parameters, many, context)
            if '"facilities_conflict"' in str(sql) and not saved:  # read last
                saved.append("city")
                check(alder, "city", "Troy")
            return rows

        with connection.execute_wrapper(save_once):
            changes = recompute_facilities(zip_code_table(), today=TODAY)

        assert saved
        assert {*changes.changed} == {birch.pk}
        assert (named("Alder House").city, named("Birch House").city) == ("Troy", "Albany")

    @pytest.mark.parametrize(
        ("columns", "field"),
        [
            ({"name_key": "other"}, "name"),
            ({"county_fips": "36999"}, "county_fips"),
            ({"position_origin": "hand"}, "position"),
            ({"denied_services": ["methadone"]}, "service:methadone"),
        ],
    )
    def test_logs_what_was_changed_by_other_means(self, alder, columns, field):
        Facility.objects.filter(pk=alder.pk).update(**columns)

        with watched() as changes:
            recompute_facilities(zip_code_table(), today=TODAY)

        assert changes == {alder.uuid: ("changed", (field,))}


class TestRestoring:
    def test_gives_a_version_that_nobody_had_and_keeps_the_log(self, alder, tmp_path):
        call_command("backup", tmp_path / "site.zip", stdout=StringIO())
        kept = Change.objects.count()
        check(alder, "city", "Troy")
        lost = DataVersion.current()

        call_command("restore", tmp_path / "site.zip", replace=True, stdout=StringIO())

        newest = DataVersion.current()
        assert newest.number == lost.number + 1
        assert newest.token != lost.token
        assert Change.objects.count() == kept
        assert Revision.objects.get(number=newest.number).token == newest.token
        assert not Revision.objects.filter(number=lost.number).exists()


def fail_after_noting(facility) -> None:
    with recording_changes() as log:
        log.note_fields(facility, ["name"])
        raise ZeroDivisionError


class TestTransaction:
    @pytest.mark.parametrize("way", ["check", "call", "undone call", "link", "merge", "release"])
    def test_takes_the_lock_before_it_changes_a_row(self, alder, ana, tmp_path, way):
        call = CallReport(alder, "confirmed", {"phone": {"phone": alder.phone}})
        fax = FactCheck("fax", "corrected", "518-555-0188", method="facility")
        link, _token = links.create_update_link(alder, sent_to="518-555-0101", by=None, now=NOW)
        made = (
            record_call_outcome(call, by=ana, now=NOW, zone=None) if way == "undone call" else None
        )
        ways = {
            "check": lambda: record_checks(alder, [CHANGED_PHONE], by=ana, now=NOW),
            "call": lambda: record_call_outcome(call, by=ana, now=NOW, zone=None),
            "undone call": lambda: undo_call(made, by=ana, now=NOW),
            "link": lambda: links.propose_changes(link, [fax], now=NOW),
            "merge": lambda: merge(alder, named("Birch House"), by=ana, now=NOW),
            "release": lambda: load_edition(tmp_path, 2023, BIRCH),
        }
        queries = []

        def watch(execute, sql, parameters, many, context):
            queries.append(str(sql))
            return execute(sql, parameters, many, context)

        with connection.execute_wrapper(watch):
            ways[way]()

        first_write = next(sql for sql in queries if re.match("INSERT|UPDATE|DELETE|COPY", sql))
        before = queries[: queries.index(first_write)]
        assert any('"facilities_dataversion"."id" =' in sql for sql in before)
        locks = [sql for sql in queries if "FOR UPDATE" in sql]  # on PostgreSQL
        assert all("facilities_dataversion" in sql for sql in locks[:1])

    def test_that_fails_leaves_no_trace(self, alder):
        before = DataVersion.current(), Change.objects.count(), Revision.objects.count()

        with pytest.raises(ZeroDivisionError):
            fail_after_noting(alder)

        assert (DataVersion.current(), Change.objects.count(), Revision.objects.count()) == before

    def test_that_changes_nothing_takes_no_number(self):
        before = DataVersion.current()

        with recording_changes():
            pass

        assert DataVersion.current() == before

    def test_adds_up_what_is_noted_of_one_facility(self, alder):
        with recording_changes() as log:
            log.note(alder.uuid, before="listed", after="listed", fields=["phone"])
            log.note(alder.uuid, before="withdrawn", after="hidden", fields=["city", "phone"])

        entry = Change.objects.get(revision=DataVersion.current().number)
        assert (entry.kind, entry.fields) == ("hidden", ["city", "phone"])
