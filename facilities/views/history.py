"""What changed in a listing, for everybody to see."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..curation.history import CURATOR, FACILITY, IMPORT, FactEvent, group_by_day, public_events
from ..facts.registry import display_value, fact_label
from ..models import Facility
from ..web.decorators import with_listed_facility

ROLES = {
    IMPORT: _("a new file from SAMHSA"),
    CURATOR: _("a curator of this directory"),
    FACILITY: _("the facility"),
}


@require_safe
@with_listed_facility
def history(request, found: Facility) -> HttpResponse:
    days = group_by_day(public_events(found)).items()
    shown = {"facility": found, "days": [(day, [*event_lines(events)]) for day, events in days]}
    return render(request, "facilities/facility/history.html", shown)


def event_lines(events: list[FactEvent]) -> Iterator[dict]:
    for event in events:
        after = display_value(event.fact, event.after)
        yield {
            "kind": event.kind,
            "fact": fact_label(event.fact, get_language()),
            "before": display_value(event.fact, event.before),
            "after": _("closed, as we were told") if is_closed_by_person(event) else after,
            "by": ROLES[event.role],
            "release": event.release,
            "method": event.check.get_method_display() if event.check else "",
        }


def is_closed_by_person(event: FactEvent) -> bool:
    """A file may only have left it out; a person withdrew it."""
    is_withdrawn = event.fact == "status" and event.after == Facility.Status.WITHDRAWN
    return is_withdrawn and event.kind == "changed" and event.check is not None
