"""The form in which a facility says what has changed.

Only what differs from what the facility was shown is proposed. What it was shown travels with the
form, signed for its link, so that a change made meanwhile is not mistaken for the facility's word.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core import signing
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...facts.forms import FactForm, TextField, text_field_name
from ...facts.registry import FACTS, Fact
from ...facts.stored_values import DENIED, OFFERED
from ...guidance.privacy_statements import ABOUT_PATIENTS
from ...models import UpdateLink, Verification
from ...presenters.facility_sections import services_by_section
from ...taxonomy import VOCABULARY, Service, ServiceSet
from .. import FactCheck

EDITABLE_FACTS = tuple(fact for fact in FACTS.values() if fact.is_editable_by_facility)
ANSWERS = {"yes": OFFERED, "no": DENIED, "unsaid": None}
ANSWER_CHOICES = (("yes", _("Yes")), ("no", _("No")), ("unsaid", _("Not reported")))
MAX_NOTE_LENGTH = 1_000


class SelfServiceForm(FactForm):
    """``checks``: the changes that were sent, once the form is valid."""

    about_patients = ABOUT_PATIENTS
    note = TextField(
        label=_("Anything we should know"),
        max_length=MAX_NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping | None, *, link: UpdateLink, language: str):
        facility = link.facility
        values = {fact.name: getattr(facility, fact.name) for fact in EDITABLE_FACTS}
        super().__init__(data, facts=EDITABLE_FACTS, values=values, language=language)
        self.link, self.language = link, language
        self.checks: list[FactCheck] = []
        # Only what was sent: hundreds of fields would cost as much as the rest of the page.
        for service in VOCABULARY:
            if service_field_name(service) in self.data and not service.retired:
                self.fields[service_field_name(service)] = forms.ChoiceField(
                    label=service.label(language),
                    choices=ANSWER_CHOICES,
                    required=False,
                    error_messages={"invalid_choice": _("Choose yes, no or not reported.")},
                )

    def help_text(self, fact: Fact):
        return fact.self_service_help or fact.help

    def clean(self) -> dict[str, Any]:
        """Collect what differs from what was shown. A damaged form proposes nothing."""
        super().clean()
        try:
            facts, offered, denied = signing.loads(
                self.cleaned_data.get("seen", ""), salt=_salt(self.link)
            )
        except signing.BadSignature:
            self.add_error(None, gettext("The form was damaged on its way. Look at it again."))
            return self.cleaned_data
        for fact in self.facts:
            # A fact that was registered after the page was sent is not in what was shown.
            if fact.name in facts and self.is_changed(fact, facts[fact.name]):
                value = self.read_value(fact)
                if text_field_name(fact.name) not in self.errors and value != facts[fact.name]:
                    self._add_check(fact.name, value, seen=facts[fact.name])
        self._read_services(ServiceSet.of(*offered), ServiceSet.of(*denied))
        return self.cleaned_data

    def _read_services(self, offered: ServiceSet, denied: ServiceSet) -> None:
        for service in VOCABULARY:
            before = _answer(service, offered, denied)
            after = self.cleaned_data.get(service_field_name(service)) or before
            if after != before:
                self._add_check(service.fact, ANSWERS[after], seen=ANSWERS[before])

    def _add_check(self, fact: str, value: Any, *, seen: Any) -> None:
        Outcome, Method = Verification.Outcome, Verification.Method
        note = self.cleaned_data.get("note", "")
        self.checks.append(
            FactCheck(fact, Outcome.CORRECTED, value, method=Method.FACILITY, note=note, seen=seen)
        )

    def refuse(self, fact: str, sentence: str) -> None:
        name = text_field_name(fact) if fact in FACTS else f"service-{fact.partition(':')[2]}"
        self.add_error(name if name in self.fields else None, sentence)

    def fact_fields(self) -> list[BoundField]:
        return [self[text_field_name(fact.name)] for fact in self.facts]

    def service_fields(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        facility = self.link.facility
        offered, denied = facility.offered, facility.denied
        for heading, categories in services_by_section():
            fields = [
                {
                    "name": service_field_name(service),
                    "label": service.label(self.language),
                    "answer": self.data.get(service_field_name(service))
                    or _answer(service, offered, denied),
                }
                for _category, services in categories
                for service in services
            ]
            if fields:
                yield str(heading.title), fields


def service_field_name(service: Service) -> str:
    return f"service-{service.slug}"


def sign_shown_values(link: UpdateLink) -> str:
    facility = link.facility
    facts = {fact.name: getattr(facility, fact.name) for fact in EDITABLE_FACTS}
    shown = [facts, facility.offered.slugs(), facility.denied.slugs()]
    return signing.dumps(shown, salt=_salt(link), compress=True)


def _salt(link: UpdateLink) -> str:
    return f"facilities.updating.{link.token_hash}"


def _answer(service: Service, offered: ServiceSet, denied: ServiceSet) -> str:
    if service in offered:
        return "yes"
    return "no" if service in denied else "unsaid"
