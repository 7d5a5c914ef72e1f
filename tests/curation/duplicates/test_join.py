"""What one person may join alone, and what waits for a second."""

import pytest

from facilities.curation import FactCheck, create_facility
from facilities.curation.duplicates.join import join_listings
from facilities.facts.findings import CheckNotAllowed
from facilities.models import Facility, Merge, MergeProposal

from ...support.accounts import staff_member
from ...support.factories import ON_PAPER, make_listing
from ...support.releases import NOW

pytestmark = pytest.mark.django_db
KEY = "5a3c7e0e-0000-4000-8000-000000000001"


@pytest.fixture
def eva():
    return staff_member("editor", name="eva")


@pytest.fixture
def ben():
    return staff_member("editor", name="ben")


def test_one_person_joins_two_of_one_number_and_address(eva, ben):
    kept, absorbed = make_listing(), make_listing()

    assert isinstance(join_listings(kept, absorbed, by=eva, now=NOW), Merge)


@pytest.mark.parametrize("cells", [{"phone": "518-555-0177"}, {"street1": "9 Elm Street"}])
def test_a_listing_of_another_number_or_address_is_hidden_by_two(eva, ben, cells):
    kept, absorbed = make_listing(), make_listing(**cells)

    join_listings(kept, absorbed, by=eva, now=NOW)
    with pytest.raises(CheckNotAllowed, match="Somebody else"):
        join_listings(kept, absorbed, by=eva, now=NOW, **ON_PAPER)
    with pytest.raises(CheckNotAllowed, match="how you know"):
        join_listings(kept, absorbed, by=ben, now=NOW)
    assert not Merge.objects.exists()

    join_listings(kept, absorbed, by=ben, now=NOW, **ON_PAPER)

    assert Facility.objects.get(merged_into=kept) == absorbed
    assert not MergeProposal.objects.exists()


def test_a_draft_brings_no_number_into_a_listing_by_one_person(eva, ben):
    facts = {"name": "Elm", "city": "Albany", "state": "NY", "zip": "12207",
             "phone": "888-555-0166"}  # fmt: skip
    checks = [FactCheck(fact, "corrected", value) for fact, value in facts.items()]
    draft, _done = create_facility(checks, by=eva, now=NOW, key=KEY)
    listing = make_listing()

    waiting = join_listings(listing, draft, by=eva, now=NOW)

    listing.refresh_from_db()
    assert isinstance(waiting, MergeProposal)
    assert listing.phone == "518-555-0101"
