"""Answers beside the search: the taxonomy, places, and facilities side by side."""

from collections.abc import Iterator, Mapping

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ..models.place import Place
from ..places.gazetteer import resolve_place
from ..presenters.comparison.cells import Cell, PhoneNumber
from ..presenters.comparison.table import compare_facilities, load_compared_facilities
from ..presenters.selection import read_shortlist
from ..taxonomy import VOCABULARY, Category, Service
from .flat_record import RecordContext, flat_record
from .parameters import InvalidParameters, read_required_text, refuse_unknown_parameters

FEWEST_COMPARED, MOST_COMPARED = 2, 5
TAXONOMY_LANGUAGES = ("en", "es")
PLACE_PROPERTIES = {
    "q": {
        "type": "string",
        "pattern": r"\S",
        "maxLength": 100,
        "description": _lazy("A ZIP code, city, county or state."),
    }
}
COMPARE_PROPERTIES = {
    "code": {
        "type": "array",
        "items": {"type": "string", "pattern": "^[a-z2-7]{8}$"},
        "minItems": FEWEST_COMPARED,
        "maxItems": MOST_COMPARED,
        "description": _lazy("Codes of two to five facilities."),
    }
}


def unpaged_list(results: list[dict]) -> dict:
    return {"total": len(results), "results": results, "next": None}


def services_answer() -> dict:
    return unpaged_list([_service(service) for service in VOCABULARY])


def _service(service: Service) -> dict:
    return {
        "slug": service.slug,
        "position": service.position,
        "name": service.names[0] if service.names else service.label("en"),
        "label": _in_languages(service.label),
        "help": _in_languages(service.help),
        "category": _category(service.category),
        "criterion": service.criterion or None,
        "synonyms": [*service.synonyms],
        "denies": [*service.denies],
        "is_retired": service.retired,
    }


def _category(category: Category) -> dict:
    return {
        "code": category.code,
        "slug": category.slug,
        "label": _in_languages(category.label),
        "is_closed": category.closed,
    }


def _in_languages(text) -> Mapping[str, str]:
    return {language: text(language) for language in TAXONOMY_LANGUAGES}


def places_answer(parameters: QueryDict, language: str) -> dict:
    """Return the place that a text means, then those that it may mean."""
    refuse_unknown_parameters(parameters, *PLACE_PROPERTIES)
    found = resolve_place(read_required_text(parameters, "q"), language=language)
    matches = {
        "exact": (found.place,) if found.place else (),
        "choice": found.choices,
        "same_name": found.others,
        "spelling": found.did_you_mean,
    }
    return unpaged_list(
        [_place(place, language, match) for match, places in matches.items() for place in places]
    )


def _place(place: Place, language: str, match: str) -> dict:
    return {
        "code": place.code,
        "kind": place.kind,
        "label": place.label(language),
        "state": place.state,
        "county_fips": place.county_fips or None,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "match": match,
    }


def compare_answer(parameters: QueryDict, context: RecordContext) -> dict:
    """Return two to five facilities side by side, in the rows of the comparison's page."""
    refuse_unknown_parameters(parameters, *COMPARE_PROPERTIES)
    codes = parameters.getlist("code")
    chosen = read_shortlist(codes)
    if chosen.missing or not chosen.is_readable:
        raise InvalidParameters(("code", _("We list no facility with one of these codes.")))
    if not FEWEST_COMPARED <= len(chosen.facilities) <= MOST_COMPARED:
        raise InvalidParameters(("code", _("Name two to five different facilities.")))
    groups = compare_facilities(
        load_compared_facilities(chosen.facilities), language=context.language, today=context.today
    )
    return unpaged_list([flat_record(each, context) for each in chosen.facilities]) | {
        "groups": [
            {
                "slug": group.slug,
                "title": str(group.title),
                "rows": [
                    {
                        "title": row.title,
                        "difference": row.difference.value,
                        "cells": [_cell(cell) for cell in row.cells],
                    }
                    for row in group.rows
                ],
            }
            for group in groups
        ]
    }


def _cell(cell: Cell) -> dict:
    return {
        "status": cell.status.value,
        "text": str(cell.words) or "; ".join(_phone_numbers(cell.phones)),
        "offered": [str(label) for label in cell.offered_labels],
        "denied": [str(label) for label in cell.denied_labels],
    }


def _phone_numbers(phones: tuple[PhoneNumber, ...]) -> Iterator[str]:
    for phone in phones:
        yield f"{phone.number} x{phone.extension}" if phone.extension else phone.number
