"""How a value is written in a form or a cell, and how that text is read back.

``parse_…(format_…(value))`` gives the same value again. Parsing does not check the value: that is
what ``validators`` is for. Each parser raises ValidationError where the text means nothing.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..text_normalization import normalize_text
from .hours import DAYS
from .stored_values import DENIED, OFFERED

ALWAYS = "always"
_FLAGS = {"yes": True, "no": False, "": False}
_ANSWERS = {"yes": OFFERED, "no": DENIED, "not reported": None, "": None}
_DAYS = dict(zip(DAYS, DAYS, strict=True)) | dict(
    zip(("lun", "mar", "mie", "jue", "vie", "sab", "dom"), DAYS, strict=True)
)
_TO = r"(?:\s*[-–]\s*|\s+(?:to|through|a)\s+)"
_SPAN = re.compile(rf"([a-z]{{3}})[a-z]*\.?(?:{_TO}([a-z]{{3}})[a-z]*\.?)?\s*:?\s+(\d.*)")
_TIME = re.compile(r"(\d{1,2})(?::(\d\d))?\s*(?:([ap])\.?\s*m\.?)?")
_PHONE = re.compile(r"(.+?)(?:\s*(?:x|ext\.?)\s*(\d+))?", re.IGNORECASE)


def format_flag(value: Any) -> str:
    return "yes" if value else "no"


def parse_flag(text: str) -> bool:
    return _lookup(_FLAGS, text)


def format_answer(value: str | None) -> str:
    return next(word for word, answer in _ANSWERS.items() if answer == value)


def parse_answer(text: str) -> str | None:
    return _lookup(_ANSWERS, text)


def _lookup(meanings: dict[str, Any], text: str) -> Any:
    try:
        return meanings[text.lower()]
    except KeyError:
        raise ValidationError(_("Write yes or no.")) from None


def format_position(value: list[float] | None) -> str:
    return ", ".join(str(degrees) for degrees in value or ())


def parse_position(text: str) -> list[str] | None:
    return [degrees.strip() for degrees in text.split(",")] if text else None


def format_phones(value: list[dict[str, str]]) -> str:
    """Write a line for each: "518-555-0101 x12"."""
    return "\n".join(_format_phone(phone) for phone in value)


def _format_phone(phone: dict[str, str]) -> str:
    number = phone.get("shown") or phone["number"]
    return f"{number} x{phone['extension']}" if phone.get("extension") else number


def parse_phones(text: str) -> list[dict[str, str]]:
    return [_parse_phone(line) for line in re.split(r"[\n;]", text) if line.strip()]


def _parse_phone(line: str) -> dict[str, str]:
    number, extension = _PHONE.fullmatch(line.strip()).groups()
    as_letters = {"shown": number} if re.search("[a-z]", number, re.IGNORECASE) else {}
    return {"number": number, "extension": extension or ""} | as_letters


def format_hours_for_editing(hours: dict) -> str:
    """Write a line for each day: "mon 08:00-12:00, 13:00-17:00", or "always"."""
    if hours.get(ALWAYS):
        return ALWAYS
    return "\n".join(
        f"{day} {', '.join('-'.join(interval) for interval in hours[day])}"
        for day in DAYS
        if hours.get(day)
    )


def parse_hours(text: str) -> dict:
    if text.lower() == ALWAYS:
        return {ALWAYS: True}
    hours: dict[str, list] = {}
    for line in filter(None, (normalize_text(line.strip()) for line in re.split(r"[\n;]", text))):
        for day, intervals in _parse_days(line):
            hours.setdefault(day, []).extend(intervals)
    return {day: sorted(hours[day]) for day in DAYS if day in hours}


def _parse_days(line: str) -> Iterator[tuple[str, list]]:
    """Read "mon-fri 08:00-12:00, 13:00-17:00", or as people write: "Monday to Friday 8 am-5 pm"."""
    span = _SPAN.fullmatch(line)
    if not span or not {span[1], span[2] or span[1]} <= _DAYS.keys():
        raise ValidationError(
            _("Write hours as “mon-fri 08:00-17:00”, a line for each, or “always”.")
        )
    first, last = (DAYS.index(_DAYS[day]) for day in (span[1], span[2] or span[1]))
    # "sat-mon" runs on over the end of the week.
    days = DAYS[first : last + 1] if first <= last else DAYS[first:] + DAYS[: last + 1]
    intervals = [re.split(_TO, interval.strip()) for interval in span[3].split(",")]
    for day in days:
        yield day, [[_parse_time(written) for written in interval] for interval in intervals]


def _parse_time(text: str) -> str:
    """Read "8", "8:00" and "8 a.m." as "08:00"; leave other text for the validator to refuse."""
    written = _TIME.fullmatch(text.strip())
    if not written or (written[3] and not 1 <= int(written[1]) <= 12):
        return text
    # 12 a.m. is midnight and 12 p.m. noon.
    hour = int(written[1]) % 12 + 12 * (written[3] == "p") if written[3] else int(written[1])
    return f"{hour:02d}:{written[2] or '00'}"
