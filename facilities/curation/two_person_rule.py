"""When a change waits for a second check, and what counts as one. No I/O.

The registry of facts marks those that need one: ``needs_second_check``. A text that names a way to
get in touch needs one too.

A wrong number or website sends people in need to strangers, or to a broker who pays for it; a
listing that closes by mistake sends them nowhere. So two people stand behind such a change, each
with evidence of their own. Where one person alone keeps the site, different evidence and a
waiting time stand in for the second: such a site must not stand still.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..facts.registry import get_fact
from ..facts.stored_values import DRAFT, LISTED
from ..models import Verification
from .website_checks.network import have_same_registered_domain

Method = Verification.Method
NUMBERS = frozenset({"phone", "phone_extension", "intake_phones", "fax"})
WEBSITE = "website"
STATUS, PRIVACY = "status", "is_address_confidential"
PHONE_DIGITS = 10
# What may stand between the groups of a number: also the hyphens and dashes that editors paste.
_GAP = r"[\s.()/·\-\u2010-\u2015\u2212]*"
_NUMBER = re.compile(rf"(?<!\d)(?:\+?1{_GAP})?\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)")
_NUMBER_IN_LETTERS = re.compile(rf"(?<!\d)8(?:00|33|44|55|66|77|88){_GAP}[A-Z0-9-]{{7,}}")
_ADDRESS = re.compile(
    r"://|www\.|\S@\S|\b[\w-]+\.(?:com|org|net|info|health|care|rehab|clinic|center|us|co|io|biz"
    r"|life|help|online|site|gov|edu)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Testimony:
    """Who found something, when and how. ``people``: keys of the users behind it.

    A proposal sent through an update link counts as that of the staff member who made the link.
    """

    people: frozenset[int]
    at: datetime
    method: str = ""
    evidence_url: str = ""
    note: str = ""


def is_guarded(fact: str, value: Any = None, *, status: str = LISTED) -> bool:
    """Whether a change of the fact to ``value`` waits: any text with a way to reach somebody does.

    ``status``: of the listing. Nobody sees a draft: its facts wait together, with its status.
    One person makes an address private, two show it again.

    >>> is_guarded("referral_requirements", "A letter"), is_guarded("phone", "")
    (False, True)
    >>> is_guarded("referral_requirements", "Call 518-555-0177 first")
    True
    >>> is_guarded("referral_requirements", "Apply at sunrise.rehab or 1-800-GET-HELP")
    True
    """
    if fact == STATUS:
        return True
    if status == DRAFT:
        return False
    if fact == PRIVACY:
        return not value
    try:
        needs_second_check = get_fact(fact).needs_second_check
    except KeyError:
        return False
    return needs_second_check or (isinstance(value, str) and mentions_contact(value))


def mentions_contact(text: str) -> bool:
    """Whether a text names a phone number, a website or a mail address."""
    return bool(numbers_in(text) or _NUMBER_IN_LETTERS.search(text) or _ADDRESS.search(text))


def utc_day(moment: datetime) -> date:
    """Return the calendar day that counts: in UTC, whatever the site's time zone."""
    return moment.astimezone(UTC).date()


def reason_against_second_check(
    fact: str,
    value: Any,
    first: Testimony,
    second: Testimony,
    *,
    is_alone: bool,
    waiting_time: timedelta,
) -> str | Promise:
    """Return why ``second`` does not confirm ``first``; "" if it does.

    ``is_alone``: whether nobody else keeps the site.
    """
    if not second.people:
        return _("What the facility itself says needs a check by somebody else.")
    if first.people & second.people:
        if not is_alone:
            return _("Somebody else must check this: you stand behind it already.")
        if needs_somebody_else(first, second, is_alone=is_alone, waiting_time=waiting_time):
            return _("You found this too short a time ago. Check it again later.")
        if _evidence(first) == _evidence(second):
            return _("Check this in another way than the first time.")
    return _refuse_evidence(fact, value, second)


def needs_somebody_else(
    first: Testimony, second: Testimony, *, is_alone: bool, waiting_time: timedelta
) -> bool:
    """Whether one person said both, in a team or too soon."""
    if not first.people & second.people:
        return False
    return not is_alone or second.at < first.at + waiting_time


def is_double_checked(
    fact: str,
    value: Any,
    testimonies: Iterable[Testimony],
    *,
    is_alone: bool,
    waiting_time: timedelta,
) -> bool:
    """Whether one of these, the earliest first, is a second check of an earlier one."""
    return any(
        not reason_against_second_check(
            fact, value, first, second, is_alone=is_alone, waiting_time=waiting_time
        )
        for first, second in combinations(testimonies, 2)
    )


def _evidence(testimony: Testimony) -> tuple[str, str]:
    return testimony.method, _host(testimony.evidence_url)


def _refuse_evidence(fact: str, value: Any, second: Testimony) -> str | Promise:
    """Return why the evidence is none, or comes through the very number or website."""
    if second.method not in Method.values:
        return _("Say how you know.")
    if second.method == Method.WEBSITE and not second.evidence_url:
        return _("Give the address of the page that you saw.")
    if second.method != Method.WEBSITE and not second.note.strip():
        return _("Say in the note how you know: whom you asked, or what you saw.")
    is_by_voice = second.method in (Method.PHONE, Method.FACILITY)
    if fact in NUMBERS and is_by_voice and not numbers_in(second.note) - numbers_in(str(value)):
        return _(
            "Who answers a number cannot confirm it. Write which other number you called, or check"
            " it on a page or in a document."
        )
    is_by_page = fact == WEBSITE and second.method == Method.WEBSITE
    if is_by_page and have_same_registered_domain(
        _host(str(value or "")), _host(second.evidence_url)
    ):
        return _("A website cannot confirm itself. Check it by phone or on another site.")
    return ""


def numbers_in(text: str) -> frozenset[str]:
    """Return the phone numbers in a text, ten digits each."""
    digits = ("".join(filter(str.isdigit, found)) for found in _NUMBER.findall(text))
    return frozenset(each[-PHONE_DIGITS:] for each in digits)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
