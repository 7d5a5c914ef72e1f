"""What a curator is told to look at twice before a number or a website changes."""

import pytest

from facilities.curation import change_warnings
from facilities.models import Conflict

from ..support.accounts import staff_client
from ..support.factories import make_facility, make_listing, make_release

pytestmark = pytest.mark.django_db
TOLL_FREE, ABROAD, DOMAIN = "toll-free number replaces", "used mostly in", "domain changes"


def told(listing, fact, value) -> list[str]:
    """The warnings by the words that tell them apart."""
    said = " ".join(change_warnings(listing, fact, value))
    return [words for words in (TOLL_FREE, ABROAD, DOMAIN) if words in said]


def intake(*numbers) -> list[dict]:
    return [{"number": number, "extension": ""} for number in numbers]


@pytest.fixture
def listing():
    make_facility(state="OH", phone="614-555-0101")
    return make_facility(
        state="NY", phone="518-555-0101", website="https://www.alder.org/",
        intake_phones=intake("518-555-0102"),
    )  # fmt: skip


class TestANumber:
    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            ("518-555-0199", []),
            ("888-555-0199", [TOLL_FREE]),
            ("614-555-0199", [ABROAD]),
            ("907-555-0199", []),  # that no listing has
            ("518-555-0101", []),
            ("", []),
        ],
    )
    def test_is_looked_at_twice(self, listing, number, expected):
        assert told(listing, "phone", number) == expected

    @pytest.mark.parametrize(
        ("numbers", "expected"),
        [
            (("518-555-0102", "888-555-0199"), []),  # beside the local one
            (("888-555-0199",), [TOLL_FREE]),
            (("518-555-0102", "614-555-0199"), [ABROAD]),
            ((), []),
        ],
    )
    def test_of_the_intake_line_is_too(self, listing, numbers, expected):
        assert told(listing, "intake_phones", intake(*numbers)) == expected

    def test_names_the_other_state(self, listing):
        (sentence,) = change_warnings(listing, "phone", "614-555-0199")

        assert sentence == "Area code 614 is used mostly in OH. Make sure it is theirs."

    def test_is_asked_for_many_in_one_query(self, listing, django_assert_num_queries):
        with django_assert_num_queries(3):  # the areas, and twice whether they still hold
            for number in ("614-555-0199", "614-555-0198"):
                assert told(listing, "phone", number) == [ABROAD]


class TestAWebsite:
    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ("https://alder.org/", "https://www.alder.org/contact", []),
            ("https://alder.org/", "https://help.alder.org/", []),
            ("https://one.alder.org/", "https://two.alder.org/", []),
            ("https://alder.org/", "https://alder-rehab.com/", [DOMAIN]),
            ("https://alder.wixsite.com/", "https://rehab.wixsite.com/", [DOMAIN]),
            ("", "https://alder.org/", []),
            ("https://alder.org/", "", []),
        ],
    )
    def test_is_looked_at_twice_where_the_owner_may_be_another(self, before, after, expected):
        assert told(make_facility(website=before), "website", after) == expected


class TestWarnings:
    @pytest.fixture
    def disputed(self):
        listing = make_listing(phone="518-555-0101")
        release = make_release(edition="2024")
        Conflict.objects.create(
            facility=listing, fact="phone", shown_value="518-555-0101", source_value="888-555-0199",
            release=release,
        )  # fmt: skip
        return listing

    def test_stand_beside_a_conflict(self, disputed):
        page = staff_client().get("/admin/facilities/conflict/").content.decode()

        assert TOLL_FREE in page

    @pytest.mark.parametrize("page", ["facilities/facility/{0.pk}/change/", "queue/{0.code}/"])
    def test_stand_beside_a_change_that_waits(self, disputed, page):
        disputed.proposals.create(
            fact="phone", value="888-555-0199", value_before="518-555-0101", origin="curator",
            method="phone", made_at="2024-03-01T12:00Z",
        )  # fmt: skip

        assert TOLL_FREE in staff_client().get(f"/admin/{page.format(disputed)}").content.decode()
