"""What commit e2fb01f left behind, a database and a backup, is all there in this version.

``data/site_of_e2fb01f.sql`` is the database of a small invented site, dumped by SQLite, and
``data/site_of_e2fb01f.zip`` the backup that the same version wrote of it.
"""

import datetime as dt
import json
import os
import re
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from facilities.curation.duplicates.merge import undo_merge
from facilities.curation.spreadsheet.columns import column_key_of_heading
from facilities.curation.spreadsheet.export_snapshot import ExportSnapshot, unpack_snapshot
from facilities.models import Assignment, DataVersion, Facility, Merge, changes_since
from facilities.places.tables import zip_code_table
from facilities.resolution.recompute import recompute_facilities

from ..support.engines import new_database
from ..support.real_data import ROOT

DATA = Path(__file__).parent / "data"
DUMP = DATA / "site_of_e2fb01f.sql"
BACKUP = DATA / "site_of_e2fb01f.zip"
LAST_MIGRATION = "0006_names_of_columns"
# Back to there and forward again, with a stop after each migration. Where both names of a
# permission exist, the newer one is granted.
ONE_BY_ONE = f"""
from pathlib import Path
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

names = sorted(path.stem for path in Path("facilities/migrations").glob("0*.py"))
names = names[names.index("{LAST_MIGRATION}"):]
for name in [*reversed(names), *names]:
    call_command("migrate", "facilities", name, verbosity=0)
    if name.startswith("0007"):
        newer = Permission.objects.filter(codename="add_assignment")
        Group.objects.get(name="Helpers").permissions.add(*newer)
"""
GRANTS = """
from django.contrib.auth.models import Group
names = Group.objects.get(name="Helpers").permissions.values_list("codename", flat=True)
print(*sorted(names))
"""
DAY = dt.date(2024, 3, 4)  # when the site was made

# Former name -> name now, written by hand: the migrations are what is tested.
TABLES = {
    "facilities_turn": "facilities_assignment",
    "facilities_distinct": "facilities_distinctpair",
}
COLUMNS = {
    "facilities_audit": {"drawn_on": "sampled_on"},
    "facilities_conflict": {"ours": "shown_value", "theirs": "source_value"},
    "facilities_credential": {"body": "issuer"},
    "facilities_historicalcredential": {"body": "issuer"},
    "facilities_facility": {
        **{f"w{number}": f"service_bits_{number}" for number in range(6)},
        "denied": "denied_services",
        "not_admitted": "admission_exclusions",
        "stated_in_id": "source_release_id",
    },
    "facilities_merge": {"gone_id": "absorbed_id"},
    "facilities_proposal": {"how": "method"},
    "facilities_release": {"is_applied": "is_effective"},
    "facilities_report": {"about": "topic", "words": "message", "made_at": "reported_on"},
    "facilities_historicalreport": {"about": "topic", "made_at": "reported_on"},
    "facilities_sourcerow": {"cells": "raw", "candidates": "candidate_ids"},
    "facilities_turn": {"tries": "attempts"},
    "facilities_verification": {
        "how": "method",
        "file_value": "source_value",
        "reverted_why": "revert_reason",
    },
    "facilities_websitecheck": {"leads_to": "redirects_to"},
}
VALUES = {
    ("kind", "licence"): "license",
    ("state", "in_hand"): "in_progress",
    ("fact", "not_admitted"): "admission_exclusions",
}
# Made anew by migrate and load_places, or for a moment: not carried by their keys.
LEFT_OUT = {
    "auth_permission",
    "auth_group_permissions",
    "django_admin_log",
    "django_content_type",
    "django_migrations",
    "django_session",
    "facilities_dataversion",
    "facilities_place",
    "facilities_revision",
    "facilities_throttle",
    "sqlite_sequence",
}

UUID_TEXT = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # as PostgreSQL gives it
JSON = ("[", "{", '"', "null", "true", "false")  # how JSON begins in a column of SQLite

# Columns of tables that kept rows before, empty in those.
CREDENTIAL = {"source": "", "is_listed": 0}
# What was shown before stays shown: nobody has to confirm it.
SECOND_PERSON = {
    "is_confirmed": 1, "entered_at": None, "confirmed_by_id": None, "confirmed_at": None,
    "confirmed_how": "",
}  # fmt: skip
ADDED: dict[str, dict[str, Any]] = {
    "facilities_availability": {"services": []},
    "facilities_facility": {"fact_sources": {}, "phone_suspended_on": None},
    "facilities_credential": CREDENTIAL | SECOND_PERSON,
    "facilities_historicalcredential": CREDENTIAL | SECOND_PERSON,
    "facilities_release": {"source_title": ""},
    "facilities_rowdecision": {"is_left_out": 0},
    "facilities_sourcerow": {"is_outdated": 0},
    "facilities_verification": {"call_id": None},
    "facilities_report": {"closing_call_id": None},
    "facilities_historicalreport": {"closing_call_id": None},
}

