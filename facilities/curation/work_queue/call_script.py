"""The script of one call: the facts to confirm, and what else to ask about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ...facts.provenance import ProvenanceNote, provenance_by_fact
from ...facts.registry import FACTS, display_value, fact_label
from ...models import Facility, Proposal, Report
from ...rules.inconsistencies import inconsistency_questions, inconsistent_services
from ...taxonomy import ServiceSet
from ...taxonomy.service_set import union
from ..dossier import Dossier
from .topics import CALL_TOPICS, service_facts

NO_VALUES = ("", None, [], {}, False)
FIELD_SECTIONS = (("phone", _("Phone")), ("address", _("Name and address")))


@dataclass(frozen=True)
class FactToConfirm:
    """One fact to read out, with the last check of it and what a release says instead, if any."""

    fact: str
    label: str
    value: Any
    value_text: str
    provenance: ProvenanceNote | None
    source_text: str = ""


@dataclass(frozen=True)
class ScriptPart:
    """The lines of one topic. ``unreported``: labels of facts without any answer, to ask about."""

    slug: str
    label: str | Promise
    lines: tuple[FactToConfirm, ...]
    unreported: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallScript:
    """What a caller needs on one page. ``inconsistencies``: questions to ask about them."""

    facility: Facility
    parts: tuple[ScriptPart, ...]
    inconsistencies: tuple[str, ...]
    reports: tuple[Report, ...]
    proposals: tuple[Proposal, ...]

    @property
    def shown(self) -> dict[str, Any]:
        return {line.fact: line.value for part in self.parts for line in part.lines}


def build_call_script(dossier: Dossier, *, language: str, today: date) -> CallScript:
    """Build the script for a facility. Facts with a waiting proposal are left out.

    Those are decided on their own: a call that confirms "everything" must not settle them too.
    """
    facility = dossier.facility
    unsettled = facility.reports.filter(state__in=(Report.State.OPEN, Report.State.IN_PROGRESS))
    waiting = facility.proposals.filter(state=Proposal.State.WAITING).select_related("made_by")
    proposals = tuple(waiting.order_by("made_at", "pk"))
    proposed = {proposal.fact for proposal in proposals}
    conflicts = {conflict.fact: conflict.source_value for conflict in facility.conflicts.all()}
    reader = _LineReader(
        dossier, provenance_by_fact(dossier.current_checks.values(), today), conflicts, language
    )
    parts = [*_field_parts(reader, proposed), *_service_parts(reader, proposed)]
    covered = {line.fact for part in parts for line in part.lines} | proposed
    others = tuple(fact for fact in conflicts if fact not in covered and fact != "position")
    if others:
        parts.append(
            ScriptPart("others", _("The newest file says otherwise"), reader.lines(others))
        )
    return CallScript(
        facility=facility,
        parts=tuple(part for part in parts if part.lines or part.unreported),
        inconsistencies=inconsistency_questions(facility.offered, language),
        reports=tuple(unsettled.order_by("reported_on", "pk")),
        proposals=proposals,
    )


@dataclass(frozen=True)
class _LineReader:
    """Makes lines and labels of the facts of one facility."""

    dossier: Dossier
    provenance: Mapping[str, ProvenanceNote]
    conflicts: Mapping[str, Any]
    language: str

    def lines(self, facts: Iterable[str]) -> tuple[FactToConfirm, ...]:
        return tuple(self._line(fact) for fact in facts)

    def labels(self, facts: Iterable[str]) -> tuple[str, ...]:
        return tuple(fact_label(fact, self.language) for fact in facts)

    def _line(self, fact: str) -> FactToConfirm:
        value = self.dossier.shown_value(fact)
        return FactToConfirm(
            fact=fact,
            label=fact_label(fact, self.language),
            value=value,
            value_text=display_value(fact, value),
            provenance=self.provenance.get(fact),
            source_text=(
                display_value(fact, self.conflicts[fact]) if fact in self.conflicts else ""
            ),
        )


def _field_parts(reader: _LineReader, proposed: set[str]) -> Iterator[ScriptPart]:
    for slug, heading in FIELD_SECTIONS:
        facts = [
            fact.name
            for fact in FACTS.values()
            if fact.call_topic == slug and fact.name not in proposed
        ]
        stated = [fact for fact in facts if reader.dossier.shown_value(fact) not in NO_VALUES]
        unreported = ("hours",) if "hours" in facts and "hours" not in stated else ()
        yield ScriptPart(slug, heading, reader.lines(stated), reader.labels(unreported))


def _service_parts(reader: _LineReader, proposed: set[str]) -> Iterator[ScriptPart]:
    offered, denied = reader.dossier.shown.offered, reader.dossier.shown.denied
    covered = ServiceSet()
    for topic in CALL_TOPICS:
        if topic.services:
            stated = (offered | denied) & topic.services
            yield ScriptPart(
                topic.slug,
                topic.label,
                reader.lines(fact for fact in service_facts(stated) if fact not in proposed),
                reader.labels(service_facts(topic.services - stated)),
            )
            covered |= topic.services
    contradictory = union(inconsistent_services(offered)) - covered
    facts = [fact for fact in service_facts(contradictory) if fact not in proposed]
    yield ScriptPart("contradictions", _("It contradicts itself here"), reader.lines(facts))
