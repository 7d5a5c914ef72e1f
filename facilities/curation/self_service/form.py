"""The form in which a facility says what has changed: what is shown now, and reading it back.

Only what differs from what the facility was shown is proposed. What it was shown travels with the
form, signed for its link, so that nothing it did not see counts as its word.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...facts.registry import FACTS as REGISTRY
from ...facts.registry import clean_value, fact_label, format_value, parse_value
from ...facts.stored_values import DENIED, OFFERED
from ...models import Facility, UpdateLink, Verification
from ...presenters.facility_sections import arrangement
from ...taxonomy import VOCABULARY, Service, ServiceSet
from .. import Check, InvalidValue

FACTS = tuple(fact.name for fact in REGISTRY.values() if fact.is_editable_by_facility)
ANSWERS = {"yes": OFFERED, "no": DENIED, "unsaid": None}
ANSWER_WORDS = (("yes", _("Yes")), ("no", _("No")), ("unsaid", _("Not reported")))
LONGEST_NOTE = 1_000


@dataclass(frozen=True)
class Box:
    """One fact to look at: what stands in it, and what is wrong with it."""

    name: str
    label: str
    text: str
    help: str | Promise = ""
    is_long: bool = False
    errors: tuple[str, ...] = ()

    @property
    def described_by(self) -> str:
        """The elements that explain it: how to fill it in, and what is wrong with it."""
        found = ("help" if self.help else "", "error" if self.errors else "")
        return " ".join(f"{self.name}_{each}" for each in found if each)


@dataclass(frozen=True)
class ServiceBox:
    """One service and the answer chosen."""

    name: str
    label: str
    answer: str


@dataclass
class Reading:
    """What was sent: the changes as checks, and what is wrong with some."""

    checks: list[Check] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, fact: str, sentence: str) -> None:
        self.errors.setdefault(fact, []).append(sentence)


def signed_snapshot(link: UpdateLink) -> str:
    """What the facility is shown, for the form to bring back."""
    facility = link.facility
    facts = {fact: getattr(facility, fact) for fact in FACTS}
    shown = [facts, facility.offered.slugs(), facility.denied.slugs()]
    return signing.dumps(shown, salt=_salt(link), compress=True)


def _salt(link: UpdateLink) -> str:
    return f"facilities.updating.{link.token_hash}"


def boxes(facility: Facility, data: Mapping, errors: Mapping, language: str) -> Iterator[Box]:
    for fact in FACTS:
        yield Box(
            name=f"to-{fact}",
            label=fact_label(fact, language),
            text=data.get(f"to-{fact}", format_value(fact, getattr(facility, fact))),
            help=REGISTRY[fact].self_service_help or REGISTRY[fact].help,
            is_long=REGISTRY[fact].is_multiline,
            errors=tuple(errors.get(fact, ())),
        )


def service_boxes(
    facility: Facility, data: Mapping, language: str
) -> Iterator[tuple[str, list[ServiceBox]]]:
    """The services under the headings of the facility's own page."""
    offered, denied = facility.offered, facility.denied
    for heading, categories in arrangement():
        services = [service for _category, found in categories for service in found]
        if services:
            yield str(heading.title), [
                ServiceBox(
                    f"service-{service.slug}", service.label(language),
                    data.get(f"service-{service.slug}", _answer(service, offered, denied)),
                )
                for service in services
            ]  # fmt: skip


def _answer(service: Service, offered: ServiceSet, denied: ServiceSet) -> str:
    if service in offered:
        return "yes"
    return "no" if service in denied else "unsaid"


def read_form(data: Mapping, link: UpdateLink) -> Reading:
    """What differs from what was shown. A form that came damaged proposes nothing."""
    reading = Reading()
    note = data.get("note", "").replace("\0", "").strip()[:LONGEST_NOTE]
    try:
        facts, offered, denied = signing.loads(data.get("seen", ""), salt=_salt(link))
    except signing.BadSignature:
        reading.refuse("", gettext("The form was damaged on its way. Look at it again."))
        return reading
    for fact in FACTS:
        text = data.get(f"to-{fact}", format_value(fact, facts[fact])).replace("\r\n", "\n")
        if text.strip() != format_value(fact, facts[fact]).strip():
            _read_fact(reading, fact, text, facts[fact], note)
    _read_services(reading, data, ServiceSet.of(*offered), ServiceSet.of(*denied), note)
    return reading


def _read_fact(reading: Reading, fact: str, text: str, seen: Any, note: str) -> None:
    try:
        value = clean_value(fact, parse_value(fact, text))
    except InvalidValue as error:
        reading.refuse(fact, error.sentence)
    else:
        if value != seen:
            reading.checks.append(_check(fact, value, seen, note))


def _read_services(
    reading: Reading, data: Mapping, offered: ServiceSet, denied: ServiceSet, note: str
) -> None:
    for service in VOCABULARY:
        before = _answer(service, offered, denied)
        after = data.get(f"service-{service.slug}", before)
        if after == before or service.retired:
            continue
        if after not in ANSWERS:
            reading.refuse("", gettext("Choose yes, no or not reported."))
            continue
        reading.checks.append(_check(service.fact, ANSWERS[after], ANSWERS[before], note))


def _check(fact: str, value: Any, seen: Any, note: str) -> Check:
    Outcome, Method = Verification.Outcome, Verification.Method
    return Check(fact, Outcome.CORRECTED, value, method=Method.FACILITY, note=note, seen=seen)
