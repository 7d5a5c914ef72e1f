"""Everything about one facility: from every table, without what opens something."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from facilities.curation import FactCheck, record_checks
from facilities.curation.self_service.links import create_update_link

from ..support.accounts import client_of, staff_member
from ..support.factories import make_listing

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 15, tzinfo=UTC)


@pytest.fixture
def listing():
    ana = staff_member("curator", name="ana")
    listing = make_listing(name1="Alder House")
    record_checks(listing, [FactCheck("hours", "corrected", {}, note="Asked")], by=ana, now=NOW)
    record_checks(listing, [FactCheck("phone", "corrected", "518-555-0177")], by=ana, now=NOW)
    listing.reports.create(
        topic="phone", receipt="SECRETABCDEF", contact="eva@example.org", message="It rings",
        reported_on=NOW.date(),
    )  # fmt: skip
    create_update_link(listing, sent_to="518-555-0101", by=ana, now=NOW)
    listing.tags.create(name="call back", added_at=NOW)
    return listing


def test_has_every_table_that_speaks_of_the_facility(listing):
    written = StringIO()
    call_command("export_facility", listing.code.upper(), stdout=written)
    content = json.loads(written.getvalue())

    assert content["facility"]["name"] == "Alder House"
    assert {"verification", "proposal", "report", "updatelink", "listingtag", "sourcerow"} <= set(
        content["records"]
    )
    (check,) = content["records"]["verification"]
    assert (check["note"], check["checked_by"]) == ("Asked", "ana")
    assert content["records"]["proposal"][0]["value"] == "518-555-0177"
    assert {event["kind"] for event in content["history"]} == {"first", "confirmed"}
    assert {fact["fact"] for fact in content["facts"]} > {"phone", "hours", "status"}


def test_keeps_receipts_tokens_and_contacts_back(listing):
    written = StringIO()
    call_command("export_facility", listing.code, stdout=written)

    assert "It rings" in written.getvalue()
    link = listing.update_links.get()
    for secret in ("SECRETABCDEF", "eva@example.org", link.token_hash):
        assert secret not in written.getvalue()


def test_comes_from_the_browser_for_administrators(listing):
    address = reverse("admin:facilities_facility_everything", args=[listing.pk])
    answer = client_of(staff_member("administrator")).get(address)

    assert json.loads(answer.content)["facility"]["code"] == listing.code
    assert answer["Content-Disposition"].startswith(
        f'attachment; filename="facility-{listing.code}'
    )
    assert client_of(staff_member("editor")).get(address).status_code == 403


def test_names_a_code_that_nobody_has():
    with pytest.raises(CommandError, match="No facility has the code zzzzzzzz"):
        call_command("export_facility", "zzzzzzzz")
