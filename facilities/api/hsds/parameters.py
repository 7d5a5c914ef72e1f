"""The parameters that HSDS declares and those we add: what each means, and how it is read.

A search by POST takes the same ones as a form or as a JSON object, so that what somebody needs
does not have to stand in an address.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_datetime

from ...exports.hsds.terms import term_ids_by_code, terms_by_id

PER_PAGE, MOST_PER_PAGE = 50, 500
LAST_PAGE = 1_000_000
MAX_TEXT_LENGTH = 100
MAX_METERS, MAX_MILES = 500_000, 300
MAX_BODY = 10_000  # bytes
MOST_VALUES = 60  # of one parameter
FORMATS = ("json", "ndjson")
BOOLEANS = {"true": True, "false": False}
# Type in the OpenAPI document -> what JSON calls it. true is no number, though Python says so.
JSON_TYPES = {"boolean": (bool,), "integer": (int,), "number": (int, float), "string": (str,)}


class InvalidParameter(Exception):
    """A parameter that cannot be used, with a sentence that says why."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name, self.sentence = name, sentence


@dataclass(frozen=True)
class Parameter:
    """``read`` raises ValueError with a sentence. ``schema`` is for the OpenAPI document."""

    name: str
    description: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    default: Any = None
    is_our_addition: bool = False
    is_repeatable: bool = False

    @property
    def takes_any_text(self) -> bool:
        """Whether nothing is a text too, and asks for nothing."""
        return self.schema["type"] == "string" and self.schema.keys() <= {"type", "maxLength"}


def _text(written: str) -> str:
    if len(written) > MAX_TEXT_LENGTH or "\0" in written:
        raise ValueError(f"Give at most {MAX_TEXT_LENGTH} characters of text.")
    return written.strip()


def _identifier(written: str) -> str:
    try:
        return str(UUID(written))
    except ValueError:
        raise ValueError("An identifier is a UUID.") from None


def _term(written: str) -> str:
    """Return the identifier of a term; our own codes, such as "methadone", stand for theirs."""
    identifier = term_ids_by_code().get(written) or _identifier(written)
    if identifier not in terms_by_id():
        raise ValueError("There is no such term: see taxonomy_terms.")
    return identifier


def _boolean(written: str) -> bool:
    try:
        return BOOLEANS[written.lower()]
    except KeyError:
        raise ValueError("Write true or false.") from None


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def read(written: str) -> int:
        if written.isascii() and written.isdigit() and len(written) < 10:
            number = int(written)
            if least <= number <= most:
                return number
        raise ValueError(f"Write a whole number from {least:,} to {most:,}.")

    return read


def _decimal(least: float, most: float) -> Callable[[str], float]:
    def read(written: str) -> float:
        try:
            number = float(written)
        except ValueError:
            number = float("nan")
        if isfinite(number) and least <= number <= most:
            return number
        raise ValueError(f"Write a number from {least:g} to {most:g}.")

    return read


def _moment(written: str) -> datetime:
    """Read a date or a date and time; without a time zone it is UTC."""
    try:
        moment = parse_datetime(written)
        if moment is None and (day := parse_date(written)):
            moment = datetime(day.year, day.month, day.day)
    except ValueError:
        moment = None
    if moment is None:
        raise ValueError("Write a date and time such as 2026-11-28T06:00:00Z.")
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("That moment is too far away.") from None


def _zip_code(written: str) -> str:
    if not (written.isascii() and written.isdigit() and len(written) == 5):
        raise ValueError("A ZIP code has five digits.")
    return written


def _format(written: str) -> str:
    if written not in FORMATS:
        raise ValueError(f"The formats are {' and '.join(FORMATS)}.")
    return written


TEXT = {"type": "string", "maxLength": MAX_TEXT_LENGTH}
BOOLEAN = {"type": "boolean"}
IDENTIFIER = {"type": "string", "format": "uuid"}


def _between(kind: str, least: float, most: float) -> dict:
    return {"type": kind, "minimum": least, "maximum": most}


