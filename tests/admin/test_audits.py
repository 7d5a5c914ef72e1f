"""The calls of an audit in the staff's site: one page for each, in the order of the draw."""

import pytest

from facilities.curation.audits import create_audit
from facilities.models import Audit, AuditCall
from facilities.places.service_area import read_service_area

from ..support.accounts import client_of, staff_member
from ..support.factories import TODAY, make_facility

pytestmark = pytest.mark.django_db
AUDITS = "/admin/facilities/audit/"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ secret }}"


@pytest.fixture
def curator():
    return staff_member("curator")


@pytest.fixture
def client(curator):
    return client_of(curator)


@pytest.fixture
def audit():
    for number in range(3):
        make_facility(name=f"House {number}", phone=f"518-555-010{number}", services="medicaid")
    return create_audit(size=3, seed=1, area=read_service_area([]), today=TODAY)


def page_of(call) -> str:
    return f"{AUDITS}{call.pk}/call/"


class TestCalls:
    def test_are_recorded_one_after_the_other(self, client, curator, audit):
        first, second, third = audit.calls.order_by("pk")

        answer = client.post(page_of(first), {"outcome": "right"})
        assert answer.url == page_of(second)
        client.post(page_of(second), {"outcome": "wrong", "note": "A bakery."})
        answer = client.post(page_of(third), {"outcome": "no_answer"})

        assert answer.url == f"{AUDITS}{audit.pk}/change/"
        kept = AuditCall.objects.order_by("pk").values_list("outcome", "note", "called_by")
        assert list(kept) == [
            ("right", "", curator.pk), ("wrong", "A bakery.", curator.pk),
            ("no_answer", "", curator.pk),
        ]  # fmt: skip

    def test_show_what_the_public_sees(self, client, audit):
        call = audit.calls.order_by("pk").first()

        html = client.get(page_of(call)).content.decode()

        assert call.facility.name in html
        assert f"tel:+1{call.facility.phone.replace('-', '')}" in html
        assert "Medicaid" in html

    @pytest.mark.parametrize("outcome", ["", "perfect"])
    def test_need_an_outcome(self, client, audit, outcome):
        html = client.post(page_of(audit.calls.first()), {"outcome": outcome}).content.decode()

        assert "Nothing was recorded yet" in html
        assert not AuditCall.objects.exclude(outcome="").exists()

    def test_may_be_corrected(self, client, audit):
        call = audit.calls.first()
        client.post(page_of(call), {"outcome": "wrong", "note": "No."})
        assert 'value="wrong"' in client.get(page_of(call)).content.decode()

        client.post(page_of(call), {"outcome": "right", "note": ""})

        call.refresh_from_db()
        assert (call.outcome, call.note) == ("right", "")

    def test_show_hostile_words_as_words(self, client, audit):
        call = audit.calls.first()
        client.post(page_of(call), {"outcome": "wrong", "note": HOSTILE})
        type(call.facility).objects.filter(pk=call.facility_id).update(name=HOSTILE)

        for page in (page_of(call), f"{AUDITS}{audit.pk}/change/"):
            html = client.get(page).content.decode()
            assert "<img src=x" not in html
            assert "&lt;img src=x" in html

    def test_stand_on_one_page_with_bounded_queries(self, client, audit, django_assert_num_queries):
        # session, user, device, two of permissions; the audit, its calls, the tally, the next one
        with django_assert_num_queries(9):
            client.get(f"{AUDITS}{audit.pk}/change/")


class TestDraw:
    def test_takes_as_many_listings_as_asked(self, audit):
        editor = client_of(staff_member("editor"))

        page = editor.post(f"{AUDITS}draw/", {"size": 2}, follow=True)

        drawn = Audit.objects.latest("pk")
        assert (drawn.size, drawn.calls.count()) == (2, 2)
        assert page.context["audit"] == drawn

    def test_needs_a_listing(self):
        page = client_of(staff_member("editor")).post(f"{AUDITS}draw/", {"size": 2})

        assert "There is no listing to draw" in page.text
        assert not Audit.objects.exists()
