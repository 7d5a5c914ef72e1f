"""The cards of the search page as HTML, from ``search/_card.html``."""

from collections import Counter
from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from ..curation.phone_status import phone_warnings
from ..curation.self_service.availability import availability_sentences
from ..models import Facility
from ..presenters.card import Card, build_card, describe_source_briefly
from ..rules.predicates import is_met
from ..search.explain import explain_position, methadone_travel_warning
from ..search.programs import group_programs
from ..search.query import SearchQuery
from ..search.run import SearchResults
from ..templatetags.words import dial
from ..web.cached_fragments import cache_rendered, render_cached
from ..web.context_processors import is_in_service_area
from .search_words import distance_origin_name

TEMPLATE = "facilities/search/_card.html"
PROGRAMS_TEMPLATE = "facilities/search/_programs.html"


def common_source(results: SearchResults, language: str) -> str:
    """Return the source line that most facilities of the page share; "" where none do."""
    lines = Counter(
        describe_source_briefly(hit.facility, language, is_ours=is_in_service_area(hit.facility))
        for hit in results.hits
    )
    line, count = lines.most_common(1)[0] if lines else ("", 0)
    return line if count > 1 else ""


def render_card_groups(
    query: SearchQuery, results: SearchResults, language: str, *, common_source: str
) -> Iterator[SafeString]:
    """Yield the cards of the page; programs of one organization at one address stand together.

    Each card keeps its number among all results, which is also that of its dot on the map.
    """
    cards = dict(
        zip(
            (hit.facility.pk for hit in results.hits),
            render_cards(query, results, language, said_source=common_source),
            strict=True,
        )
    )
    for group in group_programs(results.hits):
        shown = [cards[hit.facility.pk] for hit in group]
        if len(group) == 1:
            yield shown[0]
        else:
            values = {
                "count": str(len(group)),
                "code": group[0].facility.code,
                "name": group[0].facility.name,
                "cards": mark_safe("".join(shown)),
            }
            yield render_cached(PROGRAMS_TEMPLATE, values, language)


def render_cards(
    query: SearchQuery,
    results: SearchResults,
    language: str,
    template: str = TEMPLATE,
    *,
    said_source: str = "",
) -> Iterator[SafeString]:
    """Yield one card for each facility of the page.

    ``said_source`` is a source line that the page says once; cards leave it out.
    """
    near, order = distance_origin_name(query), query.sort_order
    available = availability_sentences([found.facility for found in results.hits], timezone.now())
    doubts = phone_warnings(found.facility for found in results.hits)
    for number, found in enumerate(results.hits, results.first_rank):
        shown = build_card(
            found.facility,
            miles=found.miles if query.shows_distance else None,
            origin=query.area.point,
            near=near,
            language=language,
            why=explain_position(found.facility, order, found.miles),
            phone_doubt=doubts.get(found.facility.pk, ""),
            available=available.get(found.facility.pk, ""),
            is_ours=is_in_service_area(found.facility),
        )
        shown = card_values(shown, matching_options(query, found.facility, language))
        if shown["source"] == said_source:
            shown["source"] = ""
        shown["methadone_travel"] = methadone_travel_warning(found.facility, query, found.miles)
        yield render_cached(template, shown | {"number": str(number)}, language)


def matching_options(query: SearchQuery, facility: Facility, language: str) -> str:
    """Name the chosen options that the facility meets, without what every card says anyway."""
    offered = facility.offered
    return ", ".join(
        option.label(language)
        for group, option in query.options
        if group.is_on_card and option.is_on_card and is_met(option.predicate, offered)
    )


@cache_rendered(maxsize=1_000)
def exclusion_badges(exclusions: tuple[str, ...]) -> SafeString:
    """Whom the facility turns away, as the fragment that every page shows it by."""
    return render_to_string("facilities/components/exclusions.html", {"exclusions": exclusions})


def card_values(shown: Card, asked: str = "") -> dict[str, str]:
    """What goes into the card's places; "" leaves a place out."""
    facility = shown.facility
    return {
        "uuid": str(facility.uuid),
        "code": facility.code,
        "name": facility.name,
        "program_name": facility.program_name,
        "phone": facility.phone,
        "dial": dial(facility.phone),
        "phone_doubt": shown.phone_doubt,
        "available": shown.available,
        "phone_extension": facility.phone_extension,
        "link": shown.facility.get_absolute_url(),
        "exclusions": exclusion_badges(shown.exclusions) if shown.exclusions else "",
        "distance": shown.distance,
        "address": shown.address,
        "kind": shown.kind,
        "accepts": shown.accepts,
        "detox": shown.detox,
        "asked": asked,
        "treatment": shown.treatment,
        "warning": shown.warning,
        "payment": shown.payment,
        "source": shown.short_source,
        "why": format_html_join("", "<li>{}</li>", zip(shown.why)),
    }
