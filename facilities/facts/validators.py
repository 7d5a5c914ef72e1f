"""What each fact may be: one cleaner for each, a sentence where a value cannot be."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

from django.utils.translation import gettext as _

from ..models import Verification
from ..sources import cleaners
from .findings import Check, InvalidValue
from .hours import DAYS
from .registry import DENIED, OFFERED, STATED_FACTS, STATUSES, UNSTATED_FACTS, service_of

FIELDS = (*STATED_FACTS, *UNSTATED_FACTS, "position", "status")
LONGEST_WORDS = 1_000
LONGEST_NOTE = 2_000
MOST_PHONES = 5
MOST_INTERVALS = 3
_LENGTHS = {"name": 200, "program_name": 200, "street": 200, "street2": 200, "city": 100}
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), " ")


class _Unusable(Exception):
    """Why a value cannot be, in a sentence."""


def is_fact(fact: str) -> bool:
    service = service_of(fact)
    return fact in FIELDS or (service is not None and not service.retired)


def clean_value(fact: str, value: Any) -> Any:
    """The value as it is kept; Invalid with a sentence where it cannot be."""
    if not is_fact(fact):
        raise InvalidValue(fact, _("There is no such fact."))
    try:
        return _service(value) if service_of(fact) else _CLEANERS[fact](value)
    except _Unusable as error:
        raise InvalidValue(fact, str(error)) from None


def validate_check(check: Check) -> Check:
    """Refuse what surrounds a value: outcome, way, evidence and note."""
    if check.outcome not in Verification.Outcome or check.how not in Verification.How:
        raise InvalidValue(check.fact, _("Choose what you found and how you found it."))
    if len(check.note) > LONGEST_NOTE or "\0" in check.note:
        raise InvalidValue(check.fact, _("Keep the note under 2,000 characters."))
    try:
        _website(check.evidence_url)
    except _Unusable:
        raise InvalidValue(
            check.fact, _("The evidence must be an address such as https://example.org/page.")
        ) from None
    return check


def _text(longest: int, *, required: bool = False) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise _Unusable(_("Keep this under %(count)s characters.") % {"count": longest + 1})
        if required and not cleaners.text(value):
            raise _Unusable(_("This cannot be empty."))
        return cleaners.text(value)

    return clean


def _words(value: Any) -> str:
    """Longer text that keeps its lines."""
    if not isinstance(value, str) or len(value) > LONGEST_WORDS:
        raise _Unusable(_("Keep this under %(count)s characters.") % {"count": LONGEST_WORDS + 1})
    return value.translate(_CONTROL).replace("\r\n", "\n").strip()


def _number(value: Any) -> str:
    wanted = _("Write the number as 518-555-0101. An extension has a field of its own.")
    if not isinstance(value, str):
        raise _Unusable(wanted)
    try:
        found = cleaners.phone(value)
    except ValueError:
        raise _Unusable(wanted) from None
    if found is None:
        return ""
    if found["extension"] or found["number"][0] in "01" or found["number"][4] in "01":
        raise _Unusable(wanted)
    return found["number"]


def _extension(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{0,10}", value.strip()):
        raise _Unusable(_("An extension has at most ten digits and nothing else."))
    return value.strip()


def _intake_phones(value: Any) -> list[dict[str, str]]:
    wanted = _("Give at most five intake numbers.")
    if not isinstance(value, list | tuple) or len(value) > MOST_PHONES:
        raise _Unusable(wanted)
    found = []
    for each in value:
        if not isinstance(each, dict) or not {"number"} <= each.keys() <= {
            "number", "extension", "shown",
        }:  # fmt: skip
            raise _Unusable(wanted)
        if number := _number(each.get("shown") or each["number"]):
            found.append({"number": number, "extension": _extension(each.get("extension", ""))})
            if each.get("shown") and each["number"] == number:
                found[-1]["shown"] = cleaners.text(each["shown"])
    return found


def _website(value: Any) -> str:
    try:
        return cleaners.website(value if isinstance(value, str) else "\0 .")
    except ValueError:
        raise _Unusable(_("Write the address as https://example.org.")) from None


def _zip(value: Any) -> str:
    try:
        return cleaners.zip_code(value if isinstance(value, str) else None)
    except ValueError:
        raise _Unusable(_("A ZIP code has five digits.")) from None


def _state(value: Any) -> str:
    try:
        return cleaners.state(value if isinstance(value, str) else None)
    except ValueError:
        raise _Unusable(_("Write the state as two letters.")) from None


def _hours(value: Any) -> dict:
    """{} for not reported, {"always": True}, or {"mon": [["08:00", "17:00"], ...], ...}."""
    wanted = _("Write hours as 08:00 and 17:00, the earlier first.")
    if value == {"always": True} or value == {}:
        return dict(value)
    if not isinstance(value, dict) or not set(value) <= set(DAYS):
        raise _Unusable(wanted)
    if not all(isinstance(each, list | tuple) for each in value.values()):
        raise _Unusable(wanted)
    if any(len(each) > MOST_INTERVALS for each in value.values()):
        raise _Unusable(wanted)
    try:
        return {day: [_interval(*each) for each in value[day]] for day in DAYS if value.get(day)}
    except (TypeError, ValueError):
        raise _Unusable(wanted) from None


def _interval(begin: str, end: str) -> list[str]:
    """Two times of one day; 23:59 ends it."""
    begins, ends = time.fromisoformat(begin), time.fromisoformat(end)
    if begins >= ends or begins.tzinfo or ends.tzinfo:
        raise ValueError
    return [begins.strftime("%H:%M"), ends.strftime("%H:%M")]


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Unusable(_("Choose yes or no."))
    return value


def _position(value: Any) -> list[float] | None:
    if value is None:
        return None
    wanted = _("Write a latitude and a longitude such as 42.65, -73.75.")
    try:
        latitude, longitude = (float(each) for each in value)
    except (TypeError, ValueError):
        raise _Unusable(wanted) from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise _Unusable(wanted)
    return [latitude, longitude]


def _status(value: Any) -> str:
    if value not in STATUSES:
        raise _Unusable(_("Choose one of the states on the list."))
    return value


def _service(value: Any) -> str | None:
    if value not in (OFFERED, DENIED, None):
        raise _Unusable(_("Choose yes, no or not reported."))
    return value


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    **{fact: _text(longest) for fact, longest in _LENGTHS.items()},
    "name": _text(_LENGTHS["name"], required=True),
    "city": _text(_LENGTHS["city"], required=True),
    "state": _state,
    "zip": _zip,
    "phone": _number,
    "phone_extension": _extension,
    "intake_phones": _intake_phones,
    "website": _website,
    "hours": _hours,
    "fax": _number,
    "admission_hours": _words,
    "referral_requirements": _words,
    "not_admitted": _words,
    "is_address_confidential": _flag,
    "position": _position,
    "status": _status,
}