Rows = dict[str, list[dict[str, Any]]]

LONG_NAME = "comprehensive-outpatient-and-residential-recovery-and-rehabilitation-center-of-b"
ADDRESSES = [
    # What e2fb01f answered: path, status, where it leads.
    (
        f"/facility/{LONG_NAME}-x5bi4hps/",
        200,
        "",
    ),
    ("/facility/house-0-brooklyn-ny-gbpv5dpe/", 301, "/facility/house-0-brooklyn-ny-tfvnqybk/"),
    ("/facility/house-0-brooklyn-ny-tfvnqybk/", 200, ""),
    ("/facility/house-1-brooklyn-ny-lhqgz6ht/", 200, ""),
    ("/facility/house-2-brooklyn-ny-hennufky/", 200, ""),
    ("/facility/house-3-brooklyn-ny-el7ihlvc/", 200, ""),
    ("/facility/house-4-brooklyn-ny-w7kvx5dq/", 410, ""),
    ("/facility/house-5-brooklyn-ny-dcb736ze/", 200, ""),
    ("/facility/house-6-brooklyn-ny-23wtcpst/", 200, ""),
    ("/facility/house-7-brooklyn-ny-sciaexk5/", 200, ""),
    ("/facility/house-8-brooklyn-ny-ounprnbs/", 200, ""),
]


