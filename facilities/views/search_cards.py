"""The cards of the search page as HTML, from ``parts/card.html``."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from ..cards import Card, card
from ..context import is_looked_after
from ..curating.doubt import phone_doubts
from ..filters.filterset import Question
from ..search import PAGE_SIZE, Results
from ..stencils import filled
from ..templatetags.words import dial
from ..updating.availability import told
from ..why import why
from .search_words import near_name

TEMPLATE = "facilities/parts/card.html"


def cards(
    question: Question, results: Results, language: str, template: str = TEMPLATE
) -> Iterator[SafeString]:
    """One card for each facility of the page."""
    where = question.where
    show_miles = where.point is not None and (where.is_near or question.sort == "distance")
    near = near_name(question)
    available = told([found.facility for found in results.page], timezone.now())
    doubts = phone_doubts(found.facility for found in results.page)
    first = (question.page - 1) * PAGE_SIZE + 1
    for number, found in enumerate(results.page, first):
        shown = card(
            found.facility,
            miles=found.miles if show_miles else None,
            origin=where.point,
            near=near,
            language=language,
            why=why(found.facility, question.order, found.miles),
            phone_doubt=doubts.get(found.facility.pk, ""),
            available=available.get(found.facility.pk, ""),
            is_ours=is_looked_after(found.facility),
        )
        yield filled(template, values(shown) | {"number": str(number)}, language)


def values(shown: Card) -> dict[str, str]:
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
        "link": shown.link,
        "exclusions": format_html_join(" ", "<strong>{}</strong>", zip(shown.exclusions)),
        "distance": shown.distance,
        "address": shown.address,
        "detox": shown.detox,
        "medications": shown.medications,
        "continuity": shown.continuity,
        "warning": shown.warning,
        "payment": shown.payment,
        "source": shown.source,
        "why": format_html_join("", "<li>{}</li>", zip(shown.why)),
    }
