"""Structured data: only types and properties that schema.org has, and only what the page shows."""

import pytest

from ..support.factories import make_facility, make_release
from ..support.html_head import head_of

pytestmark = pytest.mark.django_db

# From schema.org's pages of these types: the properties of each, with the types of its values.
# A clinic and a hospital are both an Organization and a Place.
TEXT, ADDRESS = (str,), "PostalAddress"
THING = {"@id": TEXT, "name": TEXT, "url": TEXT, "sameAs": TEXT, "description": TEXT}
PLACE = THING | {"address": (ADDRESS,), "geo": ("GeoCoordinates",), "telephone": TEXT}
WORK = THING | {"inLanguage": TEXT, "citation": TEXT}
VOCABULARY = {
    "MedicalClinic": PLACE,
    "Hospital": PLACE,
    "WebSite": WORK,
    "MedicalWebPage": WORK | {"lastReviewed": TEXT},
    "GeoCoordinates": {"latitude": (float,), "longitude": (float,)},
    ADDRESS: {
        "streetAddress": TEXT, "addressLocality": TEXT, "addressRegion": TEXT,
        "postalCode": TEXT, "addressCountry": TEXT,
    },
}  # fmt: skip


def structured(client, address: str) -> dict:
    return head_of(client.get(address).content.decode()).structured


def faults(thing: dict):
    """What schema.org does not know of a thing and the things in it, and what is empty."""
    properties = VOCABULARY[thing["@type"]]
    for name, value in thing.items():
        if name in ("@type", "@context"):
            continue
        for each in value if isinstance(value, list) else [value]:
            kind = each.get("@type") if isinstance(each, dict) else type(each)
            if kind not in properties.get(name, ()) or each == "":
                yield name, each
            if isinstance(each, dict):
                yield from faults(each)


@pytest.fixture
def facility():
    return make_facility(
        name="Elm </script> House", street="12 Elm St", city="Troy", zip="12180",
        phone="518-555-0101", website="https://elm.example/", latitude=42.7, longitude=-73.7,
        source_release=make_release(),
    )  # fmt: skip


class TestStructuredData:
    @pytest.mark.parametrize("page", ["/", "/es/", "/guides/tonight/", "/es/guides/medications/"])
    def test_of_pages_is_valid(self, client, page):
        found = structured(client, page)

        assert found["@context"] == "https://schema.org"
        assert found["url"] == f"http://testserver{page}"
        assert [*faults(found)] == []

    @pytest.mark.parametrize(
        ("services", "kind"),
        [
            ("outpatient", "MedicalClinic"),
            ("hospital-inpatient", "Hospital"),
            ("", "MedicalClinic"),
        ],
    )
    def test_of_a_facility_is_valid(self, client, services, kind):
        facility = make_facility(services=services, street="12 Elm St", phone="518-555-0101")

        found = structured(client, f"/facility/{facility.slug}/")

        assert found["@type"] == kind
        assert [*faults(found)] == []

    def test_says_what_the_page_shows(self, client, facility):
        found = structured(client, f"/facility/{facility.slug}/")

        assert found["name"] == "Elm </script> House"
        assert found["telephone"] == "518-555-0101"
        assert found["sameAs"] == "https://elm.example/"
        assert found["address"]["streetAddress"] == "12 Elm St"
        assert (found["geo"]["latitude"], found["geo"]["longitude"]) == (42.7, -73.7)

    def test_keeps_a_confidential_address(self, client, facility):
        facility.is_address_confidential = True
        facility.save()

        html = client.get(f"/facility/{facility.slug}/").content.decode()

        found = head_of(html).structured
        assert {"Elm St", "12180", "42.7"} & {
            word for word in ("Elm St", "12180", "42.7") if word in html
        } == set()
        assert set(found["address"]) == {
            "@type",
            "addressLocality",
            "addressRegion",
            "addressCountry",
        }
        assert "geo" not in found

    def test_has_no_ratings(self, client, facility):
        html = client.get(f"/facility/{facility.slug}/").content.decode()

        assert "rating" not in html.lower().partition("</head>")[0]
