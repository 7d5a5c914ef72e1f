"""The form of one facility: what the file says beside what we say, and reading back what was found.

Every fact travels with the value that the person was shown, so that nobody overwrites unseen what
somebody else found meanwhile.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ...curation import UNSEEN, Check, InvalidValue, warnings
from ...curation.dossier import Listing
from ...facts.provenance import Provenance, check_provenance
from ...facts.registry import (
    FACTS,
    Section,
    clean_value,
    display_value,
    fact_label,
    format_value,
    parse_value,
    service_of,
)
from ...facts.stored_values import DENIED, LISTED, OFFERED, STATUSES, WITHDRAWN
from ...models import Facility, Verification
from ...presenters.facility_sections import arrangement
from ...taxonomy import Service, ServiceSet
from ...taxonomy.services import normalize_term as plain

Outcome, Status = Verification.Outcome, Facility.Status
SECTIONS = (Section.CONTACT, Section.ADDRESS, Section.ADMISSION, Section.LISTING)
ANSWERS = {"offered": OFFERED, "denied": DENIED, "silent": None}
ANSWER_WORDS = (
    ("", _("leave")),
    ("offered", _("yes")),
    ("denied", _("no")),
    ("silent", _("not reported")),
    ("not_confirmed", _("could not confirm")),
)
BY_CURATORS = (LISTED, WITHDRAWN)
SEEN_SERVICES = "seen-services"


@dataclass(frozen=True)
class Row:
    """One line of the form."""

    fact: str
    label: str
    theirs: str
    ours: str
    differs: bool
    checked: Provenance | None
    seen: str
    text: str
    done: str
    choices: tuple[tuple[str, str], ...] = ()
    is_long: bool = False
    help: str = ""
    errors: tuple[str, ...] = ()
    names: str = ""


@dataclass
class Reading:
    """What was filled in: the checks, and what is wrong with some of them."""

    checks: list[Check] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, fact: str, sentence: str) -> None:
        self.errors.setdefault(fact, []).append(sentence)


def choices_of(fact: str, *, is_editor: bool) -> tuple[tuple[str, str], ...]:
    """The answers to choose from, where a fact has only few."""
    if fact == "status":
        allowed = STATUSES if is_editor else BY_CURATORS
        return tuple((value, str(Facility.Status(value).label)) for value in allowed)
    if fact == "is_address_confidential":
        return (("no", gettext("no")), ("yes", gettext("yes")))
    return ()


def may_change(fact: str, listing: Listing, *, is_editor: bool) -> bool:
    """What an editor hid or drafted, a curator does not show again."""
    is_theirs = listing.ours("status") in (Status.HIDDEN, Status.DRAFT)
    return fact != "status" or is_editor or not is_theirs


def rows(
    listing: Listing, data: Mapping, errors: Mapping, today: date, *, is_editor: bool
) -> Iterator[tuple[str, list[Row]]]:
    """The form's lines in groups, with what was typed where ``data`` holds it."""
    for section in SECTIONS:
        facts = [name for name, fact in FACTS.items() if fact.section == section]
        yield (
            str(section.label),
            [_row(listing, fact, data, errors, today, is_editor) for fact in facts],
        )


def _row(listing: Listing, fact: str, data, errors, today: date, editor) -> Row:
    ours, check = listing.ours(fact), listing.standing.get(fact)
    choices = choices_of(fact, is_editor=editor) if may_change(
        fact, listing, is_editor=editor) else ()  # fmt: skip
    return Row(
        fact=fact,
        label=fact_label(fact, get_language()),
        theirs=display_value(fact, listing.theirs(fact)),
        ours=display_value(fact, ours),
        differs=ours != listing.theirs(fact),
        checked=check_provenance(check, today) if check else None,
        seen=json.dumps(ours),
        text=data.get(f"to-{fact}", format_value(fact, ours)),
        done=data.get(f"do-{fact}", ""),
        choices=choices,
        is_long=FACTS[fact].is_multiline,
        help=str(FACTS[fact].help),
        errors=tuple(errors.get(fact, ())),
    )


def service_groups(
    listing: Listing, data: Mapping, errors: Mapping, today: date, words: str
) -> Iterator[tuple[str, list[Row]]]:
    """Services under the headings of the facility's page; ``words`` narrows them."""
    for heading, categories in arrangement():
        services = [each for _category, found in categories for each in found]
        shown = [
            _service_row(listing, each, data, errors, today)
            for each in services
            if is_called(each, words)
        ]
        if shown:
            yield str(heading.title), shown


def is_called(service: Service, words: str) -> bool:
    """Whether all the words are among the names of a service."""
    names = names_of(service)
    return all(word in names for word in plain(words).split())


