"""The page on which people assign ambiguous rows of loaded files to facilities."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from ...imports.row_decisions import assign_row, current_candidates, parse_source_row, waiting_rows
from ...models import Facility, SourceRow
from ...resolution.changes import ImportRefused
from ..posted import read_primary_key

NEW = "new"
PER_PAGE = 25


def ambiguous_rows_page(request, context: dict) -> HttpResponse:
    """Show the waiting rows, each with the facilities that it may describe."""
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
        "rows": [
            (row, parse_source_row(row), [facilities[key] for key in candidates[row.pk]])
            for row in shown
        ],
        "new": NEW,
    }
    return render(request, "admin/releases/ambiguous_rows.html", context)


def _assign(request) -> None:
    key, _sign, choice = request.POST.get("place", "").partition(":")
    row = SourceRow.objects.filter(pk=read_primary_key(key)).first()
    facility = Facility.objects.filter(pk=read_primary_key(choice)).first()
    if row is None or (facility is None and choice != NEW):
        messages.error(request, gettext("This row is not there any more."))
        return
    try:
        placed = assign_row(row, facility, by=request.user, now=timezone.now())
    except ImportRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("Placed: %(facility)s") % {"facility": placed})
