"""Form fields for the facts of a facility: text goes in, checked values come out."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .registry import Fact

ROWS = 3  # of a text area


class TextField(forms.CharField):
    """Text of one or more lines; a field that was not sent keeps its initial text."""

    def to_python(self, value):
        # Browsers send "\r\n", and count it as one character against maxlength.
        return super().to_python(value).replace("\r\n", "\n")

    def bound_data(self, data, initial):
        return initial if data is None else data


class ShownValueField(forms.JSONField):
    """The value of a fact that a page showed. Thousands of open brackets are an error, no crash."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def text_field_name(fact: str) -> str:
    return f"to-{fact}"


class FactForm(forms.Form):
    """A text field, or a choice, for each fact.

    ``values`` maps the names of facts to the values that the form starts with. Texts are parsed
    and checked by the registry, and only when asked: what a person left alone is never refused.
    """

    def __init__(
        self,
        data: Mapping | None = None,
        *,
        facts: Iterable[Fact],
        values: Mapping[str, Any],
        language: str,
        **options,
    ):
        super().__init__(data, **{"auto_id": "%s"} | options)
        self.facts = tuple(facts)
        fields = {}
        for fact in self.facts:
            label = fact.get_label(language)
            fields[text_field_name(fact.name)] = TextField(
                label=label,
                help_text=self.help_text(fact),
                initial=fact.format(values[fact.name]),
                required=False,
                widget=self.widget(fact),
            )
        self.fields = fields | self.fields

    def help_text(self, fact: Fact):
        return fact.help

    def choices(self, fact: Fact) -> tuple:
        """Return (text, label) pairs if the form offers only a few answers."""
        return fact.type.choices

    def widget(self, fact: Fact) -> forms.Widget:
        if choices := self.choices(fact):
            return forms.Select(choices=choices)
        return forms.Textarea(attrs={"rows": ROWS}) if fact.is_multiline else forms.TextInput()

    def is_changed(self, fact: Fact, seen: Any) -> bool:
        name = text_field_name(fact.name)
        if name not in self.data or name not in self.cleaned_data:
            return False
        return self.cleaned_data[name] != fact.format(seen).strip()

    def read_value(self, fact: Fact) -> Any:
        """Return the value that was typed; note the error and return None if there is none."""
        name = text_field_name(fact.name)
        try:
            return fact.clean(fact.parse(self.cleaned_data[name]))
        except ValidationError as error:
            self.add_error(name, error)
            return None
