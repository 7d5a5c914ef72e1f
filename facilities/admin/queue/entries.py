"""The queue in the admin: the ranked list, its weights, the forecast, and the next call."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from ...curation.work_queue.forecast import Forecast, forecast
from ...curation.work_queue.ranking import QueueEntry, WorkQueue, read_queue
from ...curation.work_queue.scoring import ScoreTerm
from ...curation.work_queue.weights import WEIGHTS
from ...models import Facility, Verification
from ...places.timezones import is_time_to_call
from ...roles import VERIFY_FACILITY
from ...rules.freshness import max_age
from ...web.context_processors import service_area
from . import call
from .filters import QueueFilterForm
from .navigation import redirect_to_next_call

PAGE_SIZE = 25
PACE_WINDOW_DAYS = 28  # days over which the pace is measured
DEFAULT_CHECKS_PER_DAY = 20  # assumed checks a day if nobody has checked yet


def queue_urls(site) -> list:
    def page(view):
        return site.page(view, VERIFY_FACILITY)

    return [
        path("queue/", page(queue_page), name="queue"),
        path("queue/weights/", page(weights_page), name="queue_weights"),
        path("queue/next/", page(take_next), name="queue_next"),
        path("queue/undo/<int:key>/", page(call.undo_call_page), name="queue_undo"),
        path("queue/<slug:code>/", page(call.queue_call_page), name="queue_call"),
        path("queue/<slug:code>/turn/", page(call.assign_listing), name="queue_turn"),
        path(
            "queue/<slug:code>/proposal/<int:key>/",
            page(call.resolve_proposal),
            name="queue_settle",
        ),
    ]


@dataclass(frozen=True)
class QueueRow:
    """One entry as the list shows it."""

    facility: Facility
    entry: QueueEntry
    terms: list[ScoreTerm]
    local: time | None  # not a moment: templates would turn it into the site's own time
    is_time: bool


@require_safe
def queue_page(request, context: dict) -> HttpResponse:
    queue = read_queue(service_area(), timezone.now())
    form = QueueFilterForm(request.GET, queue)
    query = form.wanted
    entries = queue.filter(query, request.user.pk) if query else []
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    a_day = form.cleaned_data.get("a_day") if query else None
    context |= {
        "title": _("What to check next"),
        "filter": form,
        "page": page,
        "rows": [*queue_rows(queue, page.object_list)],
        "is_everywhere": service_area().is_everywhere,
        "forecast": forecast_context(queue, a_day or checks_per_day(queue)),
        "kept": form.kept,
    }
    return render(request, "admin/queue/list.html", context, status=200 if query else 400)


def queue_rows(queue: WorkQueue, entries: list[QueueEntry]) -> Iterator[QueueRow]:
    facilities = Facility.objects.in_bulk([entry.facility_id for entry in entries])
    for entry in entries:
        if facility := facilities.get(entry.facility_id):
            local = entry.zone.local(queue.now).time() if entry.zone else None
            is_time = is_time_to_call(entry.zone, queue.now)
            yield QueueRow(facility, entry, queue.terms(facility.pk), local, is_time)


def checks_per_day(queue: WorkQueue) -> int:
    since = queue.now - timedelta(days=PACE_WINDOW_DAYS)
    checks = Verification.objects.standing().filter(fact="phone", checked_at__gt=since)
    checked = checks.values("facility").distinct().count()
    return -(-checked // PACE_WINDOW_DAYS) or DEFAULT_CHECKS_PER_DAY


def forecast_context(queue: WorkQueue, a_day: int) -> Forecast | None:
    return forecast(
        queue.phone_ages, a_day=a_day, shelf_life=max_age("phone").days, today=queue.now.date()
    )


@require_safe
def weights_page(request, context: dict) -> HttpResponse:
    context |= {"title": _("How the queue is ranked"), "weights": WEIGHTS}
    return render(request, "admin/queue/weights.html", context)


@require_POST
def take_next(request, context: dict) -> HttpResponse:
    return redirect_to_next_call(request)
