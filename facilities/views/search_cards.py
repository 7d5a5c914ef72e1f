"""The cards of a page of results: what each facility says, and what only this search adds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.template.loader import get_template
from django.utils import timezone

from ..curation.disputes import card_doubts
from ..curation.self_service.availability import availability_sentences
from ..models import Facility
from ..presenters.card import Card, build_card, describe_source_briefly
from ..rules.predicates import is_met_by_services
from ..search.explain import explain_position, methadone_travel_warning
from ..search.programs import group_programs
from ..search.query import SearchQuery
from ..search.run import SearchHit
from ..web.context_processors import is_curated_here
from .search_words import distance_origin_name


class CardParts(NamedTuple):
    """What a card says of its facility in every search, in HTML, by the macros of that name."""

    badges: str
    heading: str
    address: str
    actions: str
    facts: str
    warning: str


@dataclass(frozen=True)
class ResultCard:
    """One result.

    ``number`` is its place among all results, which is also that of its dot on the map. ``asked``
    names the chosen options that the facility meets. ``source`` is "" where the page says it once.
    """

    number: int
    card: Card
    asked: str = ""
    source: str = ""
    methadone_travel: str = ""

    @property
    def parts(self) -> CardParts:
        """Rendered once in each language: facilities are read anew when they change."""
        rendered, language = self.card.facility.rendered, self.card.language
        if language not in rendered:
            rendered[language] = render_parts(self.card)
        return rendered[language]


def render_parts(card: Card) -> CardParts:
    macros = get_template("facilities/search/_card_parts.html").template.module
    return CardParts(*(getattr(macros, name)(card) for name in CardParts._fields))


def common_source(hits: Sequence[SearchHit], language: str) -> str:
    """Return the source line that most facilities of the page share; "" where none do."""
    lines = Counter(
        describe_source_briefly(hit.facility, language, is_ours=is_curated_here(hit.facility))
        for hit in hits
    )
    line, count = lines.most_common(1)[0] if lines else ("", 0)
    return line if count > 1 else ""


def build_cards(
    query: SearchQuery,
    hits: Sequence[SearchHit],
    language: str,
    *,
    first_rank: int = 1,
    said_source: str = "",
) -> Iterator[ResultCard]:
    """Yield one card for each hit; ``said_source`` is the source line that the page says once."""
    near, order = distance_origin_name(query), query.sort_order
    facilities = [hit.facility for hit in hits]
    available = availability_sentences(facilities, timezone.now())
    doubts = card_doubts(facilities, timezone.localdate())
    for number, hit in enumerate(hits, first_rank):
        card = build_card(
            hit.facility,
            miles=hit.miles if query.shows_distance else None,
            origin=query.area.point,
            near=near,
            language=language,
            why=explain_position(hit.facility, order, hit.miles),
            doubt=doubts.get(hit.facility.pk, ""),
            available=available.get(hit.facility.pk, ""),
            is_ours=is_curated_here(hit.facility),
        )
        source = card.short_source
        yield ResultCard(
            number=number,
            card=card,
            asked=options_met(query, hit.facility, language),
            source="" if source == said_source else source,
            methadone_travel=methadone_travel_warning(hit.facility, query, hit.miles),
        )


def group_cards(
    results: Sequence[ResultCard], hits: Sequence[SearchHit]
) -> list[tuple[ResultCard, ...]]:
    """Put programs of one organization at one address together."""
    by_key = {result.card.facility.pk: result for result in results}
    return [tuple(by_key[hit.facility.pk] for hit in group) for group in group_programs(hits)]


def options_met(query: SearchQuery, facility: Facility, language: str) -> str:
    """Name the chosen options that the facility meets, without what every card says anyway."""
    offered = facility.offered
    return ", ".join(
        option.label(language)
        for group, option in query.options
        if group.is_on_card and option.is_on_card and is_met_by_services(option.predicate, offered)
    )
