"""What all tests share: the real data, the second run on PostgreSQL, and that CI skips nothing."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest
from django.core.management import call_command
from django.utils import translation

from facilities.accounts import second_factor
from facilities.imports.report import LoadReport
from facilities.models import versioned_cache
from facilities.sources.rows import ParsedFile

from .support import processes, real_data
from .support.databases import Databases
from .support.once import SHARED_FOLDER, Once

pytest_plugins = ["tests.support.live_server", "tests.support.loading", "tests.support.rendering"]

# How long one example takes says nothing on a machine that does other work too.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

# Hashing slowly is for production, here as for passwords.
second_factor.SCRYPT_COST["n"] = 2

# A test runs in one transaction, whose values the caches may keep until the next test.
versioned_cache.KEEP_WITHIN_TRANSACTIONS = True

# Fixtures through which a test reaches a database.
OF_A_DATABASE = {"django_db_setup", "served", "site_environment", "postgresql_server"}

MARKED_BY_FIXTURE = {
    "browser": {"browser"},
    "server": {"prepared_site"},
    "subprocess": {"rendered"},
    "postgres": {"postgresql_server"},
    "real_data": {"shared_data"},
}


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of SAMHSA's real files; the test is skipped, and says so, where it is absent."""
    folder = real_data.folder()
    if folder is None:
        pytest.skip("the real files are not at ../shared/data: set SHARED_DATA")
    return folder


@pytest.fixture(scope="session")
def once() -> Once:
    """Work that processes share, on whichever engine they run."""
    return Once(Path(os.environ[SHARED_FOLDER]))


@pytest.fixture(scope="session")
def databases(once) -> Databases:
    """The prepared databases: see ``tests/support/databases.py``."""
    return Databases(once, os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.fixture(scope="session")
def django_db_setup(databases, django_test_environment, django_db_blocker):
    """Every test finds all tables and the packaged gazetteer in its database."""
    with django_db_blocker.unblock():
        databases.prepare("places")
    with databases.using("places"):
        yield


@pytest.fixture(scope="class")
def own_database(databases, django_db_setup):
    """For tests that commit what they change: each of them has it (see ``is_committing``)."""
    with databases.using_new("places"):
        yield


@pytest.fixture(scope="class")
def without_places(databases, django_db_setup):
    """For a class of tests that begin with no gazetteer in the database."""
    with databases.using("tables"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _translations_compiled(once):
    """Spanish pages read the compiled file, which set-up makes and git does not hold."""
    once.result("translations", lambda: call_command("compile_translations", verbosity=0))


@pytest.fixture(scope="session")
def reading_2023(shared_data, databases) -> ParsedFile:
    """The 2023 workbook with its coordinates."""
    return databases.readings.edition_2023()


@pytest.fixture(scope="session")
def reading_2022(shared_data, databases) -> ParsedFile:
    """The 2022 workbook without coordinates."""
    return databases.readings.edition_2022()


@pytest.fixture(scope="class")
def loaded_2023(shared_data, databases, django_db_setup, django_db_blocker) -> LoadReport:
    """The 2023 directory is in the database of these tests; the report of loading it."""
    with django_db_blocker.unblock(), databases.using("edition_2023") as report:
        yield report


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Each test begins in English, and without what is kept by data version.

    Every test's rollback resets that number.
    """
    versioned_cache.clear_all_caches()
    with translation.override("en"):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    # Nearly all that is made while collecting is kept: looking for garbage takes a third of it.
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish(session):
    # Tests and modules live to the end: the garbage collector need not look at them again.
    gc.collect()
    gc.freeze()


def pytest_addoption(parser):
    parser.addoption(
        "--database-only", action="store_true",
        help="only tests that reach a database, and none in a browser (the run on PostgreSQL)",
    )  # fmt: skip


def pytest_configure(config):
    processes.watch()
    if SHARED_FOLDER not in os.environ:
        folder = os.environ[SHARED_FOLDER] = tempfile.mkdtemp(prefix="tests-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_modifyitems(config, items):
    for item in items:
        for marker, fixtures in MARKED_BY_FIXTURE.items():
            if not fixtures.isdisjoint(item.fixturenames):
                item.add_marker(marker)
        if is_committing(item) and "own_database" not in item.fixturenames:
            item.fixturenames.insert(0, "own_database")
    if config.getoption("--database-only"):
        chosen = [item for item in items if reaches_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


def is_committing(item) -> bool:
    """Whether pytest-django empties the tables after the test, the gazetteer's too."""
    if not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames):
        return True
    mark = item.get_closest_marker("django_db")
    return mark is not None and bool(mark.kwargs.get("transaction"))


def reaches_database(item) -> bool:
    """Whether the test may answer differently on another engine."""
    names = {marker.name for marker in item.iter_markers()}
    if names & {"browser", "sqlite"} or "rendered" in item.fixturenames:
        return False
    is_marked = item.get_closest_marker("django_db") is not None
    return is_marked or not OF_A_DATABASE.isdisjoint(item.fixturenames)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = refuse_skip((yield))
    words = processes.unmarked_process({marker.name for marker in item.iter_markers()})
    if words and report.passed and call.when != "teardown":  # where servers of the run may end
        report.outcome = "failed"
        report.longrepr = f"Starts a process and has none of {processes.MARKERS}: {words}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return refuse_skip((yield))


def refuse_skip(report):
    """With FORBID_SKIPS=1 (CI) what was skipped has failed."""
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if skipped and os.environ.get("FORBID_SKIPS") == "1":
        *_, reason = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped here (FORBID_SKIPS=1), but: {reason}"
    return report
