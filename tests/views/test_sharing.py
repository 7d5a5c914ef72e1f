"""What a page says of itself to search engines and to whoever is sent a link to it."""

import struct

import pytest
from django.contrib.staticfiles import finders

from ..support.factories import make_facility, make_release
from ..support.html_head import head_of

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
INDEXED = [
    "/", "/choose/", "/guides/", "/guides/tonight/", "/how-it-works/", "/quality/",
    "/help-now/", "/privacy/",
    "/worksheets/emergency-plan/", "/worksheets/aftercare-plan/",
]  # fmt: skip
NOT_INDEXED = [
    "/search/",
    "/search/?state=NY",
    "/receipt/",
    "/compare/",
    "/clear/",
    "/choose/?pregnant=yes",
]


@pytest.fixture
def facility():
    return make_facility(
        name='Elm "House"', city="Troy", services="outpatient detox buprenorphine medicaid",
        source_release=make_release(),
    )  # fmt: skip


def head(client, address: str):
    return head_of(client.get(address).content.decode())


def of_both(address: str) -> dict[str, str]:
    english, spanish = HOST + address, f"{HOST}/es{address}"
    return {"en": english, "es": spanish, "x-default": english}


class TestTitle:
    def test_of_a_facility_is_its_name_and_town(self, client, facility):
        found = head(client, f"/facility/{facility.slug}/")

        assert found.title == 'Elm "House", Troy, NY · Open Treatment Directory'
        assert found.named["og:title"] == found.title

    def test_of_a_search_tells_the_place_and_no_need(self, client):
        question = "place=10001&medication=buprenorphine&people=pregnant-program"
        found = head(client, f"/search/?{question}")

        place = "within 25 miles of 10001 (New York, NY)"
        assert found.title == f"0 facilities {place} · Open Treatment Directory"
        assert found.named["og:title"] == found.title

    def test_of_a_suggestion_does_not_tell_it(self, client):
        before, after = (head(client, f"/choose/{query}") for query in ("", "?pregnant=yes"))

        assert before.title == after.title == "Which kind of care? · Open Treatment Directory"

    @pytest.mark.parametrize("language", ["", "/es"])
    def test_and_description_are_each_page_s_own(self, client, facility, language):
        pages = [*INDEXED, f"/facility/{facility.slug}/"]
        heads = [head(client, language + page) for page in pages]

        assert len({found.title for found in heads}) == len(pages)
        assert len({found.named["description"] for found in heads}) == len(pages)
        assert all(10 < len(found.title) <= 90 for found in heads)
        assert all(50 <= len(found.named["description"]) <= 200 for found in heads)


class TestDescription:
    def test_of_a_facility_says_what_it_offers_and_who_told(self, client, facility):
        found = head(client, f"/facility/{facility.slug}/").named["description"]

        assert found == (
            "Detox, Outpatient care (Troy, NY). Buprenorphine. Medicaid. The facility told "
            "SAMHSA: SAMHSA National Directory 2023. Not checked by us: call to confirm."
        )


class TestAddresses:
    @pytest.mark.parametrize("page", INDEXED)
    def test_are_canonical_without_the_query_in_both_languages(self, client, page):
        english, spanish = head(client, f"{page}?from=mail"), head(client, f"/es{page}")

        assert english.canonical == english.named["og:url"] == HOST + page
        assert spanish.canonical == f"{HOST}/es{page}"
        assert spanish.alternates == of_both(page)

    @pytest.mark.parametrize("page", NOT_INDEXED)
    def test_of_searches_and_choices_are_for_no_index(self, client, page):
        found = head(client, page)

        assert found.named["robots"] == "noindex"
        assert (found.canonical, "og:url" in found.named) == (None, False)
        assert found.alternates == of_both(page)

    def test_of_a_facility_is_canonical_while_it_is_listed(self, client, facility):
        address = f"/facility/{facility.slug}/"
        listed = head(client, address)
        facility.status = "withdrawn"
        facility.save()

        assert (listed.canonical, listed.alternates) == (HOST + address, of_both(address))
        assert head(client, address).named["robots"] == "noindex"

    def test_of_a_demonstration_are_for_no_index(self, client):
        make_release(is_demonstration=True)

        assert {head(client, page).named.get("robots") for page in INDEXED} == {"noindex"}


class TestPicture:
    def test_is_the_same_of_every_page(self, client, facility):
        pages = [*INDEXED, *NOT_INDEXED, f"/facility/{facility.slug}/"]

        found = {head(client, page).named["og:image"] for page in pages}

        assert found == {f"{HOST}/static/facilities/share.png"}

    def test_has_the_size_that_is_stated_and_is_light(self, client):
        with open(finders.find("facilities/share.png"), "rb") as file:
            content = file.read()

        stated = head(client, "/").named
        width, height = struct.unpack(">II", content[16:24])
        assert (str(width), str(height)) == (stated["og:image:width"], stated["og:image:height"])
        assert len(content) < 60_000
