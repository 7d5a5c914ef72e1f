"""Takes a facility's number down because it reaches somebody else, and puts it back."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from ...curation.dossier import Dossier
from ...curation.suspend_number import restore_number, suspend_number
from ...facts.findings import CheckNotRecorded
from ...facts.leave_out_numbers import numbers_of
from ...facts.registry import fact_label
from ...models import Facility, SuspendedNumber


@dataclass(frozen=True)
class NumberRow:
    """A number of a facility; ``suspended`` where it is shown nowhere."""

    number: str
    label: str
    suspended: SuspendedNumber | None


def number_rows(dossier: Dossier) -> Iterator[NumberRow]:
    standing = dossier.facility.suspended_numbers.standing().select_related("suspended_by")
    suspended = {each.number: each for each in standing.order_by("pk")}
    for fact, number in numbers_of(dossier.shown.values):
        yield NumberRow(number, fact_label(fact, get_language()), suspended.pop(number, None))
    for number, record in suspended.items():  # nothing states it any more
        yield NumberRow(number, "", record)


@require_POST
def suspend(request, context: dict, key: int) -> HttpResponse:
    facility = get_object_or_404(Facility, pk=key, merged_into__isnull=True)
    try:
        number = request.POST.get("number", "")
        suspend_number(facility, number, by=request.user, now=timezone.now())
    except CheckNotRecorded as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("The number is shown nowhere now. You can put it back."))
    return redirect_to_numbers(key)


@require_POST
def restore_suspended_number(request, context: dict, key: int, suspended: int) -> HttpResponse:
    record = get_object_or_404(SuspendedNumber, pk=suspended, facility=key)
    try:
        restore_number(record, by=request.user, now=timezone.now())
    except CheckNotRecorded as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("The number is shown again."))
    return redirect_to_numbers(key)


def redirect_to_numbers(key: int) -> HttpResponse:
    return redirect(reverse("admin:facilities_facility_change", args=[key]) + "#numbers")
