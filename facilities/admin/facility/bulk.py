"""Actions on many listings at once: a page shows what would be done before it is done."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ...curation import FactCheck, record_checks
from ...curation.tags import add_tag, normalize_tag, remove_tag
from ...curation.work_queue import assignments
from ...facts.findings import CheckNotRecorded
from ...facts.forms import TextField
from ...facts.stored_values import HIDDEN
from ...models import Facility, Verification
from ..form_errors import error_sentences
from ..proposal_answers import METHODS, SecondCheckForm
from ..queue.call import AssignForm, SnoozeForm, facility_time_zone, snooze_end
from .letters import AskForm, ask_facilities, recipients_of

MAX_LISTINGS = 900  # a form of a thousand fields is refused by Django: a field for each
SHOWN = 20


class UntilForm(SnoozeForm):
    def __init__(self, data):
        super().__init__(data, today=timezone.localdate())
        self.fields["until"].label = _("Until")
        self.fields["until"].widget = forms.DateInput(attrs={"type": "date"})


class HideForm(SecondCheckForm):
    """How a person knows that these listings should be hidden; a second person says it too."""

    method = forms.ChoiceField(label=_("How you know"), choices=METHODS)
    note = TextField(label=_("Why, for curators alone: no names of patients"), max_length=500)


class TagForm(forms.Form):
    tag = forms.CharField(
        label=_("Tag"),
        max_length=40,
        help_text=_("One or two words, for staff alone: no names of people."),
    )

    def clean_tag(self) -> str:
        if tag := normalize_tag(self.cleaned_data["tag"])[:40].rstrip():
            return tag
        raise ValidationError(_("Write a word."))


@dataclass(frozen=True)
class BulkAction:
    """One action of the list. ``apply`` does it, and may return a page of its own to show.

    ``permission``: that of FacilityAdmin's ``has_…_permission``. ``remarks``: what would become
    of each listing, beside its name.
    """

    name: str
    label: str | Promise
    permission: str
    form: Callable[..., forms.Form]
    apply: Callable[..., HttpResponse | None]
    explanation: str | Promise = ""
    remarks: Callable[[Iterable[Facility]], dict[int, str]] | None = None
    limit: int = MAX_LISTINGS


@transaction.atomic
def _assign(request, form: forms.Form, facilities: Sequence[Facility]) -> None:
    for facility in facilities:
        assignments.assign_facility(facility.pk, form.cleaned_data["to"])
    _report_done(request, len(facilities))


@transaction.atomic
def _snooze(request, form: forms.Form, facilities: Sequence[Facility]) -> None:
    now = timezone.now()
    for facility in facilities:
        morning = snooze_end(form.cleaned_data["until"], facility_time_zone(facility), now)
        assignments.snooze_facility(facility.pk, morning, now=now)
    _report_done(request, len(facilities))


def _hide(request, form: forms.Form, facilities: Sequence[Facility]) -> None:
    """Propose that each is hidden: nothing is before a second person has found the same."""
    waiting, hidden, now = 0, 0, timezone.now()
    for facility in facilities:
        if facility.status == HIDDEN:
            continue
        check = FactCheck("status", Verification.Outcome.CORRECTED, HIDDEN, **form.cleaned_data)
        try:
            done = record_checks(facility, [check], by=request.user, now=now)
        except CheckNotRecorded as error:
            messages.warning(request, f"{facility.name}: {error}")
        else:
            waiting, hidden = waiting + len(done.proposals), hidden + len(done.verifications)
    if hidden:  # a colleague had proposed it
        sentence = ngettext(
            "%(count)d listing is hidden now.", "%(count)d listings are hidden now.", hidden
        )
        messages.success(request, sentence % {"count": hidden})
        if not waiting:
            return
    sentence = ngettext(
        "%(count)d listing waits for a second person, and is shown until then.",
        "%(count)d listings wait for a second person, and are shown until then.",
        waiting,
    )
    messages.success(request, sentence % {"count": waiting})


def _change_tag(request, form: forms.Form, facilities: Sequence[Facility], *, change) -> None:
    change(facilities, form.cleaned_data["tag"], by=request.user, now=timezone.now())
    _report_done(request, len(facilities))


def _report_done(request, count: int) -> None:
    done = ngettext("Done for %(count)d listing.", "Done for %(count)d listings.", count)
    messages.success(request, done % {"count": count})


BULK_ACTIONS = (
    BulkAction("assign_all", _("Give to somebody to check"), "change", AssignForm, _assign),
    BulkAction("put_off_all", _("Put off until a day"), "change", UntilForm, _snooze),
    BulkAction(
        "ask_all",
        _("Ask the facility"),
        "ask",
        AskForm,
        ask_facilities,
        explanation=_(
            "Each gets a link of its own, by which it says what has changed. Where an earlier link"
            " went to a mail address, this one does too; for the others you print letters."
        ),
        remarks=lambda facilities: {
            facility.pk: str(recipient)
            for facility, recipient in recipients_of(facilities, timezone.now())
        },
        limit=100,
    ),
    BulkAction(
        "hide_all",
        _("Propose to hide"),
        "hide",
        HideForm,
        _hide,
        explanation=_(
            "Each counts like a report of its closure: it stays shown until a second person has"
            " found the same, with evidence of their own."
        ),
    ),
    BulkAction("tag_all", _("Tag"), "change", TagForm, partial(_change_tag, change=add_tag)),
    BulkAction(
        "untag_all",
        _("Take a tag off"),
        "change",
        TagForm,
        partial(_change_tag, change=remove_tag),
    ),
)


def bulk_actions() -> list[Callable]:
    return [_admin_action(action) for action in BULK_ACTIONS]


def _admin_action(action: BulkAction) -> Callable:
    page = partial(_bulk_page, action=action)
    page.__name__ = action.name
    return admin.action(page, description=action.label, permissions=[action.permission])


def _bulk_page(model_admin, request, chosen, *, action: BulkAction) -> HttpResponse | None:
    """Show what would be done, with a form; do it once that form comes back."""
    count = chosen.count()
    if count > action.limit:
        sentence = gettext("Choose at most %(most)d listings at once.")
        messages.error(request, sentence % {"most": action.limit})
        return None
    is_sent = "apply" in request.POST
    form = action.form(request.POST if is_sent else None)
    facilities = list(chosen.defer(None))
    if is_sent and not error_sentences(form):
        return action.apply(request, form, facilities)
    remarks = action.remarks(facilities) if action.remarks else {}
    shown = facilities if remarks else facilities[:SHOWN]
    context = model_admin.admin_site.each_context(request) | {
        "title": action.label,
        "opts": model_admin.opts,
        "action": action,
        "form": form,
        "count": count,
        "left": count - len(shown),
        "rows": [(facility, remarks.get(facility.pk, "")) for facility in shown],
        "keys": [facility.pk for facility in facilities],
        "back": request.get_full_path(),
    }
    return render(request, "admin/facility/bulk.html", context)
