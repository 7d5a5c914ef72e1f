"""The script of one call: the lines to read aloud, and what is asked by itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...facts.provenance import ProvenanceNote, provenance_of_check
from ...facts.registry import FACTS, PHONE, display_value, fact_label
from ...models import Facility, FacilityNotice, Proposal, Report
from ...rules.freshness import SERVICE_PREFIX
from ...rules.inconsistencies import inconsistency_questions, inconsistent_services
from ...taxonomy import ServiceSet
from ...taxonomy.groups import AGES, DETOX, HOSPITAL, LIVE_IN, OUTPATIENT_CARE, RECOVERY_HOME, SEXES
from ...taxonomy.service_set import union_of_services
from ..dossier import Dossier
from ..facility_notices import pending_notices
from ..listing_doubts import is_shared_phone
from .topics import CALL_TOPICS, service_facts

NO_VALUES = ("", None, [], {}, False)


class AskSeparatelyReason(models.TextChoices):
    """Why a fact is asked by itself and is no part of "all confirmed"."""

    CONFLICT = "conflict", gettext_lazy("The newest file says otherwise")
    CONTRADICTION = "contradiction", gettext_lazy("It contradicts another answer")
    SHARED_NUMBER = "shared", gettext_lazy("Unrelated facilities have the same number")


@dataclass(frozen=True)
class ScriptTopic:
    """What one line of the script says: fields whose ``call_topic`` it is, or services."""

    slug: str
    label: str | Promise
    services: ServiceSet = ServiceSet()

    @property
    def fields(self) -> list[str]:
        return [fact.name for fact in FACTS.values() if fact.call_topic == self.slug]


_TOPICS = {topic.slug: topic for topic in CALL_TOPICS}
# All that one call can confirm at once. Anything else needs a tick of its own.
SCRIPT_TOPICS = (
    ScriptTopic("phone", gettext_lazy("Phone")),
    ScriptTopic("intake", gettext_lazy("Intake lines")),
    ScriptTopic("hours", gettext_lazy("Hours of the intake line")),
    ScriptTopic("address", gettext_lazy("Name and address")),
    ScriptTopic(
        "kind",
        gettext_lazy("Kind of place"),
        services=(HOSPITAL | LIVE_IN | OUTPATIENT_CARE | RECOVERY_HOME) - DETOX,
    ),
    ScriptTopic("people", gettext_lazy("Whom it takes"), services=SEXES | AGES),
    *(
        ScriptTopic(slug, _TOPICS[slug].label, services=_TOPICS[slug].services)
        for slug in ("detox", "medication", "payment")
    ),
)


@dataclass(frozen=True)
class ScriptLine:
    """One line, as it is read aloud.

    ``facts``: fact -> the value that the line says. ``reason`` is set for a fact that is asked by
    itself; ``source_text`` is what the newest file says of it instead.
    """

    slug: str
    label: str | Promise
    facts: Mapping[str, Any]
    text: str
    provenance: ProvenanceNote | None = None
    reason: str = ""
    source_text: str = ""


@dataclass(frozen=True)
class UnreportedFacts:
    """What nobody has said about one topic, to ask if there is time."""

    label: str | Promise
    labels: tuple[str, ...]


@dataclass(frozen=True)
class CallScript:
    """What a caller needs on one page.

    ``notices`` are what the facility is to be told,
    ``lines`` are what "all confirmed" confirms, ``alone`` what is asked one by one, and
    ``inconsistencies`` questions to ask about answers that contradict each other.
    """

    facility: Facility
    lines: tuple[ScriptLine, ...]
    alone: tuple[ScriptLine, ...]
    unreported: tuple[UnreportedFacts, ...]
    inconsistencies: tuple[str, ...]
    reports: tuple[Report, ...]
    proposals: tuple[Proposal, ...]
    notices: tuple[FacilityNotice, ...] = ()

    @property
    def spoken(self) -> dict[str, dict[str, Any]]:
        """Slug of a line -> fact -> the value that is read aloud; those asked by themselves too."""
        return {line.slug: dict(line.facts) for line in (*self.lines, *self.alone)}


def build_call_script(dossier: Dossier, *, language: str, today: date) -> CallScript:
    """Build the script for a facility. Facts with a waiting proposal are left out.

    Those are decided on their own: a call that confirms "everything" must not settle them too.
    """
    facility = dossier.facility
    unsettled = facility.reports.filter(state__in=(Report.State.OPEN, Report.State.IN_PROGRESS))
    waiting = facility.proposals.filter(state=Proposal.State.WAITING).select_related("made_by")
    proposals = tuple(waiting.order_by("made_at", "pk"))
    reader = _LineReader(
        dossier,
        {conflict.fact: conflict.source_value for conflict in facility.conflicts.all()},
        frozenset(proposal.fact for proposal in proposals),
        language,
        today,
    )
    reasons = reader.reasons()
    return CallScript(
        facility=facility,
        lines=tuple(reader.lines(reasons)),
        alone=tuple(reader.line_of_one(fact, reason) for fact, reason in reasons.items()),
        unreported=tuple(reader.unreported()),
        inconsistencies=inconsistency_questions(facility.offered, language),
        reports=tuple(unsettled.order_by("reported_on", "pk")),
        proposals=proposals,
        notices=tuple(pending_notices().filter(facility=facility).order_by("pk")),
    )


@dataclass(frozen=True)
class _LineReader:
    """Makes the lines of one facility."""

    dossier: Dossier
    conflicts: Mapping[str, Any]
    proposed: frozenset[str]
    language: str
    today: date

    def reasons(self) -> dict[str, AskSeparatelyReason]:
        """Fact -> why it is asked by itself."""
        reasons = {}
        if is_shared_phone(self.dossier.facility):
            reasons["phone"] = AskSeparatelyReason.SHARED_NUMBER
        contradictory = union_of_services(inconsistent_services(self.dossier.shown.offered))
        reasons |= dict.fromkeys(service_facts(contradictory), AskSeparatelyReason.CONTRADICTION)
        reasons |= dict.fromkeys(self.conflicts, AskSeparatelyReason.CONFLICT)
        return {
            fact: reason
            for fact, reason in reasons.items()
            if fact not in self.proposed and fact != "position"
        }

    def lines(self, reasons: Mapping[str, AskSeparatelyReason]) -> Iterator[ScriptLine]:
        """Yield a line for each topic of which anything is shown."""
        left_out = {*reasons, *self.proposed, *self._suspended()}
        for topic in SCRIPT_TOPICS:
            facts = [fact for fact in self._stated(topic) if fact not in left_out]
            if facts:
                yield self._line(topic.slug, topic.label, facts)

    def _suspended(self) -> list[str]:
        """Return the facts of which a number was taken down: nobody reads that one aloud."""
        facility = self.dossier.facility
        facts = (PHONE, "phone_extension", "intake_phones")
        return [fact for fact in facts if self._shown(fact) != getattr(facility, fact)]

    def line_of_one(self, fact: str, reason: AskSeparatelyReason) -> ScriptLine:
        is_conflict = fact in self.conflicts
        return ScriptLine(
            slug=fact,
            label=fact_label(fact, self.language),
            facts={fact: self.dossier.shown_value(fact)},
            text=self._text(fact),
            provenance=self._provenance([fact]),
            reason=str(reason.label),
            source_text=display_value(fact, self.conflicts[fact]) if is_conflict else "",
        )

    def unreported(self) -> Iterator[UnreportedFacts]:
        for topic in SCRIPT_TOPICS:
            stated = set(self._stated(topic))
            asked = ("hours",) if topic.slug == "hours" else service_facts(topic.services)
            if missing := [fact for fact in asked if fact not in stated]:
                labels = tuple(fact_label(fact, self.language) for fact in missing)
                yield UnreportedFacts(topic.label, labels)

    def _stated(self, topic: ScriptTopic) -> list[str]:
        """Return the facts of a topic that we say anything of."""
        fields = [name for name in topic.fields if self._shown(name) not in NO_VALUES]
        shown = self.dossier.shown
        return [*fields, *service_facts((shown.offered | shown.denied) & topic.services)]

    def _line(self, slug: str, label: str | Promise, facts: list[str]) -> ScriptLine:
        return ScriptLine(
            slug=slug,
            label=label,
            facts={fact: self._shown(fact) for fact in facts},
            text=self._sentence(facts),
            provenance=self._provenance(facts),
        )

    def _provenance(self, facts: Iterable[str]) -> ProvenanceNote | None:
        """Return the oldest check of these facts; None if one of them was never checked."""
        checks = [self.dossier.current_checks.get(fact) for fact in facts]
        if None in checks:
            return None
        return provenance_of_check(min(checks, key=lambda check: check.checked_at), self.today)

    def _sentence(self, facts: Iterable[str]) -> str:
        """Return fields by their values, services by their names, what is denied at the end."""
        fields, yes, no = [], [], []
        for fact in facts:
            if not fact.startswith(SERVICE_PREFIX):
                fields.append(self._text(fact))
            else:
                denied = self._shown(fact) == "denied"
                (no if denied else yes).append(fact_label(fact, self.language))
        parts = [", ".join(fields), "; ".join(yes)]
        if no:
            parts.append(_("no: %(services)s") % {"services": "; ".join(no)})
        return ". ".join(filter(None, parts))

    def _text(self, fact: str) -> str:
        return display_value(fact, self._shown(fact))

    def _shown(self, fact: str) -> Any:
        return self.dossier.shown_value(fact)
