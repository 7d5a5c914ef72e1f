"""A facility disputes a fact of its listing: the fact says so until staff answer, in time.

One person may make a link, so a dispute only doubts what is shown: it changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

import numpy as np
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..facts.findings import CheckNotAllowed
from ..facts.provenance import ProvenanceNote
from ..facts.registry import FACTS, PHONE, PRIVATE_FACTS, FactSection, display_value, fact_label
from ..models import Dispute, Facility, UpdateLink
from .listing_doubts import (
    DISPUTE,
    ListingEvidence,
    listing_doubts,
    read_listing_evidence,
    statement_day,
)
from .self_service.links import InvalidLink, is_link_open

MAX_OPEN = 20  # of one facility
SHOWN_FACTS = (
    "name",
    "phone",
    "intake_phones",
    "street",
    "website",
    "admission_exclusions",
    *(
        fact.name
        for fact in FACTS.values()
        if fact.section == FactSection.ADMISSION and not fact.is_placed_by_template
    ),
)


def disputable_facts(facility: Facility) -> Iterator[tuple[str, str]]:
    """Yield what the public page shows and a facility may dispute: (fact, label and value)."""
    language = get_language()
    hidden = PRIVATE_FACTS if facility.is_address_confidential else frozenset()
    for fact in dict.fromkeys(SHOWN_FACTS):
        value = getattr(facility, fact)
        if value and fact not in hidden:
            yield fact, f"{fact_label(fact, language)}: {display_value(fact, value)}"
    for services, stored in ((facility.offered, "offered"), (facility.denied, "denied")):
        for service in services:
            answer = display_value(service.fact, stored)
            yield service.fact, f"{service.label(language)}: {answer}"


def file_dispute(link: UpdateLink, fact: str, words: str, *, now: datetime) -> Dispute:
    """Record that the facility disputes a fact. Raises InvalidLink or CheckNotAllowed."""
    with transaction.atomic():
        held = UpdateLink.objects.select_for_update().select_related("facility").get(pk=link.pk)
        if not is_link_open(held, now):
            raise InvalidLink
        disputed = {*held.facility.disputes.open().values_list("fact", flat=True)}
        if fact in disputed:
            raise CheckNotAllowed(_("You dispute this already. We will answer you."))
        if len(disputed) >= MAX_OPEN:
            raise CheckNotAllowed(_("You dispute many facts. Wait for our answers first."))
        return Dispute.objects.create(
            facility=held.facility, fact=fact, words=words, link=held, made_at=now
        )


def answer_dispute(dispute: Dispute, *, outcome: str, answer: str, by, now: datetime) -> None:
    """Answer the facility; the fact is disputed no more. Raises CheckNotAllowed."""
    with transaction.atomic():
        held = Dispute.objects.select_for_update().get(pk=dispute.pk)
        if held.answered_at:
            raise CheckNotAllowed(_("Somebody has already settled this."))
        held.outcome, held.answer = Dispute.Outcome(outcome), answer
        held.answered_by, held.answered_at = by, now
        held.save()
    dispute.refresh_from_db()


def answer_due(made_on: date, working_days: int) -> date:
    """Return the last day for an answer: Saturdays and Sundays do not count.

    >>> answer_due(date(2024, 3, 1), 10)  # a Friday
    datetime.date(2024, 3, 15)
    """
    return np.busday_offset(made_on, working_days, roll="backward").item()


def disputed_facts(statements: Iterable[ListingEvidence]) -> Mapping[int, Mapping[str, date]]:
    """Return facility -> fact -> since which day the facility disputes it."""
    disputed: dict[int, dict[str, date]] = {}
    for statement in statements:
        if statement.kind.startswith(DISPUTE):
            fact = statement.kind.removeprefix(DISPUTE)
            disputed.setdefault(statement.facility, {})[fact] = statement_day(statement)
    return disputed


def dispute_note(day: date) -> str:
    return _("The facility disputes this (%(day)s).") % {"day": date_format(day)}


def dispute_summary(disputed: Mapping[str, date]) -> str:
    """Return a sentence for where the facts themselves have no room, as on a card; "" for none."""
    parts = [
        f"{fact_label(fact, get_language())} ({date_format(day)})" for fact, day in disputed.items()
    ]
    return _("The facility disputes: %(facts)s.") % {"facts": "; ".join(parts)} if parts else ""


def card_doubts(facilities: Iterable[Facility], today: date) -> Mapping[int, str]:
    """Return facility -> what is doubted of its number, and which other facts it disputes."""
    facilities = [*facilities]
    statements = read_listing_evidence(each.pk for each in facilities)
    doubts = dict(listing_doubts(facilities, today, statements))
    for key, disputed in disputed_facts(statements).items():
        others = {fact: day for fact, day in disputed.items() if fact != PHONE}
        doubts[key] = " ".join(filter(None, [doubts.get(key), dispute_summary(others)]))
    return doubts


def disputed_provenance(
    checks: Mapping[str, ProvenanceNote], disputed: Mapping[str, date]
) -> dict[str, ProvenanceNote]:
    """Return the notes beside the facts, with what is disputed said of it; those come last."""
    notes = {fact: note for fact, note in checks.items() if fact not in disputed}
    for fact, day in disputed.items():
        known = [checks[fact].words] if fact in checks else []
        words = " ".join([dispute_note(day), *known])
        notes[fact] = ProvenanceNote(words, is_warning=True, is_disputed=True)
    return notes
