"""Credentials in the staff's site: begun on a facility's page, and ended there."""

import html

import pytest

from ..support.accounts import staff_client
from ..support.factories import make_listing

pytestmark = pytest.mark.django_db
ADD = "/admin/facilities/credential/add/"
PAPER = {
    "kind": "license",
    "issuer": "State of New York",
    "number": "A-1",
    "checked_on": "2024-03-01",
}


@pytest.fixture
def editor():
    return staff_client("editor")


def test_a_credential_names_its_facility_and_leads_back_to_it(editor):
    listing = make_listing(name="Alder House")
    page = html.unescape(editor.get(f"{ADD}?facility={listing.pk}").text)

    answer = editor.post(ADD, PAPER | {"facility": listing.pk})

    assert "Add a credential: Alder House" in page
    assert answer.url == f"/admin/facilities/facility/{listing.pk}/change/#credentials"
    assert "State of New York A-1</a>, License" in editor.get(answer.url).text


@pytest.mark.parametrize("key", ["", "x", "99", "9" * 30])
def test_a_credential_of_no_facility_begins_with_finding_one(editor, key):
    answer = editor.get(ADD, {"facility": key}, follow=True)

    assert answer.redirect_chain[0][0] == "/admin/facilities/facility/"
    assert "a credential is added on its page" in answer.text