def old_site(path: Path) -> Path:
    """Write the database of e2fb01f anew."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DUMP.read_text())
    return path


def plain(value: Any) -> Any:
    """A stored value without what only an engine adds: JSON as text, 0 for no, moments as text."""
    if isinstance(value, str) and value.startswith(JSON):
        return json.loads(value)
    if isinstance(value, uuid.UUID) or (isinstance(value, str) and UUID_TEXT.fullmatch(value)):
        return uuid.UUID(str(value)).hex
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, str) and value[10:11] == " " and value[:4].isdigit():
        return value[:19]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    return value


def rows_in(address: str) -> Rows:
    """Every row of every table that is kept, in the order of keys, read without Django."""
    if address.startswith("postgresql:"):
        tables = (
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
            "ORDER BY table_name"
        )
        opened = psycopg2.connect(address)
    else:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        opened = sqlite3.connect(address.removeprefix("sqlite:///"))
    with closing(opened) as connection:
        cursor = connection.cursor()
        cursor.execute(tables)
        names = [name for (name,) in cursor.fetchall() if name not in LEFT_OUT]
        return {name: rows for name in names if (rows := rows_of(cursor, name))}


def rows_of(cursor, table: str) -> list[dict[str, Any]]:
    cursor.execute(f"SELECT * FROM {table}")
    columns = [column[0] for column in cursor.description]
    rows = [
        {name: plain(value) for name, value in zip(columns, row, strict=True)}
        for row in cursor.fetchall()
    ]
    return sorted(rows, key=lambda row: row.get("history_id", row.get("id")))


def renamed(rows: Rows) -> Rows:
    """Rows of the former version as this version is to have them."""
    now = {
        TABLES.get(table, table): [renamed_row(table, row) for row in found]
        for table, found in rows.items()
    }
    return {table: [row | ADDED.get(table, {}) for row in found] for table, found in now.items()}


def renamed_row(table: str, row: dict[str, Any]) -> dict[str, Any]:
    names = COLUMNS.get(table, {})
    now = {
        names.get(column, column): VALUES.get((column, value), value)
        if isinstance(value, str)
        else value
        for column, value in row.items()
    }
    if "reported_on" in now:
        now["reported_on"] = now["reported_on"][:10]
    if "moved" in now:
        records = {
            "assignment" if model == "turn" else model: keys
            for model, keys in now["moved"]["records"].items()
        }
        now["moved"] = now["moved"] | {"records": records}
    return now


def manage(address: str, *words: str) -> str:
    command = [sys.executable, "manage.py", *words]
    environment = os.environ | {"DATABASE_URL": address}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def former(tmp_path_factory) -> Rows:
    """The rows of e2fb01f as it left them."""
    path = old_site(tmp_path_factory.mktemp("former") / "site.sqlite3")
    return rows_in(f"sqlite:///{path}")


@pytest.fixture
def on_sqlite(tmp_path) -> str:
    """The database of e2fb01f."""
    return f"sqlite:///{old_site(tmp_path / 'site.sqlite3')}"


@pytest.fixture
def on_postgresql(postgresql_server, former) -> str:
    """The same rows in the tables that the last migration of e2fb01f made."""
    address = new_database(postgresql_server)
    manage(address, "migrate", "facilities", LAST_MIGRATION)
    manage(address, "migrate", "otp_totp")
    with (
        closing(psycopg2.connect(address)) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute("SET session_replication_role = replica")  # in any order of tables
        for table, rows in former.items():
            cursor.execute(f"DELETE FROM {table}")
            for row in rows:
                insert(cursor, table, row)
    return address


def insert(cursor, table: str, row: dict[str, Any]) -> None:
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s",
        [table],
    )
    types = dict(cursor.fetchall())
    convert: dict[str, Callable] = {"boolean": bool, "jsonb": json.dumps}
    values = [
        value if value is None else convert.get(types[column], lambda same: same)(value)
        for column, value in row.items()
    ]
    columns = ", ".join(f'"{column}"' for column in row)
    places = ", ".join(["%s"] * len(row))
    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)


@pytest.mark.subprocess
class TestMigrate:
    @pytest.fixture(params=["on_sqlite", pytest.param("on_postgresql", marks=pytest.mark.postgres)])
    def address(self, request) -> str:
        return request.getfixturevalue(request.param)

    def test_keeps_every_row_and_value_and_goes_back(self, address, former):
        manage(address, "migrate")

        assert rows_in(address) == renamed(former)

        manage(address, "migrate", "facilities", LAST_MIGRATION)

        assert rows_in(address) == former

    @pytest.mark.slow
    def test_stops_after_each_migration_back_and_forward_and_loses_nothing(self, address, former):
        manage(address, "migrate")
        granted = manage(address, "shell", "--no-imports", "--command", GRANTS).split()
        manage(address, "shell", "--no-imports", "--command", ONE_BY_ONE)

        assert rows_in(address) == renamed(former)
        held = manage(address, "shell", "--no-imports", "--command", GRANTS).split()
        assert held == ["add_assignment", *granted]


@pytest.mark.subprocess
class TestRestore:
    @pytest.fixture
    def address(self, databases, django_db_setup) -> str:
        """A database that has been migrated and nothing more."""
        return databases.new_address("tables", f"restored_{databases.process}")

    def test_of_the_backup_gives_every_row_and_value(self, address, former):
        manage(address, "restore", str(BACKUP))

        assert rows_in(address) == renamed(former)


class TestSheetExportedBefore:
    def test_is_read_under_the_names_of_now(self):
        assert column_key_of_heading("Quién no puede [not_admitted]") == "admission_exclusions"
        assert column_key_of_heading("[checked:not_admitted]") == "checked:admission_exclusions"
        exported = ExportSnapshot("abcdefgh", {"not_admitted": "Nobody under 18"})
        assert unpack_snapshot(exported.pack()).values == {
            "admission_exclusions": "Nobody under 18"
        }


@pytest.mark.django_db
class TestSite:
    @pytest.fixture(autouse=True)
    def _restored(self):
        call_command("restore", BACKUP, replace=True, stdout=StringIO())

    def test_shows_what_it_showed(self):
        changes = recompute_facilities(zip_code_table(), today=DAY)

        assert not changes.writes_facts

    @pytest.mark.parametrize(("path", "status", "location"), ADDRESSES)
    def test_answers_at_the_same_addresses(self, client, path, status, location):
        response = client.get(path)

        assert (response.status_code, response.headers.get("Location", "")) == (status, location)

    def test_begins_its_change_log_with_the_version_it_had(self):
        version = DataVersion.current()

        assert len(version.token) == 16
        assert changes_since(version) == set()

    def test_keeps_permissions_of_renamed_models(self):
        ana = User.objects.get(username="ana")
        names = ana.groups.get(name="Helpers").permissions.values_list("codename", flat=True)

        assert set(names) == {"view_assignment", "change_assignment", "view_distinctpair"}

    def test_keeps_the_second_factor_and_the_backup_codes(self):
        ana = User.objects.get(username="ana")

        assert ana.totpdevice_set.get().key == "00" * 20
        assert ana.staticdevice_set.get().token_set.get().token == "0" * 16

    def test_can_undo_a_merge_made_before(self):
        standing = Merge.objects.get(undone_at=None)
        absorbed = Facility.objects.get(pk=standing.absorbed_id)

        undo_merge(standing, now=timezone.now())

        assert Assignment.objects.get(facility=absorbed).attempts == 2
