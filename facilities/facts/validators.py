"""Checks and cleans a value of each type. Each function raises ValidationError with a sentence."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..sources import cleaners
from .hours import DAYS
from .stored_values import DENIED, OFFERED, STATUSES

MAX_TEXT_LENGTH = 1_000
MAX_PHONES = 5
MAX_INTERVALS = 3  # of one day
# Control characters except tab, line feed and carriage return.
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), " ")


def line_cleaner(max_length: int, *, required: bool = False) -> Callable[[Any], str]:
    """Return a cleaner of one line of text: single spaces, no control characters."""

    def clean_line(value: Any) -> str:
        if not isinstance(value, str) or len(value) > max_length:
            raise _too_long(max_length)
        cleaned = cleaners.text_cell(value)
        if required and not cleaned:
            raise ValidationError(_("This cannot be empty."))
        return cleaned

    return clean_line


def clean_text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT_LENGTH:
        raise _too_long(MAX_TEXT_LENGTH)
    return value.translate(_CONTROL).replace("\r\n", "\n").strip()


def _too_long(max_length: int) -> ValidationError:
    return ValidationError(_("Keep this under %(count)s characters.") % {"count": max_length + 1})


def clean_phone(value: Any) -> str:
    """Return "518-555-0101", or "" for an empty value."""
    refusal = ValidationError(
        _("Write the number as 518-555-0101. An extension has a field of its own.")
    )
    if not isinstance(value, str):
        raise refusal
    try:
        phone = cleaners.phone_cell(value)
    except ValueError:
        raise refusal from None
    if phone is None:
        return ""
    # Neither an area code nor an exchange begins with 0 or 1 in North America.
    if phone["extension"] or phone["number"][0] in "01" or phone["number"][4] in "01":
        raise refusal
    return phone["number"]


def clean_extension(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{0,10}", value.strip()):
        raise ValidationError(_("An extension has at most ten digits and nothing else."))
    return value.strip()


def clean_phones(value: Any) -> list[dict[str, str]]:
    """Return [{"number": "518-555-0101", "extension": "12"}, ...].

    A number that was written in letters keeps them under "shown".
    """
    refusal = ValidationError(_("Give at most five intake numbers."))
    if not isinstance(value, list | tuple) or len(value) > MAX_PHONES:
        raise refusal
    phones = []
    for entry in value:
        if not isinstance(entry, dict) or not {"number"} <= entry.keys() <= {
            "number",
            "extension",
            "shown",
        }:
            raise refusal
        if number := clean_phone(entry.get("shown") or entry["number"]):
            phone = {"number": number, "extension": clean_extension(entry.get("extension", ""))}
            if entry.get("shown") and entry["number"] == number:
                phone["shown"] = cleaners.text_cell(entry["shown"])
            phones.append(phone)
    return phones


def clean_website(value: Any) -> str:
    try:
        return cleaners.website_cell(value if isinstance(value, str) else "\0 .")
    except ValueError:
        raise ValidationError(_("Write the address as https://example.org.")) from None


def clean_zip(value: Any) -> str:
    try:
        return cleaners.zip_cell(value if isinstance(value, str) else None)
    except ValueError:
        raise ValidationError(_("A ZIP code has five digits.")) from None


def clean_state(value: Any) -> str:
    try:
        return cleaners.state_cell(value if isinstance(value, str) else None)
    except ValueError:
        raise ValidationError(_("Write the state as two letters.")) from None


def clean_hours(value: Any) -> dict:
    """Return {} for not reported, {"always": True}, or {"mon": [["08:00", "17:00"], ...], ...}."""
    refusal = ValidationError(_("Write hours as 08:00 and 17:00, the earlier first."))
    if value == {"always": True} or value == {}:
        return dict(value)
    if not isinstance(value, dict) or not set(value) <= set(DAYS):
        raise refusal
    if not all(isinstance(intervals, list | tuple) for intervals in value.values()):
        raise refusal
    if any(len(intervals) > MAX_INTERVALS for intervals in value.values()):
        raise refusal
    try:
        return {
            day: [_clean_interval(*interval) for interval in value[day]]
            for day in DAYS
            if value.get(day)
        }
    except (TypeError, ValueError):
        raise refusal from None


def _clean_interval(begin: str, end: str) -> list[str]:
    """Return two times of one day; 23:59 ends it."""
    begins, ends = time.fromisoformat(begin), time.fromisoformat(end)
    if begins >= ends or begins.tzinfo or ends.tzinfo:
        raise ValueError
    return [begins.strftime("%H:%M"), ends.strftime("%H:%M")]


def clean_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(_("Choose yes or no."))
    return value


def clean_position(value: Any) -> list[float] | None:
    """Return [latitude, longitude] in degrees."""
    if value is None:
        return None
    refusal = ValidationError(_("Write a latitude and a longitude such as 42.65, -73.75."))
    try:
        latitude, longitude = (float(degrees) for degrees in value)
    except (TypeError, ValueError):
        raise refusal from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise refusal
    return [latitude, longitude]


def clean_status(value: Any) -> str:
    if value not in STATUSES:
        raise ValidationError(_("Choose one of the states on the list."))
    return value


def clean_answer(value: Any) -> str | None:
    """Return "offered", "denied", or None for not reported."""
    if value not in (OFFERED, DENIED, None):
        raise ValidationError(_("Choose yes, no or not reported."))
    return value
