"""A facility as plain text, to paste into a chart, a message or a fax."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from ..models import Facility
from ..taxonomy import Answer
from .card import Card
from .key_facts import KeyFact
from .suspended_number_notice import suspended_number_notice


def facility_plain_text(
    card: Card, facts: Iterable[KeyFact], intake_phones: Iterable[dict], source: str, url: str
) -> str:
    """Write one subject a line, in the active language; name what nobody has reported."""
    facility = card.facility
    return "\n".join(filter(None, _lines(facility, card, facts, intake_phones, source, url)))


def _lines(
    facility: Facility,
    card: Card,
    facts: Iterable[KeyFact],
    intake_phones: Iterable[dict],
    source: str,
    url: str,
) -> Iterator[str]:
    unknown = _("not reported")
    yield facility.name
    yield facility.program_name
    yield card.address
    number = _number(facility.phone, facility.phone_extension)
    yield f"{_('Phone')}: {number or suspended_number_notice(facility) or unknown}"
    yield card.doubt
    for intake in intake_phones:
        yield f"{_('Intake line')}: {_number(intake['number'], intake['extension'])}"
    yield f"{_('Fax')}: {facility.fax or unknown}"
    yield ". ".join(card.exclusions)
    for fact in facts:
        yield f"{fact.label}: {_words(fact) or unknown}"
        if fact.checked:
            yield f"  {fact.checked.words}"
    yield card.warning
    yield source
    yield url


def _number(number: str, extension: str) -> str:
    return f"{number} {_('ext.')} {extension}" if number and extension else number


def _words(fact: KeyFact) -> str:
    if fact.answer is Answer.NO:
        return f"{_('No')}, {fact.words}"
    return fact.words
