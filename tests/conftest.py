"""What all tests share: the real data, the second run on PostgreSQL, and that CI skips nothing."""

import os
from pathlib import Path

import hypothesis
import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import translation

from facilities.imports.load import load
from facilities.imports.plan import Options
from facilities.imports.report import LoadReport
from facilities.models import versioned_cache
from facilities.places.load import load_places
from facilities.sources.rows import Reading

from .support import real_data
from .support.factories import TODAY, read_real

pytest_plugins = ["tests.support.live_server", "tests.support.loading", "tests.support.rendering"]

# How long one example takes says nothing on a machine that does other work too.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

# A test runs in one transaction, whose values the caches may keep until the next test.
versioned_cache.KEEP_WITHIN_TRANSACTIONS = True

# Fixtures through which a test reaches a database.
OF_A_DATABASE = {"django_db_setup", "served", "site_environment", "postgresql_server"}


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of SAMHSA's real files; the test is skipped, and says so, where it is absent."""
    folder = real_data.folder()
    if folder is None:
        pytest.skip("the real files are not at ../shared/data: set SHARED_DATA")
    return folder


@pytest.fixture(scope="module")
def places(django_db_setup, django_db_blocker):
    """The packaged gazetteer, for the tests of one file."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_places()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session", autouse=True)
def _translations_compiled():
    """Spanish pages read the compiled file, which set-up makes and git does not hold."""
    call_command("compile_translations", verbosity=0)


@pytest.fixture(scope="session")
def reading_2023(shared_data) -> Reading:
    """The 2023 workbook with its coordinates, read once and kept."""
    return read_real(shared_data, real_data.WORKBOOK_2023, with_coordinates=True)


@pytest.fixture(scope="session")
def reading_2022(shared_data) -> Reading:
    """The 2022 workbook without coordinates, read once and kept."""
    return read_real(shared_data, real_data.WORKBOOK_2022)


@pytest.fixture(scope="module")
def loaded_2023(reading_2023, places, django_db_setup, django_db_blocker) -> LoadReport:
    """The gazetteer and the 2023 directory, loaded for the tests of one file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(reading_2023, Options(), today=TODAY)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Each test begins in English, and without what is kept by data version.

    Every test's rollback resets that number.
    """
    versioned_cache.clear_all()
    with translation.override("en"):
        yield


def pytest_addoption(parser):
    parser.addoption(
        "--database-only", action="store_true",
        help="only tests that reach a database, and none in a browser (the run on PostgreSQL)",
    )  # fmt: skip


def pytest_collection_modifyitems(config, items):
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")
    if config.getoption("--database-only"):
        chosen = [item for item in items if reaches_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


def reaches_database(item) -> bool:
    """Whether the test may answer differently on another engine."""
    if item.get_closest_marker("browser"):
        return False
    is_marked = item.get_closest_marker("django_db") is not None
    return is_marked or not OF_A_DATABASE.isdisjoint(item.fixturenames)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return refuse_skip((yield))


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
