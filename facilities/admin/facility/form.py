"""The form of one facility: what files say beside what we show, and what a person found out.

Every fact is sent with the value that the person was shown, so that nobody overwrites what
somebody else found meanwhile without having seen it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ...curation import FactCheck, InvalidValue, change_warnings
from ...curation.dossier import Dossier
from ...facts.findings import MAX_NOTE_LENGTH
from ...facts.forms import FactForm, ShownValueField, TextField, text_field_name
from ...facts.provenance import ProvenanceNote, provenance_of_check
from ...facts.registry import FACTS, Fact, FactSection, display_value, get_fact, service_of_fact
from ...facts.stored_values import DENIED, LISTED, OFFERED, WITHDRAWN
from ...facts.validators import clean_website
from ...models import Facility, Verification
from ...presenters.facility_sections import services_by_section
from ...taxonomy import VOCABULARY, Service, ServiceSet
from ...taxonomy.services import normalize_term

Outcome, Status = Verification.Outcome, Facility.Status
SECTIONS = (FactSection.CONTACT, FactSection.ADDRESS, FactSection.ADMISSION, FactSection.LISTING)
ANSWERS = {"offered": OFFERED, "denied": DENIED, "silent": None}
ANSWER_CHOICES = (
    ("", _("leave")),
    ("offered", _("yes")),
    ("denied", _("no")),
    ("silent", _("not reported")),
    ("not_confirmed", _("could not confirm")),
)
OUTCOME_CHOICES = (
    ("", _("leave, or as typed")),
    (Outcome.CONFIRMED, _("right")),
    (Outcome.NOT_CONFIRMED, _("could not confirm")),
)
CURATOR_STATUSES = (LISTED, WITHDRAWN)
SEEN_SERVICES = "seen-services"
DAMAGED = _("The form was damaged on its way. Look at it again.")


class EvidenceForm(forms.Form):
    """How a person knows. All facts of one form share it."""

    method = forms.ChoiceField(
        choices=Verification.Method.choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose what you found and how you found it.")
        ),
    )
    evidence_url = forms.CharField(required=False)
    note = TextField(
        max_length=MAX_NOTE_LENGTH,
        required=False,
        error_messages={"max_length": _("Keep the note under 2,000 characters.")},
    )

    def clean_evidence_url(self) -> str:
        url = self.cleaned_data["evidence_url"]
        try:
            clean_website(url)
        except ValidationError:
            raise ValidationError(
                _("The evidence must be an address such as https://example.org/page.")
            ) from None
        return url

    def evidence(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in EvidenceForm.base_fields}

    def evidence_errors(self) -> list[str]:
        names = ("__all__", *EvidenceForm.base_fields)
        return [str(sentence) for name in names for sentence in self.errors.get(name, ())]

    def evidence_context(self) -> dict[str, Any]:
        method = self["method"].value()
        return {
            "hows": [
                (value, label, value == method) for value, label in Verification.Method.choices
            ],
            "evidence_url": self["evidence_url"].value() or "",
            "note": self["note"].value() or "",
        }


class FacilityForm(EvidenceForm, FactForm):
    """What a person learned about each fact of one facility.

    For each fact there are ``to-<fact>`` (its text), ``do-<fact>`` (the outcome) and
    ``seen-<fact>`` (the value shown, as JSON); for each service ``do-<fact>`` alone, with all
    answers shown in ``seen-services``. A valid form has ``checks``, and ``warnings`` to heed.
    """

    def __init__(self, data: Mapping | None, *, listing: Dossier, is_editor: bool):
        self.listing, self.is_editor = listing, is_editor
        facts = [fact for fact in FACTS.values() if self.may_change(fact)]
        values = {fact.name: listing.shown_value(fact.name) for fact in facts}
        super().__init__(data, facts=facts, values=values, language=get_language())
        self.checks: list[FactCheck] = []
        self.warnings: list[str] = []
        for fact in self.facts:
            self.fields[f"do-{fact.name}"] = forms.ChoiceField(
                choices=OUTCOME_CHOICES, required=False
            )
            self.fields[f"seen-{fact.name}"] = ShownValueField(
                required=False, error_messages={"invalid": DAMAGED}
            )
        for service in VOCABULARY:
            if f"do-{service.fact}" in self.data and not service.retired:
                self.fields[f"do-{service.fact}"] = forms.ChoiceField(
                    choices=ANSWER_CHOICES, required=False
                )
        self.fields[SEEN_SERVICES] = ShownValueField(required=False)

    def may_change(self, fact: Fact) -> bool:
        """A curator does not publish again what an editor hid or drafted."""
        is_withheld = self.listing.shown_value("status") in (Status.HIDDEN, Status.DRAFT)
        return fact.name != "status" or self.is_editor or not is_withheld

    def choices(self, fact: Fact) -> tuple:
        choices = super().choices(fact)
        if fact.name == "status" and not self.is_editor:
            return tuple(choice for choice in choices if choice[0] in CURATOR_STATUSES)
        return choices

    def widget(self, fact: Fact) -> forms.Widget:
        widget = super().widget(fact)
        widget.attrs["aria-label"] = fact.get_label(get_language())
        return widget

    def clean(self) -> dict[str, Any]:
        super().clean()
        for fact in self.facts:
            if f"seen-{fact.name}" in self.data and f"seen-{fact.name}" not in self.errors:
                self._read_fact(fact)
        self._read_services()
        for check in self.checks:
            self._compare_with_shown(check)
        return self.cleaned_data

    def _read_fact(self, fact: Fact) -> None:
        seen = self.cleaned_data[f"seen-{fact.name}"]
        outcome = self.cleaned_data.get(f"do-{fact.name}", "")
        try:
            is_typed = self.is_changed(fact, seen)
        except (ValueError, TypeError, AttributeError, KeyError, StopIteration):
            # valid JSON, but not a value that this fact can have
            self.add_error(f"seen-{fact.name}", DAMAGED)
            return
        if is_typed and outcome != Outcome.NOT_CONFIRMED:
            outcome = Outcome.CORRECTED  # also if the old value was confirmed
        if not outcome:
            return
        value = self.read_value(fact) if outcome == Outcome.CORRECTED else None
        if fact.name == "status" and not self.is_editor and value not in (None, *CURATOR_STATUSES):
            self.add_error(
                text_field_name(fact.name), gettext("Only an editor can hide a listing.")
            )
        if text_field_name(fact.name) not in self.errors:
            self.checks.append(FactCheck(fact.name, outcome, value, seen=seen, **self.evidence()))

    def _read_services(self) -> None:
        answers = {
            service: self.cleaned_data[f"do-{service.fact}"]
            for service in VOCABULARY
            if self.cleaned_data.get(f"do-{service.fact}")
        }
        if not answers:
            return
        try:
            offered, denied = (
                ServiceSet.of(*slugs) for slugs in self.cleaned_data.get(SEEN_SERVICES)
            )
        except (ValueError, TypeError, KeyError):
            self.add_error(None, DAMAGED)
            return
        for service, answer in answers.items():
            seen = OFFERED if service in offered else DENIED if service in denied else None
            outcome = Outcome.CORRECTED if answer in ANSWERS else Outcome.NOT_CONFIRMED
            value = ANSWERS.get(answer)
            self.checks.append(
                FactCheck(service.fact, outcome, value, seen=seen, **self.evidence())
            )

    def _compare_with_shown(self, check: FactCheck) -> None:
        now = self.listing.shown_value(check.fact)
        if check.seen != now:
            self.refuse(check.fact, changed_meanwhile_message(check.fact, now, self.listing))
        if check.outcome == Outcome.CORRECTED:
            self.warnings += change_warnings(self.listing.facility, check.fact, check.value)

    def refuse(self, fact: str, sentence: str) -> None:
        name = f"do-{fact}" if service_of_fact(fact) else text_field_name(fact)
        self.add_error(name if name in self.fields else None, sentence)

    def errors_of(self, fact: str) -> tuple[str, ...]:
        names = (f"to-{fact}", f"do-{fact}", f"seen-{fact}")
        return tuple(sentence for name in names for sentence in self.errors.get(name, ()))


class NewFacilityForm(EvidenceForm, FactForm):
    """The first facts of a facility that no file states."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping | None = None, **options):
        facts = [fact for fact in FACTS.values() if fact.is_asked_at_creation]
        values = {fact.name: fact.default for fact in facts}
        super().__init__(data, facts=facts, values=values, language=get_language(), **options)

    def checks(self) -> list[FactCheck]:
        return [
            FactCheck(fact.name, Outcome.CORRECTED, self._parse(fact), **self.evidence())
            for fact in self.facts
            if self.cleaned_data[text_field_name(fact.name)]
        ]

    def _parse(self, fact: Fact) -> Any:
        try:
            return fact.parse(self.cleaned_data[text_field_name(fact.name)])
        except ValidationError as error:
            raise InvalidValue(fact.name, error.message) from None

    def fact_fields(self) -> list[BoundField]:
        return [self[text_field_name(fact.name)] for fact in self.facts]


