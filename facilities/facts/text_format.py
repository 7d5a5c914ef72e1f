"""How each value is written in a box or a cell, and read back: one text for one value."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from ..text_normalization import normalize
from .findings import InvalidValue
from .hours import DAYS
from .registry import DENIED, OFFERED, service_of

ALWAYS = "always"
_ANSWERS = {"yes": OFFERED, "no": DENIED, "not reported": None, "": None}
_DAYS = dict(zip(DAYS, DAYS, strict=True)) | dict(
    zip(("lun", "mar", "mie", "jue", "vie", "sab", "dom"), DAYS, strict=True)
)
_TO = r"(?:\s*[-–]\s*|\s+(?:to|through|a)\s+)"
_SPAN = re.compile(rf"([a-z]{{3}})[a-z]*\.?(?:{_TO}([a-z]{{3}})[a-z]*\.?)?\s*:?\s+(\d.*)")
_MOMENT = re.compile(r"(\d{1,2})(?::(\d\d))?\s*(?:([ap])\.?\s*m\.?)?")
_PHONE = re.compile(r"(.+?)(?:\s*(?:x|ext\.?)\s*(\d+))?", re.IGNORECASE)


def format_value(fact: str, value: Any) -> str:
    """The value as text that ``read`` turns into the same value again."""
    if service_of(fact):
        return next(word for word, meant in _ANSWERS.items() if meant == value)
    if fact == "is_address_confidential":
        return "yes" if value else "no"
    if fact == "position":
        return ", ".join(str(each) for each in value or ())
    if fact == "intake_phones":
        return "\n".join(_written_phone(each) for each in value)
    return _written_hours(value) if fact == "hours" else value


def parse_value(fact: str, text: str) -> Any:
    """The value that the text means, not yet checked; Invalid where it means none."""
    text = text.strip()
    if service_of(fact):
        return _one_of(_ANSWERS, fact, text)
    if fact == "is_address_confidential":
        return _one_of({"yes": True, "no": False, "": False}, fact, text)
    if fact == "position":
        return [each.strip() for each in text.split(",")] if text else None
    if fact == "intake_phones":
        return [_read_phone(line) for line in re.split(r"[\n;]", text) if line.strip()]
    return _read_hours(text) if fact == "hours" else text


def _one_of(meanings: dict[str, Any], fact: str, text: str) -> Any:
    try:
        return meanings[text.lower()]
    except KeyError:
        raise InvalidValue(fact, _("Write yes or no.")) from None


def _written_phone(phone: dict) -> str:
    shown = phone.get("shown") or phone["number"]
    return f"{shown} x{phone['extension']}" if phone.get("extension") else shown


def _read_phone(line: str) -> dict[str, str]:
    number, extension = _PHONE.fullmatch(line.strip()).groups()
    spelled = {"shown": number} if re.search("[a-z]", number, re.IGNORECASE) else {}
    return {"number": number, "extension": extension or ""} | spelled


def _written_hours(hours: dict) -> str:
    if hours.get(ALWAYS):
        return ALWAYS
    return "\n".join(
        f"{day} {', '.join('-'.join(interval) for interval in hours[day])}"
        for day in DAYS
        if hours.get(day)
    )


def _read_hours(text: str) -> dict:
    if text.lower() == ALWAYS:
        return {ALWAYS: True}
    hours: dict[str, list] = {}
    for line in filter(None, (normalize(line.strip()) for line in re.split(r"[\n;]", text))):
        for day, intervals in _read_days(line):
            hours.setdefault(day, []).extend(intervals)
    return {day: sorted(hours[day]) for day in DAYS if day in hours}


def _read_days(line: str) -> Iterator[tuple[str, list]]:
    """ "mon-fri 08:00-12:00, 13:00-17:00", or as people write it: "Monday to Friday 8 am-5 pm"."""
    found = _SPAN.fullmatch(line)
    if not found or not {found[1], found[2] or found[1]} <= _DAYS.keys():
        raise InvalidValue(
            "hours", _("Write hours as “mon-fri 08:00-17:00”, a line for each, or “always”.")
        )
    first, last = (DAYS.index(_DAYS[day]) for day in (found[1], found[2] or found[1]))
    intervals = [re.split(_TO, each.strip()) for each in found[3].split(",")]
    days = DAYS[first : last + 1] if first <= last else DAYS[first:] + DAYS[: last + 1]
    for day in days:
        yield day, [[_moment(each) for each in interval] for interval in intervals]


def _moment(text: str) -> str:
    """ "8", "8:00" and "8 a.m." as "08:00"; what is no time of day as it is."""
    found = _MOMENT.fullmatch(text.strip())
    if not found or (found[3] and not 1 <= int(found[1]) <= 12):
        return text
    hour = int(found[1]) % 12 + 12 * (found[3] == "p") if found[3] else int(found[1])
    return f"{hour:02d}:{found[2] or '00'}"
