"""One call on one page: the facts to confirm, and what else to ask about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ...facts.provenance import Provenance, provenance_by_fact
from ...facts.registry import FACTS, display_value, fact_label
from ...models import Facility, Proposal, Report
from ...rules.inconsistencies import inconsistency_questions, inconsistent_services
from ...taxonomy import ServiceSet
from ...taxonomy.service_set import union
from ..dossier import Dossier
from .topics import CALL_TOPICS, service_facts

NOTHING = ("", None, [], {}, False)
FIELD_SECTIONS = (("phone", _("Phone")), ("address", _("Name and address")))


@dataclass(frozen=True)
class ScriptLine:
    """One fact to read out: its name, what we show, and who last checked it, if anybody."""

    fact: str
    label: str
    words: str
    value: Any
    checked: Provenance | None
    file_says: str = ""


@dataclass(frozen=True)
class ScriptPart:
    """The lines of one subject; ``silent``: what nobody has said anything about, to ask."""

    slug: str
    label: str | Promise
    lines: tuple[ScriptLine, ...]
    silent: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallScript:
    """What a caller needs in front of them."""

    facility: Facility
    parts: tuple[ScriptPart, ...]
    doubts: tuple[str, ...]
    reports: tuple[Report, ...]
    proposals: tuple[Proposal, ...]

    @property
    def shown(self) -> dict[str, Any]:
        """Fact -> the value read out, for every fact that one call settles."""
        return {line.fact: line.value for part in self.parts for line in part.lines}


def build_call_script(known: Dossier, *, language: str, today: date) -> CallScript:
    """The call for a listing. A fact with a waiting change is left out: that is decided apart."""
    facility = known.facility
    unsettled = facility.reports.filter(state__in=(Report.State.OPEN, Report.State.IN_PROGRESS))
    waiting = facility.proposals.filter(state=Proposal.State.WAITING).select_related("made_by")
    proposals = tuple(waiting.order_by("made_at", "pk"))
    settled_apart = {each.fact for each in proposals}
    conflicts = {each.fact: each.source_value for each in facility.conflicts.all()}
    reader = _Reader(
        known, provenance_by_fact(known.current_checks.values(), today), conflicts, language
    )
    parts = [*_fields(reader, settled_apart), *_services(reader, settled_apart)]
    told = {line.fact for part in parts for line in part.lines} | settled_apart
    others = tuple(fact for fact in conflicts if fact not in told and fact != "position")
    if others:
        parts.append(
            ScriptPart("others", _("The newest file says otherwise"), reader.lines(others))
        )
    return CallScript(
        facility=facility,
        parts=tuple(part for part in parts if part.lines or part.silent),
        doubts=inconsistency_questions(facility.offered, language),
        reports=tuple(unsettled.order_by("reported_on", "pk")),
        proposals=proposals,
    )


@dataclass(frozen=True)
class _Reader:
    """Reads facts of one listing out."""

    known: Dossier
    checks: Mapping[str, Provenance]
    conflicts: Mapping[str, Any]
    language: str

    def lines(self, facts: Iterable[str]) -> tuple[ScriptLine, ...]:
        return tuple(self._line(fact) for fact in facts)

    def _line(self, fact: str) -> ScriptLine:
        value = self.known.shown_value(fact)
        theirs = display_value(fact, self.conflicts[fact]) if fact in self.conflicts else ""
        return ScriptLine(
            fact,
            fact_label(fact, self.language),
            display_value(fact, value),
            value,
            self.checks.get(fact),
            theirs,
        )


def _fields(reader: _Reader, apart: set[str]) -> Iterator[ScriptPart]:
    for slug, heading in FIELD_SECTIONS:
        facts = [fact.name for fact in FACTS.values() if fact.call_topic == slug]
        told = [fact for fact in facts if fact not in apart]
        lines = reader.lines(fact for fact in told if reader.known.shown_value(fact) not in NOTHING)
        silent = ("hours",) if "hours" in told and not reader.known.shown_value("hours") else ()
        yield ScriptPart(
            slug, heading, lines, tuple(fact_label(fact, reader.language) for fact in silent)
        )


def _services(reader: _Reader, apart: set[str]) -> Iterator[ScriptPart]:
    """Detox, medication and payment; then what the listing contradicts itself about."""
    offered, denied = reader.known.shown.offered, reader.known.shown.denied
    asked = ServiceSet()
    for subject in CALL_TOPICS:
        if subject.services:
            stated = (offered | denied) & subject.services
            silent = subject.services - stated
            lines = reader.lines(fact for fact in service_facts(stated) if fact not in apart)
            names = tuple(fact_label(fact, reader.language) for fact in service_facts(silent))
            yield ScriptPart(subject.slug, subject.label, lines, names)
            asked |= subject.services
    doubtful = union(inconsistent_services(offered)) - asked
    told = reader.lines(fact for fact in service_facts(doubtful) if fact not in apart)
    yield ScriptPart("contradictions", _("It contradicts itself here"), told)
