"""What a person answers to the preview of a release, as the page and its loading read it."""

from django import forms

from ...curation.conflicts import ConflictDecision
from ...models import Verification
from .seen_data import SeenData


class SeenField(forms.RegexField):
    """The state that a page showed, or None where a post does not say it."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(r"^(\d{1,18})-([0-9a-f]*)-(\d{1,18})$", required=False)

    def clean(self, value) -> SeenData | None:
        text = super().clean(value)
        if not text:
            return None
        number, token, release = text.split("-")
        return SeenData(int(number), token, int(release))


class RadioButtonsByRow(forms.Widget):
    """Radio buttons of a table: ``{prefix}{row}`` is the name of those of one row."""

    def __init__(self, prefix: str):
        super().__init__()
        self.prefix = prefix

    def value_from_datadict(self, data, files, name) -> dict[str, str]:
        """Return the chosen value by row."""
        return {
            key.removeprefix(self.prefix): data[key] for key in data if key.startswith(self.prefix)
        }


class PreviewForm(forms.Form):
    """What a person answers to the preview of a release: all of its buttons post it.

    ``conflicts``: by "facility-fact".
    """

    do = forms.ChoiceField(choices=[(name, name) for name in ("drop", "load")])
    seen = SeenField()
    method = forms.ChoiceField(choices=Verification.Method.choices, required=False)
    withdrawals = forms.BooleanField(required=False)
    conflicts = forms.Field(widget=RadioButtonsByRow("conflict-"), required=False)

    @property
    def action(self) -> str:
        return self.cleaned_data.get("do", "")

    @property
    def seen_data(self) -> SeenData | None:
        return self.cleaned_data.get("seen")

    @property
    def verification_method(self) -> str:
        return self.cleaned_data.get("method", "")

    @property
    def is_withdrawal_confirmed(self) -> bool:
        return self.cleaned_data.get("withdrawals", False)

    def conflict_decision(self, facility: int, fact: str) -> str:
        return self.cleaned_data.get("conflicts", {}).get(f"{facility}-{fact}", "")

    def decides_conflicts(self) -> bool:
        decisions = self.cleaned_data.get("conflicts", {}).values()
        return bool({*decisions} - {ConflictDecision.ASK.value})
