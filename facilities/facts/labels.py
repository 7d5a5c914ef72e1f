"""What each fact of a facility is called, and how its values read."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Facility
from ..rules.freshness import SERVICE_PREFIX
from ..taxonomy import VOCABULARY
from . import hours
from .registry import DENIED, OFFERED

LABELS = {
    "name": gettext_lazy("Name"),
    "program_name": gettext_lazy("Program"),
    "street": gettext_lazy("Street"),
    "street2": gettext_lazy("Suite or floor"),
    "city": gettext_lazy("City"),
    "state": gettext_lazy("State"),
    "zip": gettext_lazy("ZIP code"),
    "phone": gettext_lazy("Phone"),
    "phone_extension": gettext_lazy("Phone extension"),
    "intake_phones": gettext_lazy("Intake lines"),
    "website": gettext_lazy("Website"),
    "hours": gettext_lazy("Hours of the intake line"),
    "fax": gettext_lazy("Fax for referrals"),
    "admission_hours": gettext_lazy("Admission hours"),
    "referral_requirements": gettext_lazy("What a referral needs"),
    "not_admitted": gettext_lazy("Who cannot be admitted"),
    "is_address_confidential": gettext_lazy("Street address kept private"),
    "position": gettext_lazy("Position"),
    "status": gettext_lazy("Status"),
}


def fact_label(fact: str, language: str) -> str:
    """What a fact is called; a service by its plain name."""
    if fact in LABELS:
        return str(LABELS[fact])
    service = VOCABULARY.get(fact.removeprefix(SERVICE_PREFIX))
    return service.label(language) if service else fact


def display_value(fact: str, value: Any) -> str:
    """A value as people read it; "not reported" where there is none."""
    if fact.startswith(SERVICE_PREFIX):
        return {OFFERED: _("yes"), DENIED: _("no")}.get(value) or _("not reported")
    if fact == "is_address_confidential":
        return _("yes") if value else _("no")
    if value in (None, "", [], {}):
        return _("not reported")
    if fact == "status":
        return str(Facility.Status(value).label)
    if fact == "position":
        return f"{value[0]:.5f}, {value[1]:.5f}"
    if fact == "intake_phones":
        return "; ".join(_phone(each) for each in value)
    return hours.format_hours(value) if fact == "hours" else str(value)


def _phone(number: dict) -> str:
    shown = number.get("shown") or number["number"]
    extension = number.get("extension")
    return f"{shown} {_('ext.')} {extension}" if extension else shown
