"""The page on which people assign ambiguous rows of loaded files to facilities."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...imports.row_decisions import assign_row, current_candidates, parse_source_row, waiting_rows
from ...models import Facility, SourceRow
from ...resolution.changes import ImportRefused
from ...sources.rows import Position
from ..form_errors import error_sentences
from .candidates import build_candidates, draw_candidates, locate_row

PER_PAGE = 25


class AssignRowForm(forms.Form):
    """A waiting row, and the button pressed beside it: one of its facilities, or a new one."""

    row = forms.ModelChoiceField(
        queryset=waiting_rows(),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("This row is not there any more.")
        ),
    )
    facility = forms.ModelChoiceField(
        queryset=Facility.objects.all(),
        required=False,
        error_messages={"invalid_choice": _("This facility is not there any more.")},
    )
    is_new = forms.BooleanField(required=False)

    def clean(self):
        super().clean()
        if self.errors:
            return
        if bool(self.cleaned_data["facility"]) == self.cleaned_data["is_new"]:
            raise ValidationError(_("Press the button of one facility."))


def ambiguous_rows_page(request, context: dict) -> HttpResponse:
    if request.method == "POST":
        _assign(request)
        return redirect(request.get_full_path())
    waiting = waiting_rows().select_related("release").order_by("release_id", "row_number", "pk")
    shown = Paginator(waiting, PER_PAGE).get_page(request.GET.get("p"))
    candidates = {row.pk: current_candidates(row) for row in shown}
    facilities = Facility.objects.in_bulk({key for keys in candidates.values() for key in keys})
    context |= {
        "title": gettext("Rows to place"),
        "page": shown,
        "rows": [_describe(row, [facilities[key] for key in candidates[row.pk]]) for row in shown],
    }
    return render(request, "admin/releases/ambiguous_rows.html", context)


def _describe(row: SourceRow, facilities: list[Facility]) -> dict[str, Any]:
    says = parse_source_row(row)
    place = locate_row(says, Position.from_json(row.position) if row.position else None)
    candidates = build_candidates(place, facilities)
    return {
        "row": row,
        "says": says,
        "candidates": candidates,
        "map": draw_candidates(row.row_number, place, candidates, element=f"row-{row.pk}"),
    }


def _assign(request) -> None:
    form = AssignRowForm(request.POST)
    problems = error_sentences(form)
    if not problems:
        row, facility = form.cleaned_data["row"], form.cleaned_data["facility"]
        try:
            placed = assign_row(row, facility, by=request.user, now=timezone.now())
        except ImportRefused as error:
            problems = [str(error)]
        else:
            messages.success(request, gettext("Placed: %(facility)s") % {"facility": placed})
    for sentence in problems:
        messages.error(request, sentence)
