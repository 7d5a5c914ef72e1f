"""A facility in one text message: at most 160 signs of the alphabet that phones send whole."""

import unicodedata
from datetime import date

from django.utils.translation import gettext as _

from ..models import Facility

MAX_SMS_LENGTH = 160
NAME, PLACE = 60, 64  # with the longest number and extension they still fit
# GSM 03.38: one sign outside of it and a message holds 70 signs instead of 160.
GSM = frozenset(
    "@£$¥èéùìòÇØøÅåÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


def facility_text_message(facility: Facility, facts_of: date | None) -> str:
    """Say name, town, phone, where to look and how old it is; leave out what does not fit."""
    place = f"{facility.city}, {facility.state}"
    if facility.street and not facility.is_address_confidential:
        place = f"{facility.street}, {place} {facility.zip}"
    parts = [shorten(facility.name, NAME), shorten(place, PLACE)]
    if facility.phone:
        extension = f" {_('ext.')} {facility.phone_extension}" if facility.phone_extension else ""
        parts.append(facility.phone + extension)
    elif facility.phone_suspended_on:
        parts.append(_("Its number was wrong"))
    tail = [_("Call first.")]
    if facts_of:
        tail.append(_("Facts of %(year)s.") % {"year": facts_of.year})
    tail.append(_("Any hour: SAMHSA 1-800-662-4357"))
    text = to_gsm7(". ".join(parts) + ".")
    for each in map(to_gsm7, tail):
        if len(text) + 1 + len(each) <= MAX_SMS_LENGTH:
            text = f"{text} {each}"
    return text[:MAX_SMS_LENGTH]


def to_gsm7(text: str) -> str:
    """Write the text in the GSM alphabet: drop accents it lacks; the rest is a space."""
    return "".join(sign if sign in GSM else _nearest(sign) for sign in text)


def _nearest(sign: str) -> str:
    plain = unicodedata.normalize("NFKD", sign)[0]
    return {"’": "'", "–": "-", "“": '"', "”": '"'}.get(sign, plain if plain in GSM else " ")


def shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 3].rstrip() + "..."
