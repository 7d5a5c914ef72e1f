"""Listings that share something, and the call that confirms a shared number for several."""

import pytest
from django.urls import reverse

from facilities.models import Proposal, Verification

from ..support.accounts import staff_client
from ..support.factories import make_listing
from ..support.html import Page

pytestmark = pytest.mark.django_db
GROUPS = reverse("admin:organizations")
NUMBER = "518-555-0142"


@pytest.fixture
def chain():
    """Three listings with one number, two of one operator."""
    made = []
    for name, city, site in (
        ("Alder House", "Albany", "alder"),
        ("Alder House", "Troy", "alder"),
        ("Birch House", "Cohoes", "birch"),
    ):
        listing = make_listing(name1=name, city=city, phone=NUMBER)
        listing.website = f"https://www.{site}.example.org/{city}"
        listing.save(update_fields=["website"])
        made.append(listing)
    return made


def group(key: str, by: str = "phone") -> str:
    return reverse("admin:organization", query={"by": by, "key": key})


class TestGroups:
    @pytest.mark.parametrize(
        ("by", "rows"),
        [
            ("", [f"{NUMBER} 3 Alder House; Birch House"]),
            ("phone", [f"{NUMBER} 3 Alder House; Birch House"]),
            ("domain", ["alder.example.org 2 Alder House"]),
            ("operator", ["Alder House 2 Alder House"]),
        ],
    )
    def test_are_those_that_share(self, chain, by, rows):
        page = Page(staff_client().get(f"{GROUPS}?by={by}"))

        assert page.texts("tbody tr") == rows

    def test_are_read_in_one_query(self, chain, django_assert_num_queries):
        client = staff_client()
        client.get(GROUPS)

        with django_assert_num_queries(6):  # session, account, device, two of rights; listings
            client.get(GROUPS)

    def test_that_are_none_any_more_lead_back(self):
        assert staff_client().get(group(NUMBER)).url == GROUPS


class TestSharedNumber:
    def test_is_confirmed_for_the_listings_that_were_named_and_nothing_else(self, chain):
        first, second, other = chain
        posted = {"listings": [first.pk, second.pk], "heard": "on"}

        page = staff_client().post(group(NUMBER), posted, follow=True)

        assert "confirmed for 2 listings, and nothing else." in page.text
        checks = Verification.objects.values_list("facility", "fact", "outcome", "method")
        assert {*checks} == {(each.pk, "phone", "confirmed", "phone") for each in (first, second)}

    def test_needs_somebody_who_said_so(self, chain):
        page = staff_client().post(group(NUMBER), {"listings": [chain[0].pk]})

        assert "Confirm that somebody at the organization told you so." in page.text
        assert not Verification.objects.exists()

    def test_is_asked_by_itself_where_somebody_wants_to_change_it(self, chain):
        first = chain[0]
        Proposal.objects.create(
            facility=first, fact="phone", value="518-555-0199", method="phone",
            made_at="2024-03-01T00:00Z",
        )  # fmt: skip
        posted = {"listings": [first.pk], "heard": "on"}

        page = staff_client().post(group(NUMBER), posted, follow=True)

        assert "its number is disputed. Ask about it by itself." in page.text
        assert "disputed: ask by itself" in page.text
        assert not Verification.objects.exists()
