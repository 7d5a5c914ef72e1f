"""Places and lifts a legal hold, and hands out everything about one facility."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from ...curation.legal_holds import lift_hold, place_hold
from ...exports.facility_file import facility_file
from ...facts.findings import CheckNotRecorded
from ...facts.forms import TextField
from ...models import Facility, LegalHold
from ..form_errors import error_sentences
from ..posted import read_primary_key


class HoldForm(forms.Form):
    reason = TextField(
        label=_("Why"),
        max_length=500,
        error_messages={"required": _("Say why: a dispute, a letter, a law.")},
    )


@require_POST
def place(request, context: dict, key: int) -> HttpResponse:
    facility = get_object_or_404(Facility, pk=key, merged_into__isnull=True)
    form = HoldForm(request.POST)
    problems = error_sentences(form)
    if not problems:
        try:
            place_hold(facility, form.cleaned_data["reason"], by=request.user, now=timezone.now())
        except CheckNotRecorded as error:
            problems = [str(error)]
        else:
            messages.success(request, gettext("Notes about this facility are kept from deletion."))
    return redirect_to_hold(request, key, problems)


@require_POST
def lift(request, context: dict, key: int, hold: int) -> HttpResponse:
    facility, problems = read_primary_key(str(key)), []
    record = get_object_or_404(LegalHold, pk=hold, facility=facility)
    try:
        lift_hold(record, by=request.user, now=timezone.now())
    except CheckNotRecorded as error:
        problems = [str(error)]
    else:
        messages.success(request, gettext("The hold is lifted."))
    return redirect_to_hold(request, key, problems)


def redirect_to_hold(request, key: int, problems: list[str]) -> HttpResponse:
    for sentence in problems:
        messages.error(request, sentence)
    return redirect(reverse("admin:facilities_facility_change", args=[key]) + "#hold")


@require_safe
def everything(request, context: dict, key: int) -> HttpResponse:
    facility = get_object_or_404(Facility, pk=key)
    now = timezone.now()
    name = f"facility-{facility.code}-{now:%Y-%m-%d}.json"
    return JsonResponse(
        facility_file(facility, now),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
