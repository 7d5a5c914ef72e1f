"""The forms of an export (which facilities and columns) and of an import (which file)."""

from urllib.parse import urlsplit

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ...curation.spreadsheet.columns import (
    CHANGEABLE_COLUMNS,
    DEFAULT_COLUMNS,
    READ_ONLY_COLUMNS,
    SERVICES,
    SheetLayout,
)
from ...facts.registry import fact_label
from ...models import Facility
from ...search import FacilityFilterSet
from ...taxonomy import VOCABULARY

LONGEST_SEARCH = 4_000
PLAIN, OFFICIAL = "plain", "official"


class ExportForm(forms.Form):
    """Which facilities, as a search, and which columns."""

    search = forms.CharField(
        label=gettext_lazy("Only what a search finds"),
        help_text=gettext_lazy(
            "Search on the public site, then paste the address of its results here."
        ),
        max_length=LONGEST_SEARCH,
        required=False,
    )
    facts = forms.MultipleChoiceField(required=False, initial=DEFAULT_COLUMNS)
    categories = forms.MultipleChoiceField(required=False)
    services = forms.MultipleChoiceField(required=False)
    labels = forms.ChoiceField(
        label=gettext_lazy("Names of services"),
        choices=[(PLAIN, gettext_lazy("In plain words")), (OFFICIAL, gettext_lazy("SAMHSA's own"))],
        initial=PLAIN,
        widget=forms.RadioSelect,
    )
    dates = forms.BooleanField(
        label=gettext_lazy("Beside each column, the day it was last checked"), required=False
    )
    file = forms.ChoiceField(
        label=gettext_lazy("Kind of file"),
        choices=[("xlsx", gettext_lazy("Excel workbook (.xlsx)")), ("csv", "CSV (.csv)")],
        initial="xlsx",
        widget=forms.RadioSelect,
    )

    def __init__(self, *arguments, **words):
        super().__init__(*arguments, **words)
        language = get_language() or "en"
        columns = [key for key in (*CHANGEABLE_COLUMNS, *READ_ONLY_COLUMNS) if key != "name"]
        self.fields["facts"].choices = [(key, _column(key, language)) for key in columns]
        self.groups = list(_groups(language))
        self.fields["categories"].choices = [(code, name) for code, name, _services in self.groups]
        self.fields["services"].choices = [
            choice for _code, _name, services in self.groups for choice in services
        ]

    def shown_facts(self):
        """Return (key, label, is chosen) for each fact."""
        return _marked(self.fields["facts"].choices, self["facts"].value() or ())

    def shown_groups(self):
        """Yield (code, name, is chosen, services, is open) for each category."""
        categories, services = (self[name].value() or () for name in ("categories", "services"))
        for code, name, choices in self.groups:
            marked = _marked(choices, services)
            yield code, name, code in categories, marked, any(chosen for *_words, chosen in marked)

    def clean_search(self):
        """Return the facilities that the search finds; None without a search."""
        given = self.cleaned_data["search"].strip()
        if not given:
            return None
        try:
            query = urlsplit(given).query or given.partition("?")[2]
            filterset = FacilityFilterSet(QueryDict(query), queryset=Facility.objects.all())
        except ValueError:
            query = ""
        if not query:
            raise forms.ValidationError(_("This is not the address of a search."))
        if filterset.errors:
            raise forms.ValidationError(
                [sentence for _name, sentence in filterset.error_messages()]
            )
        return filterset.qs

    def layout(self) -> SheetLayout:
        cleaned = self.cleaned_data
        whole = set(cleaned["categories"])
        grouped = [service.fact for service in SERVICES if service.category.code in whole]
        return SheetLayout.of(
            [*cleaned["facts"], *cleaned["services"], *grouped],
            is_dated=cleaned["dates"],
            is_official=cleaned["labels"] == OFFICIAL,
        )


class SpreadsheetUploadForm(forms.Form):
    sheet = forms.FileField(
        label=gettext_lazy("The changed file"),
        help_text=gettext_lazy("An Excel workbook (.xlsx) or CSV in UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


def _column(key: str, language: str) -> str:
    return _("Last checked") if key == "last_verified_on" else fact_label(key, language)


def _groups(language: str):
    """Yield (code, name, choices) for each category that has services."""
    for category in VOCABULARY.categories:
        services = [service for service in SERVICES if service.category == category]
        if services:
            choices = [(service.fact, service.label(language)) for service in services]
            yield category.code, category.label(language), choices


def _marked(choices, chosen) -> list[tuple[str, str, bool]]:
    return [(key, words, key in chosen) for key, words in choices]