@cache
def names_of(service: Service) -> str:
    """Every name of a service in plain letters; the page searches it, script or none."""
    labels = (service.label_en, service.label_es)
    return " | ".join(map(plain, (*labels, service.slug, *service.names, *service.synonyms)))


def _service_row(listing: Listing, service: Service, data, errors, today: date) -> Row:
    fact = service.fact
    check = listing.standing.get(fact)
    ours, theirs = listing.ours(fact), listing.theirs(fact)
    return Row(
        fact=fact,
        label=service.label(get_language()),
        theirs=display_value(fact, theirs),
        ours=display_value(fact, ours),
        differs=ours != theirs,
        checked=check_provenance(check, today) if check else None,
        seen="",
        text="",
        done=data.get(f"do-{fact}", ""),
        names=names_of(service),
        choices=tuple((value, str(words)) for value, words in ANSWER_WORDS),
        errors=tuple(errors.get(fact, ())),
    )


def seen_services(listing: Listing) -> str:
    """All answers shown, as one value of the form."""
    shown = listing.shown
    return json.dumps([list(shown.offered.slugs()), list(shown.denied.slugs())])


def read_form(data: Mapping, listing: Listing, *, is_editor: bool) -> Reading:
    """Checks from what was posted. What changed meanwhile is an error of its fact."""
    reading = Reading()
    common = {name: data.get(name, "").strip() for name in ("method", "evidence_url", "note")}
    for fact in FACTS:
        if f"seen-{fact}" in data and may_change(fact, listing, is_editor=is_editor):
            _read_field(reading, data, fact, common, is_editor=is_editor)
    _read_services(reading, data, common)
    for check in reading.checks:
        _look_twice(reading, check, listing)
    return reading


def _read_field(reading: Reading, data: Mapping, fact: str, common, *, is_editor: bool) -> None:
    done, text = data.get(f"do-{fact}", ""), data.get(f"to-{fact}", "").replace("\r\n", "\n")
    try:
        seen = json.loads(data[f"seen-{fact}"])
        is_typed = f"to-{fact}" in data and text.strip() != format_value(fact, seen).strip()
    except (ValueError, TypeError, AttributeError, KeyError, StopIteration):
        reading.refuse(fact, gettext("The form was damaged on its way. Look at it again."))
        return
    if not done and not is_typed:
        return
    outcome = done if done in Outcome else Outcome.CORRECTED
    outcome = Outcome.CORRECTED if is_typed and outcome == Outcome.CONFIRMED else outcome
    try:
        value = clean_value(fact, parse_value(fact, text)) if outcome == Outcome.CORRECTED else None
    except InvalidValue as error:
        reading.refuse(fact, error.sentence)
        return
    if fact == "status" and not is_editor and value not in (None, *BY_CURATORS):
        reading.refuse(fact, gettext("Only an editor can hide a listing."))
        return
    reading.checks.append(Check(fact, outcome, value, seen=seen, **common))


def _read_services(reading: Reading, data: Mapping, common: Mapping) -> None:
    chosen = {
        key.removeprefix("do-"): value
        for key, value in data.items()
        if key.startswith("do-service:") and value
    }
    if not chosen:
        return
    try:
        offered, denied = (ServiceSet.of(*slugs) for slugs in json.loads(data[SEEN_SERVICES]))
    except (ValueError, TypeError, KeyError):
        reading.refuse("", gettext("The form was damaged on its way. Look at it again."))
        return
    for fact, value in chosen.items():
        service = service_of(fact)
        if service is None or value not in (*ANSWERS, Outcome.NOT_CONFIRMED):
            reading.refuse("", gettext("There is no such fact."))
            continue
        seen = OFFERED if service in offered else DENIED if service in denied else None
        outcome = Outcome.CORRECTED if value in ANSWERS else Outcome.NOT_CONFIRMED
        reading.checks.append(Check(fact, outcome, ANSWERS.get(value), seen=seen, **common))


def _look_twice(reading: Reading, check: Check, listing: Listing) -> None:
    now: Any = listing.ours(check.fact)
    if check.seen is not UNSEEN and check.seen != now:
        reading.refuse(check.fact, changed_meanwhile(check.fact, now, listing))
    if check.outcome == Outcome.CORRECTED:
        reading.warnings += warnings(listing.facility, check.fact, check.value)


def changed_meanwhile(fact: str, now: Any, listing: Listing) -> str:
    """What somebody else made of the fact, and who and when."""
    check = listing.standing.get(fact)
    said = gettext("This was changed meanwhile. It is now: %(value)s.") % {
        "value": display_value(fact, now)
    }
    if check is None:
        return said
    by = {
        "who": check.checked_by or gettext("the facility"),
        "when": f"{check.checked_at:%Y-%m-%d %H:%M} UTC",
    }
    return f"{said} " + gettext("By %(who)s, %(when)s.") % by
