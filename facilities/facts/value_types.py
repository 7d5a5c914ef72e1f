"""The types of values that facts have: how each is checked, written, read back and displayed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Facility
from . import text_format, validators
from .hours import format_hours
from .stored_values import DENIED, OFFERED, STATUSES

UNREPORTED: tuple[Any, ...] = ("", None, [], {})


@dataclass(frozen=True)
class ValueType:
    """``clean`` checks a value; ``format`` and ``parse`` turn it into text and back.

    ``display`` words it for readers in the active language. ``empty`` makes the value that stands
    for "not reported"; where ``is_always_reported``, each value is an answer. ``choices`` are
    (text, label) where a form offers only a few.
    """

    clean: Callable[[Any], Any]
    parse: Callable[[str], Any] = str
    format: Callable[[Any], str] = str
    display: Callable[[Any], str] = str
    empty: Callable[[], Any] = str
    is_multiline: bool = False
    is_always_reported: bool = False
    choices: tuple[tuple[str, str | Promise], ...] = ()


def single_line_type(max_length: int, *, required: bool = False) -> ValueType:
    return ValueType(validators.line_cleaner(max_length, required=required))


def _display_phones(phones: list[dict[str, str]]) -> str:
    return "; ".join(_display_phone(phone) for phone in phones)


def _display_phone(phone: dict[str, str]) -> str:
    number = phone.get("shown") or phone["number"]
    extension = phone.get("extension")
    return f"{number} {_('ext.')} {extension}" if extension else number


def _display_answer(value: str | None) -> str:
    return {OFFERED: _("yes"), DENIED: _("no")}.get(value) or _("not reported")


TEXT = ValueType(validators.clean_text, is_multiline=True)
PHONE = ValueType(validators.clean_phone)
EXTENSION = ValueType(validators.clean_extension)
PHONES = ValueType(
    validators.clean_phones,
    text_format.parse_phones,
    text_format.format_phones,
    _display_phones,
    empty=list,
    is_multiline=True,
)
WEBSITE = ValueType(validators.clean_website)
ZIP = ValueType(validators.clean_zip)
STATE = ValueType(validators.clean_state)
HOURS = ValueType(
    validators.clean_hours,
    text_format.parse_hours,
    text_format.format_hours_for_editing,
    format_hours,
    empty=dict,
    is_multiline=True,
)
FLAG = ValueType(
    validators.clean_flag,
    text_format.parse_flag,
    text_format.format_flag,
    display=lambda value: _("yes") if value else _("no"),
    empty=bool,
    is_always_reported=True,
    choices=(("no", gettext_lazy("no")), ("yes", gettext_lazy("yes"))),
)
POSITION = ValueType(
    validators.clean_position,
    text_format.parse_position,
    text_format.format_position,
    display=lambda value: f"{value[0]:.5f}, {value[1]:.5f}",
    empty=lambda: None,
)
STATUS = ValueType(
    validators.clean_status,
    display=lambda value: str(Facility.Status(value).label),
    choices=tuple((status, Facility.Status(status).label) for status in STATUSES),
)
SERVICE_ANSWER = ValueType(
    validators.clean_answer,
    text_format.parse_answer,
    text_format.format_answer,
    _display_answer,
    empty=lambda: None,
    is_always_reported=True,
)
