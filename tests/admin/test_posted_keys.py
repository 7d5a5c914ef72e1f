"""Keys of records in addresses and forms of staff: nonsense is refused with a page, never a 500."""

import pytest
from django.urls import reverse

from ..support.accounts import client_of, staff_member
from ..support.factories import make_facility

NONSENSE = ("9" * 19, "9" * 30, "9" * 5_000, "-1", "²", "x", "1\0", "1 OR 1=1", "")


@pytest.fixture
def administrator(db):
    return staff_member("administrator")


@pytest.fixture
def facility(db):
    return make_facility(services="detox")


def only_message(page) -> str:
    (message,) = page.context["messages"]
    return str(message)


def sentence_about(key: str, *, empty: str, missing: str) -> str:
    if "\0" in key:
        return "Null characters are not allowed."
    return missing if key else empty


@pytest.mark.parametrize("key", NONSENSE)
@pytest.mark.django_db
class TestPostedKeys:
    def test_of_reports_on_a_call(self, administrator, facility, key):
        address = reverse("admin:queue_call", args=[facility.code])
        client = client_of(administrator)
        shown = client.get(address).context["shown"]
        form = {"sure": "confirmed", "shown": shown, f"report-{key}": "open"}

        assert client.post(address, form).status_code in (302, 400)

    def test_of_the_curator_who_gets_a_listing(self, administrator, facility, key):
        address = reverse("admin:queue_turn", args=[facility.code])

        assert client_of(administrator).post(address, {"do": "give", "to": key}).status_code == 302

    def test_of_conflicts(self, administrator, key):
        address = reverse("admin:facilities_conflict_changelist")

        page = client_of(administrator).post(address, {"keep": key, "method": "phone"}, follow=True)

        assert only_message(page) == sentence_about(
            key,
            empty="Press the button of one conflict.",
            missing="This conflict is not there any more.",
        )

    def test_of_ambiguous_rows(self, administrator, key):
        address = reverse("admin:facilities_release_rows")

        how = {"method": "phone", "evidence_url": "", "note": "Asked the director."}
        page = client_of(administrator).post(address, {"place": f"{key}:new", **how}, follow=True)

        is_number = key.isdecimal() and len(key) < 20
        missing, none = "This row is not there any more.", "Press the button of one facility."
        sentence = missing if is_number else none
        assert sentence in [str(message) for message in page.context["messages"]]

    def test_of_merges_to_undo(self, administrator, key):
        address = reverse("admin:facilities_merge_changelist")

        assert client_of(administrator).post(address, {"undo": key}).status_code in (302, 403, 404)

    def test_of_the_release_to_undo(self, administrator, key):
        address = reverse("admin:facilities_release_undo")

        assert client_of(administrator).post(address, {"release": key}).status_code < 500


@pytest.mark.parametrize(
    "model",
    ["facility", "report", "proposal", "audit", "updatelink", "credential", "release", "conflict"],
)
@pytest.mark.parametrize("key", NONSENSE[:-1])
@pytest.mark.django_db
def test_of_a_page_that_is_not_there(administrator, model, key):
    address = f"/admin/facilities/{model}/{key}/change/"

    assert client_of(administrator).get(address).status_code in (302, 404)


@pytest.mark.parametrize("action", ["revert", "proposal"])
@pytest.mark.parametrize("facility_key", ["1", "9" * 19, "9" * 30])
@pytest.mark.django_db
def test_of_a_facility_that_is_not_there(administrator, action, facility_key):
    address = f"/admin/facilities/facility/{facility_key}/{action}/1/"

    assert client_of(administrator).post(address).status_code == 404
