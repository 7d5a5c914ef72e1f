"""The two pages on which people say what waiting rows of loaded files are, two for each row."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...curation.row_placement import RowPlacement, place_row
from ...facts.findings import CheckNotRecorded
from ...imports.row_decisions import (
    ambiguous_rows,
    current_candidates,
    outdated_rows,
    parse_source_row,
    undecided_rows,
)
from ...models import Facility, Release, RowProposal, SourceRow
from ...places.service_area import ServiceArea
from ...places.tables import zip_code_table
from ...resolution.changes import ImportRefused
from ...sources.rows import FacilityRow, Position
from ...web.context_processors import service_area
from ..form_errors import error_sentences
from ..proposal_answers import METHODS, SecondCheckForm
from .candidates import build_candidates, draw_candidates, locate_row

PER_PAGE = 25
NEW, LEFT_OUT = "new", "out"


class PlaceRowForm(SecondCheckForm):
    """How one knows, and the button pressed: ``place`` holds a row and what it is."""

    place = forms.RegexField(
        rf"\A\d{{1,19}}:(\d{{1,19}}|{NEW}|{LEFT_OUT})\Z",
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Press the button of one facility.")
        ),
    )

    def clean(self):
        super().clean()
        if self.errors:
            return
        row_key, answer = self.cleaned_data["place"].split(":")
        row = undecided_rows().select_related("release").filter(pk=row_key).first()
        if row is None:
            raise ValidationError(_("This row is not there any more."))
        facility = None
        if answer not in (NEW, LEFT_OUT):
            facility = Facility.objects.filter(pk=answer).first()
            if facility is None:
                raise ValidationError(_("This facility is not there any more."))
        self.cleaned_data["row"] = row
        self.cleaned_data["placement"] = RowPlacement(facility, is_left_out=answer == LEFT_OUT)


def ambiguous_rows_page(request, context: dict) -> HttpResponse:
    context |= {"title": gettext("Rows to place")}
    return _rows_page(request, ambiguous_rows(), context)


def outdated_rows_page(request, context: dict) -> HttpResponse:
    context |= {"title": gettext("Rows that a newer directory leaves out"), "is_outdated": True}
    return _rows_page(request, outdated_rows(), context)


def _rows_page(request, rows: QuerySet[SourceRow], context: dict) -> HttpResponse:
    if request.method == "POST":
        if "withdraw" in request.POST:
            _withdraw(request)
        else:
            _place(request)
        return redirect(request.get_full_path())
    releases = Prefetch("release", Release.objects.defer("report", "counts"))  # one for all rows
    waiting = rows.order_by("release_id", "row_number", "pk")
    waiting = waiting.prefetch_related(releases, "proposals__facility", "proposals__made_by")
    is_limited = not service_area().is_everywhere and request.GET.get("area") != "all"
    if is_limited:
        waiting = rows_in_area([*waiting], service_area())
    shown = Paginator(waiting, PER_PAGE).get_page(request.GET.get("p"))
    candidates = {row.pk: current_candidates(row) for row in shown}
    facilities = Facility.objects.in_bulk({key for keys in candidates.values() for key in keys})
    context |= {
        "page": shown,
        "methods": METHODS,
        "is_limited": is_limited,
        "rows": [_describe(row, [facilities[key] for key in candidates[row.pk]]) for row in shown],
    }
    return render(request, "admin/releases/waiting_rows.html", context)


def rows_in_area(rows: list[SourceRow], area: ServiceArea) -> list[SourceRow]:
    """Return the rows that say they are in an area, or that may be a facility there."""
    keys = {key for row in rows for key in row.candidate_ids}
    here = {*Facility.objects.filter(area.as_q(), pk__in=keys).values_list("pk", flat=True)}
    return [
        row
        for row in rows
        if not here.isdisjoint(row.candidate_ids) or _is_row_in_area(parse_source_row(row), area)
    ]


def _is_row_in_area(row: FacilityRow, area: ServiceArea) -> bool:
    _center, county, *_place = zip_code_table().get(row.zip, (None, ""))
    return area.contains(row.state, county)


def _describe(row: SourceRow, facilities: list[Facility]) -> dict[str, Any]:
    says = parse_source_row(row)
    place = locate_row(says, Position.from_json(row.position) if row.position else None)
    candidates = build_candidates(place, facilities)
    return {
        "row": row,
        "says": says,
        "candidates": candidates,
        "map": draw_candidates(row.row_number, place, candidates, element=f"row-{row.pk}"),
        "proposals": [(each, _answer(each)) for each in row.proposals.all()],
    }


def _answer(proposal: RowProposal) -> str:
    if proposal.is_left_out:
        return gettext("leave it out")
    return str(proposal.facility or gettext("a facility of its own"))


def _place(request) -> None:
    form = PlaceRowForm(request.POST)
    problems = error_sentences(form)
    if not problems:
        how = {name: form.cleaned_data[name] for name in ("method", "evidence_url", "note")}
        row, placement = form.cleaned_data["row"], form.cleaned_data["placement"]
        try:
            done = place_row(row, placement, by=request.user, now=timezone.now(), **how)
        except (ImportRefused, CheckNotRecorded) as error:
            problems = [str(error)]
        else:
            messages.success(request, _sentence(done))
    for sentence in problems:
        messages.error(request, sentence)


def _sentence(done: Facility | RowProposal | None) -> str:
    if done is None:
        return gettext("It is left out.")
    if isinstance(done, RowProposal):
        return gettext("It waits until a second person says the same.")
    return gettext("Placed: %(facility)s") % {"facility": done}


def _withdraw(request) -> None:
    key = request.POST["withdraw"]
    own = RowProposal.objects.filter(made_by=request.user)
    if key.isdecimal() and own.filter(pk=key[:18]).delete()[0]:
        messages.success(request, gettext("Withdrawn."))