_DECLARED = (
    Parameter(
        "search",
        "Words of a name, or a service by any of its names, as in the search of the site.",
        TEXT,
        _text,
    ),
    Parameter(
        "page", "The page, from 1.", _between("integer", 1, LAST_PAGE),
        _whole_number(1, LAST_PAGE), default=1,
    ),
    Parameter(
        "per_page", "How many a page holds.", _between("integer", 1, MOST_PER_PAGE),
        _whole_number(1, MOST_PER_PAGE), default=PER_PAGE,
    ),
    Parameter(
        "format", "ndjson sends everything, one object a line, without pages.",
        {"type": "string", "enum": list(FORMATS)}, _format, default="json",
    ),
    Parameter(
        "taxonomy_term_id",
        "Only what offers this service, or any service of this category. A code such as methadone "
        "will do; given several times, all must hold.",
        {"type": "string"},
        _term,
        is_repeatable=True,
    ),
    Parameter(
        "taxonomy_id", "Only what offers any term of this taxonomy.", IDENTIFIER, _identifier
    ),
    Parameter("organization_id", "Only what this organization operates.", IDENTIFIER, _identifier),
    Parameter(
        "modified_after", "Only what changed at or after this moment.",
        {"type": "string", "format": "date-time"}, _moment,
    ),
    Parameter(
        "minimal", "Only id and modified_date of each, all of them on one page.", BOOLEAN, _boolean,
        default=False,
    ),
    Parameter("full", "Everything that belongs to each.", BOOLEAN, _boolean, default=False),
    Parameter(
        "full_service", "Whole services in place of their names.", BOOLEAN, _boolean, default=False
    ),
    Parameter(
        "postcode",
        "With proximity: its center. Alone: only what has this ZIP code in its address.",
        {"type": "string", "pattern": "^[0-9]{5}$"},
        _zip_code,
    ),
    Parameter(
        "proximity", "Meters from the center of postcode.", _between("integer", 1, MAX_METERS),
        _whole_number(1, MAX_METERS),
    ),
    Parameter("top_only", "Only terms without a parent.", BOOLEAN, _boolean, default=False),
    Parameter("parent_id", "Only the terms of this category.", IDENTIFIER, _identifier),
    Parameter(
        "place", "A ZIP code, city, county or state, as in the search of the site.", TEXT, _text,
        is_our_addition=True,
    ),
    Parameter(
        "lat", "Latitude of a point, with lon and within_miles.", _between("number", -90, 90),
        _decimal(-90, 90), is_our_addition=True,
    ),
    Parameter(
        "lon", "Longitude of a point, with lat and within_miles.", _between("number", -180, 180),
        _decimal(-180, 180), is_our_addition=True,
    ),
    Parameter(
        "within_miles", "Miles from the point, nearest first.",
        _between("integer", 1, MAX_MILES), _whole_number(1, MAX_MILES), is_our_addition=True,
    ),
)  # fmt: skip
PARAMETERS: Mapping[str, Parameter] = {each.name: each for each in _DECLARED}


def read_parameters(request: HttpRequest, accepted: Iterable[str]) -> dict[str, Any]:
    """Return name -> value of all ``accepted`` parameters. Raises InvalidParameter."""
    given = _given(request)
    accepted = tuple(accepted)
    for name in given:
        if name not in accepted:
            raise InvalidParameter(name[:40], f"This address takes {', '.join(accepted)}.")
    values = {name: PARAMETERS[name].default for name in accepted}
    for name, written in given.items():
        parameter = PARAMETERS[name]
        if len(written) > 1 and not parameter.is_repeatable:
            raise InvalidParameter(name, "Give this parameter once.")
        try:
            read = tuple(
                parameter.read(each) for each in written if each or not parameter.takes_any_text
            )
        except ValueError as error:
            raise InvalidParameter(name, str(error)) from None
        if read:
            values[name] = read if parameter.is_repeatable else read[0]
    return values


def _given(request: HttpRequest) -> dict[str, list[str]]:
    given = dict(request.GET.lists())
    if request.method != "POST":
        return given
    if request.content_type != "application/json":
        return _joined(given, dict(request.POST.lists()))
    if len(request.body) > MAX_BODY:
        raise InvalidParameter("body", f"Send at most {MAX_BODY:,} bytes.")
    try:
        sent = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise InvalidParameter("body", "The body is not JSON.") from None
    if not isinstance(sent, dict):
        raise InvalidParameter("body", "Send an object of parameters.")
    return _joined(given, {name: _as_texts(name, value) for name, value in sent.items()})


def _joined(given: dict[str, list[str]], sent: dict[str, list[str]]) -> dict[str, list[str]]:
    if twice := min(given.keys() & sent.keys(), default=None):
        raise InvalidParameter(twice[:40], "Give it in the address or in the body, not in both.")
    return given | sent


def _as_texts(name: str, value: Any) -> list[str]:
    """Return the values as an address would write them, if their types are the declared ones."""
    parameter = PARAMETERS.get(name)
    kind = parameter.schema["type"] if parameter else "string"
    is_list = isinstance(value, list) and parameter is not None and parameter.is_repeatable
    values = value if is_list else [value]
    if len(values) > MOST_VALUES or not all(_is_of(each, kind) for each in values):
        raise InvalidParameter(name[:40], f"This is not of the type {kind}.")
    return [_as_text(each) for each in values]


def _is_of(value: Any, kind: str) -> bool:
    is_number_like = isinstance(value, bool) and kind != "boolean"
    return isinstance(value, JSON_TYPES[kind]) and not is_number_like


def _as_text(value: str | int | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