@dataclass(frozen=True)
class FactRow:
    """One line of the form: a fact, or a service, for which ``field`` is None."""

    fact: str
    label: str
    theirs: str
    ours: str
    differs: bool
    checked: ProvenanceNote | None
    errors: tuple[str, ...]
    done: str
    choices: tuple[tuple[str, Any], ...]
    field: BoundField | None = None
    seen: str = ""
    names: str = ""


def fact_rows(
    form: FacilityForm, listing: Dossier, today: date
) -> Iterator[tuple[str, list[FactRow]]]:
    for section in SECTIONS:
        facts = [fact for fact in FACTS.values() if fact.section == section]
        rows = [
            _row(
                form,
                listing,
                fact,
                today,
                choices=OUTCOME_CHOICES,
                field=form[text_field_name(fact.name)] if fact in form.facts else None,
                seen=json.dumps(listing.shown_value(fact.name)),
            )
            for fact in facts
        ]
        yield str(section.label), rows


def service_fact_rows(
    form: FacilityForm, listing: Dossier, today: date, search_words: str
) -> Iterator[tuple[str, list[FactRow]]]:
    for heading, categories in services_by_section():
        rows = [
            _row(
                form,
                listing,
                get_fact(service.fact),
                today,
                choices=ANSWER_CHOICES,
                names=normalized_service_names(service),
            )
            for _category, services in categories
            for service in services
            if matches_service_name(service, search_words)
        ]
        if rows:
            yield str(heading.title), rows


