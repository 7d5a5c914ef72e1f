"""Actions on many listings at once: a page shows what would be done before it is done."""

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ...curation.work_queue import assignments
from ..form_errors import error_sentences
from ..queue.call import AssignForm, SnoozeForm, facility_time_zone, snooze_end

MAX_LISTINGS = 1_000
SHOWN = 20


def bulk_actions() -> list[Callable]:
    return [_action("assign_all", _("Give to somebody to check")),
            _action("put_off_all", _("Put off until a day"))]  # fmt: skip


def _action(name: str, label: str | Promise) -> Callable:
    action = partial(_bulk_page, name=name, label=label)
    action.__name__ = name
    return admin.action(action, description=label, permissions=["change"])


def _form_for(name: str, data) -> forms.Form:
    if name == "assign_all":
        return AssignForm(data)
    form = SnoozeForm(data, today=timezone.localdate())
    form.fields["until"].label = _("Until")
    form.fields["until"].widget = forms.DateInput(attrs={"type": "date"})
    return form


def _bulk_page(
    model_admin, request, facilities: QuerySet, *, name: str, label
) -> HttpResponse | None:
    """Show what would be done, with a form; do it once that form comes back."""
    count = facilities.count()
    if count > MAX_LISTINGS:
        sentence = gettext("Choose at most %(most)d listings at once.")
        messages.error(request, sentence % {"most": MAX_LISTINGS})
        return None
    is_sent = "apply" in request.POST
    form = _form_for(name, request.POST if is_sent else None)
    if is_sent and not error_sentences(form):
        _apply(name, form, facilities)
        done = ngettext("Done for %(count)d listing.", "Done for %(count)d listings.", count)
        messages.success(request, done % {"count": count})
        return None
    context = model_admin.admin_site.each_context(request) | {
        "title": label,
        "opts": model_admin.opts,
        "action": name,
        "form": form,
        "count": count,
        "left": max(0, count - SHOWN),
        "facilities": facilities[:SHOWN],
        "keys": list(facilities.values_list("pk", flat=True)),
    }
    return render(request, "admin/facility/bulk.html", context)


@transaction.atomic
def _apply(name: str, form: forms.Form, facilities: QuerySet) -> None:
    now = timezone.now()
    for facility in facilities.defer(None):
        if name == "assign_all":
            assignments.assign_facility(facility.pk, form.cleaned_data["to"])
        else:
            morning = snooze_end(form.cleaned_data["until"], facility_time_zone(facility), now)
            assignments.snooze_facility(facility.pk, morning, now=now)
