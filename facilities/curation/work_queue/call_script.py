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
from ..dossier import Listing
from .topics import SUBJECTS, facts_of

NOTHING = ("", None, [], {}, False)
PLACES = (("phone", _("Phone")), ("address", _("Name and address")))


@dataclass(frozen=True)
class Line:
    """One fact to read out: its name, what we show, and who last checked it, if anybody."""

    fact: str
    label: str
    words: str
    value: Any
    checked: Provenance | None
    file_says: str = ""


@dataclass(frozen=True)
class Part:
    """The lines of one subject; ``silent``: what nobody has said anything about, to ask."""

    slug: str
    label: str | Promise
    lines: tuple[Line, ...]
    silent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Script:
    """What a caller needs in front of them."""

    facility: Facility
    parts: tuple[Part, ...]
    doubts: tuple[str, ...]
    reports: tuple[Report, ...]
    proposals: tuple[Proposal, ...]

    @property
    def shown(self) -> dict[str, Any]:
        """Fact -> the value read out, for every fact that one call settles."""
        return {line.fact: line.value for part in self.parts for line in part.lines}


def script(known: Listing, *, language: str, today: date) -> Script:
    """The call for a listing. A fact with a waiting change is left out: that is decided apart."""
    facility = known.facility
    unsettled = facility.reports.filter(state__in=(Report.State.OPEN, Report.State.IN_PROGRESS))
    waiting = facility.proposals.filter(state=Proposal.State.WAITING).select_related("made_by")
    proposals = tuple(waiting.order_by("made_at", "pk"))
    settled_apart = {each.fact for each in proposals}
    conflicts = {each.fact: each.source_value for each in facility.conflicts.all()}
    reader = _Reader(known, provenance_by_fact(known.standing.values(), today), conflicts, language)
    parts = [*_fields(reader, settled_apart), *_services(reader, settled_apart)]
    told = {line.fact for part in parts for line in part.lines} | settled_apart
    others = tuple(fact for fact in conflicts if fact not in told and fact != "position")
    if others:
        parts.append(Part("others", _("The newest file says otherwise"), reader.lines(others)))
    return Script(
        facility=facility,
        parts=tuple(part for part in parts if part.lines or part.silent),
        doubts=inconsistency_questions(facility.offered, language),
        reports=tuple(unsettled.order_by("reported_on", "pk")),
        proposals=proposals,
    )


@dataclass(frozen=True)
class _Reader:
    """Reads facts of one listing out."""

    known: Listing
    checks: Mapping[str, Provenance]
    conflicts: Mapping[str, Any]
    language: str

    def lines(self, facts: Iterable[str]) -> tuple[Line, ...]:
        return tuple(self._line(fact) for fact in facts)

    def _line(self, fact: str) -> Line:
        value = self.known.ours(fact)
        theirs = display_value(fact, self.conflicts[fact]) if fact in self.conflicts else ""
        return Line(
            fact,
            fact_label(fact, self.language),
            display_value(fact, value),
            value,
            self.checks.get(fact),
            theirs,
        )


def _fields(reader: _Reader, apart: set[str]) -> Iterator[Part]:
    for slug, heading in PLACES:
        facts = [fact.name for fact in FACTS.values() if fact.call_topic == slug]
        told = [fact for fact in facts if fact not in apart]
        lines = reader.lines(fact for fact in told if reader.known.ours(fact) not in NOTHING)
        silent = ("hours",) if "hours" in told and not reader.known.ours("hours") else ()
        yield Part(
            slug, heading, lines, tuple(fact_label(fact, reader.language) for fact in silent)
        )


def _services(reader: _Reader, apart: set[str]) -> Iterator[Part]:
    """Detox, medication and payment; then what the listing contradicts itself about."""
    offered, denied = reader.known.shown.offered, reader.known.shown.denied
    asked = ServiceSet()
    for subject in SUBJECTS:
        if subject.services:
            stated = (offered | denied) & subject.services
            silent = subject.services - stated
            lines = reader.lines(fact for fact in facts_of(stated) if fact not in apart)
            names = tuple(fact_label(fact, reader.language) for fact in facts_of(silent))
            yield Part(subject.slug, subject.label, lines, names)
            asked |= subject.services
    doubtful = union(inconsistent_services(offered)) - asked
    told = reader.lines(fact for fact in facts_of(doubtful) if fact not in apart)
    yield Part("contradictions", _("It contradicts itself here"), told)