def _row(form: FacilityForm, listing: Dossier, fact: Fact, today: date, **own) -> FactRow:
    ours, theirs = listing.shown_value(fact.name), listing.source_value(fact.name)
    check = listing.current_checks.get(fact.name)
    return FactRow(
        fact=fact.name,
        label=fact.get_label(get_language()),
        theirs=fact.display(theirs),
        ours=fact.display(ours),
        differs=ours != theirs,
        checked=provenance_of_check(check, today) if check else None,
        errors=form.errors_of(fact.name),
        done=form.data.get(f"do-{fact.name}", ""),
        **own,
    )


def matches_service_name(service: Service, words: str) -> bool:
    names = normalized_service_names(service)
    return all(word in names for word in normalize_term(words).split())


@cache
def normalized_service_names(service: Service) -> str:
    """The page searches these names, with and without scripts."""
    labels = (service.label_en, service.label_es)
    names = (*labels, service.slug, *service.names, *service.synonyms)
    return " | ".join(map(normalize_term, names))


def encode_shown_answers(listing: Dossier) -> str:
    shown = listing.shown
    return json.dumps([list(shown.offered.slugs()), list(shown.denied.slugs())])


def changed_meanwhile_message(fact: str, shown: Any, listing: Dossier) -> str:
    check = listing.current_checks.get(fact)
    sentence = gettext("This was changed meanwhile. It is now: %(value)s.") % {
        "value": display_value(fact, shown)
    }
    if check is None:
        return sentence
    by = {
        "who": check.checked_by or gettext("the facility"),
        "when": f"{check.checked_at:%Y-%m-%d %H:%M} UTC",
    }
    return f"{sentence} " + gettext("By %(who)s, %(when)s.") % by
