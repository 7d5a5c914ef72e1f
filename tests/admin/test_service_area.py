"""The service area holds on every list of the staff's site."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.curation import FactCheck, record_checks
from facilities.models import Credential, Facility, LikelyPair, Merge, SourceRow

from ..support.accounts import client_of, staff_member
from ..support.factories import make_cells, make_facility, make_listing
from ..support.permissions_matrix import OPEN_TO
from .test_access import ROUTES

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, tzinfo=UTC)
# Pages without a value in their address that name no facility, or are no pages.
ABOUT_NO_FACILITY = {
    "login", "enroll", "logout", "backup_codes", "sessions", "keys", "password_change",
    "password_change_done", "jsi18n", "autocomplete",
}  # fmt: skip
LISTS = sorted(
    name for name, values in ROUTES.items()
    if not values and name not in ABOUT_NO_FACILITY and "administrator" in OPEN_TO[name]
)  # fmt: skip


def burden(name: str, by, **place) -> Facility:
    """A facility with one of everything that a list of the staff may show."""
    facility = make_listing(name1=name, street1=f"1 {name} Street", **place)
    other = make_listing(name1=f"{name} Other", **place)
    gone = make_facility(name=f"{name} Gone", status="hidden", state=facility.state)
    release = facility.source_release
    found = [FactCheck("service:outpatient", "corrected", "denied")]
    record_checks(facility, found, by=by, now=timezone.now())
    record_checks(facility, [FactCheck("name", "corrected", f"{name} New")], by=by, now=NOW)
    facility.conflicts.create(fact="phone", release=release)
    facility.reports.create(topic="phone", receipt=facility.code, reported_on=NOW.date())
    facility.update_links.create(
        token_hash=facility.code, sent_to="518-555-0101", made_at=NOW, expires_at=timezone.now()
    )
    Credential.objects.create(facility=facility, kind="license", issuer="X", checked_on=NOW)
    first, second = sorted((facility, other), key=lambda each: each.pk)
    LikelyPair.objects.create(first=first, second=second, score=90, found_at=NOW)
    Merge.objects.create(kept=facility, absorbed=gone, made_at=NOW)
    for is_outdated in (False, True):
        SourceRow.objects.create(
            release=release, row_number=9000 + SourceRow.objects.count(), is_outdated=is_outdated,
            raw=make_cells(name1=f"{name} Row", **place), candidate_ids=[facility.pk],
        )  # fmt: skip
    return facility


@pytest.fixture
def client(settings):
    eva = staff_member("administrator", name="eva")
    settings.SERVICE_AREA = ["TX"]
    burden("Nearby", eva, city="Austin", state="TX", zip="78701")
    burden("Faraway", eva, city="Albany", state="NY", zip="12207")
    return client_of(eva)


def text(client, name: str) -> str:
    answer = client.get(reverse(f"admin:{name}"), follow=True)
    if answer.streaming:
        return b"".join(answer.streaming_content).decode()
    return answer.content.decode() if answer.status_code == 200 else ""


def test_holds_on_every_page_that_lists_facilities(client):
    pages = {name: text(client, name) for name in LISTS}

    assert [name for name, page in pages.items() if "Faraway" in page] == []
    near = {name for name, page in pages.items() if "Nearby" in page}
    assert near >= {
        "queue", "federal_differences", "federal_differences_csv",
        "facilities_release_rows", "facilities_release_older_rows",
        *(f"facilities_{table}_changelist" for table in
          ("facility", "conflict", "report", "proposal", "updatelink", "credential",
           "likelypair", "merge", "verification")),
    }  # fmt: skip


def test_can_be_left_for_a_look_everywhere(client):
    for table in ("facility", "credential", "merge", "likelypair", "verification"):
        address = reverse(f"admin:facilities_{table}_changelist")
        assert "Faraway" in client.get(f"{address}?area=all").content.decode()
    rows = client.get(f"{reverse('admin:facilities_release_rows')}?area=all")
    assert "Faraway" in rows.content.decode()


def test_is_said_on_the_page_of_a_facility_outside(client):
    for name, is_outside in (("Faraway", True), ("Nearby", False)):
        facility = Facility.objects.get(name=name)
        page = client.get(reverse("admin:facilities_facility_change", args=[facility.pk]))
        assert ("outside our service area" in page.content.decode()) == is_outside


def test_holds_for_the_numbers_of_people(client):
    page = client.get(reverse("admin:people")).content.decode()

    assert "Only listings of our service area are counted." in page
    assert page.count('data-head="Checks">1<') == 1
