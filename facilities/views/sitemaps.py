"""The site map in the words of sitemaps.org: every page for search engines, in every language.

A page of results, a choice of facilities and a listing that was withdrawn, hidden or merged are
no such pages. The map is an index of parts, because one part may hold 50,000 addresses and 50 MB.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import override

from ..data_quality.listing_counts import count_all_listings
from ..guidance import guides
from ..guidance.worksheets import WORKSHEETS
from ..models import Facility, Place
from ..places.area_slugs import area_slug, city_codes

FACILITIES_PER_PART = 5_000
AT_A_TIME = 500
FEWEST_IN_CITY = 3
SITEMAP_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
LINK_NAMESPACE = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
PLAIN_PAGES = (
    "home",
    "care_finder",
    "guides",
    "help_now",
    "methodology",
    "quality",
    "privacy",
    "accessibility",
    "terms",
    "data",
    "api",
    "webmasters",
)


@dataclass(frozen=True)
class SitemapPage:
    """One page: its address in each language, and when what it says last changed if known."""

    addresses: dict[str, str]
    changed_on: date | None = None


def plain_pages(languages: Sequence[str]) -> Iterator[SitemapPage]:
    for name in PLAIN_PAGES:
        yield SitemapPage(addresses_by_language(languages, name))
    for guide in guides.all_guides(languages[0]):
        yield SitemapPage(addresses_by_language(languages, "guide", guide.slug), guide.reviewed_on)
    for slug in WORKSHEETS:
        yield SitemapPage(addresses_by_language(languages, "worksheet", slug))


def addresses_by_language(languages: Sequence[str], name: str, *arguments: str) -> dict[str, str]:
    found = {}
    for language in languages:
        with override(language):
            found[language] = reverse(f"facilities:{name}", args=arguments)
    return found


def area_pages(languages: Sequence[str]) -> Iterator[SitemapPage]:
    """Yield the lists of states, counties and cities; not of cities with very few listings."""
    listed = Facility.objects.listed()
    cities: Counter[str] = Counter()
    places = listed.values_list("state", "city", "county_fips").annotate(listings=Count("pk"))
    for *city, count in places.order_by():
        cities.update(dict.fromkeys(city_codes(*city), count))
    codes = {
        *(f"state:{state}" for state in listed.values_list("state", flat=True).distinct()),
        *(f"county:{fips}" for fips in listed.values_list("county_fips", flat=True).distinct()),
        *(code for code, count in cities.items() if count >= FEWEST_IN_CITY),
    }
    for slug in sorted({area_slug(place) for place in Place.objects.in_bulk(codes).values()}):
        yield SitemapPage(addresses_by_language(languages, "area", slug))


def sitemap_part_count() -> int:
    return -(-count_all_listings() // FACILITIES_PER_PART)


def facility_pages(part: int, languages: Sequence[str]) -> Iterator[SitemapPage]:
    """Yield the facilities of a part; the first is 1. Nothing after the last one."""
    starts = {
        language: address.removesuffix("-/")
        for language, address in addresses_by_language(languages, "facility", "-").items()
    }
    first = (part - 1) * FACILITIES_PER_PART
    facilities = Facility.objects.for_sitemap(first, first + FACILITIES_PER_PART)
    for facility in facilities.iterator(chunk_size=AT_A_TIME):
        found = {language: f"{start}{facility.slug}/" for language, start in starts.items()}
        changed = max(filter(None, (facility.loaded_at, facility.verified_at)), default=None)
        yield SitemapPage(found, changed and changed.date())


def index_xml(origin: str, addresses: Iterable[str]) -> str:
    lines = (f"<sitemap><loc>{escape(origin + each)}</loc></sitemap>" for each in addresses)
    return xml_document("sitemapindex", SITEMAP_NAMESPACE, lines)


def urlset_xml(origin: str, listed: Iterable[SitemapPage]) -> str:
    """List each page once in each language, and each time with all its languages."""
    return xml_document(
        "urlset",
        f"{SITEMAP_NAMESPACE} {LINK_NAMESPACE}",
        (page_xml(origin, each) for each in listed),
    )


def page_xml(origin: str, page: SitemapPage) -> str:
    origin = escape(origin)
    default = next(iter(page.addresses.values()))
    each = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{origin}{address}"/>'
        for language, address in (*page.addresses.items(), ("x-default", default))
    )
    changed = f"<lastmod>{page.changed_on}</lastmod>" if page.changed_on else ""
    return "".join(
        f"<url><loc>{origin}{address}</loc>{changed}{each}</url>\n"
        for address in page.addresses.values()
    )


def xml_document(root: str, names: str, lines: Iterable[str]) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {names}>\n{"".join(lines)}</{root}>\n'
