"""The queue in the admin: the ranked list, its weights, the forecast, and the way to the next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta
from functools import wraps

from django.core.exceptions import PermissionDenied
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
from .navigation import to_next

PAGE_SIZE = 25
PACE_DAYS = 28  # over which the pace so far is measured
USUAL_PACE = 20  # checks a day supposed where nobody has checked


def addresses(site) -> list:
    """The queue's pages on the staff's site."""

    def page(view):
        @wraps(view)
        def permitted(request, **values):
            if not request.user.has_perm(VERIFY_FACILITY):
                raise PermissionDenied
            return view(request, site.each_context(request), **values)

        return site.admin_view(permitted)

    return [
        path("queue/", page(listed), name="queue"),
        path("queue/weights/", page(weights), name="queue_weights"),
        path("queue/next/", page(following), name="queue_next"),
        path("queue/<slug:code>/", page(call.call), name="queue_call"),
        path("queue/<slug:code>/turn/", page(call.turn), name="queue_turn"),
        path("queue/<slug:code>/proposal/<int:key>/", page(call.settle), name="queue_settle"),
    ]


@dataclass(frozen=True)
class Row:
    """One entry as the list shows it."""

    facility: Facility
    entry: QueueEntry
    terms: list[ScoreTerm]
    local: time | None  # not a moment: templates would turn it into the site's own time
    is_time: bool


@require_safe
def listed(request, context: dict) -> HttpResponse:
    """What to check next, the greatest harm first."""
    queue = read_queue(service_area(), timezone.now())
    asked = QueueFilterForm(request.GET, queue)
    wanted = asked.wanted
    entries = queue.filter(wanted, request.user.pk) if wanted else []
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    a_day = asked.cleaned_data.get("a_day") if wanted else None
    context |= {
        "title": _("What to check next"),
        "filter": asked,
        "page": page,
        "rows": [*rows(queue, page.object_list)],
        "is_everywhere": service_area().is_everywhere,
        "forecast": foretold(queue, a_day or pace(queue)),
        "kept": asked.kept,
    }
    return render(request, "admin/queue/list.html", context, status=200 if wanted else 400)


def rows(queue: WorkQueue, entries: list[QueueEntry]) -> Iterator[Row]:
    facilities = Facility.objects.in_bulk([entry.facility_id for entry in entries])
    for entry in entries:
        if facility := facilities.get(entry.facility_id):
            local = entry.zone.local(queue.now).time() if entry.zone else None
            is_time = is_time_to_call(entry.zone, queue.now)
            yield Row(facility, entry, queue.terms(facility.pk), local, is_time)


def pace(queue: WorkQueue) -> int:
    """Phones checked a day over the last weeks, rounded up; a guess where there were none."""
    since = queue.now - timedelta(days=PACE_DAYS)
    checks = Verification.objects.standing().filter(fact="phone", checked_at__gt=since)
    found = checks.values("facility").distinct().count()
    return -(-found // PACE_DAYS) or USUAL_PACE


def foretold(queue: WorkQueue, a_day: int) -> Forecast | None:
    return forecast(
        queue.phone_ages, a_day=a_day, shelf_life=max_age("phone").days, today=queue.now.date()
    )


@require_safe
def weights(request, context: dict) -> HttpResponse:
    """The table that scores, word for word."""
    context |= {"title": _("How the queue is ranked"), "weights": WEIGHTS}
    return render(request, "admin/queue/weights.html", context)


@require_POST
def following(request, context: dict) -> HttpResponse:
    """Take the first that is free, and show its call."""
    return to_next(request)
