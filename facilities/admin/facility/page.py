"""The page on which one facility is checked, and what its buttons do."""

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ...curation import (
    CheckNotAllowed,
    InvalidValue,
    OutdatedValue,
    create_facility,
    credential_contradictions,
    listing_doubt,
    record_checks,
    revert_verification,
)
from ...curation.create_facility import IDENTITY
from ...curation.credential_checks import credential_waits_for_somebody_else
from ...curation.dossier import Dossier, read_dossier
from ...curation.history import FactEvent, read_events
from ...curation.legal_holds import standing_hold
from ...curation.website_checks.alerts import website_alert
from ...curation.work_queue.undo_call import undoable_call
from ...facts.findings import CheckNotRecorded
from ...facts.forms import TextField, text_field_name
from ...facts.registry import display_value, fact_label
from ...models import Assignment, Facility, Proposal, Release, Verification
from ...roles import ADD_FACILITY, HIDE_FACILITY, VERIFY_FACILITY, VIEW_FACILITY
from ...web import errors
from ...web.context_processors import is_curated_here
from ..form_errors import error_sentences
from ..posted import read_primary_key
from ..proposal_answers import (
    METHODS,
    ProposalAnswerForm,
    answer_proposal,
    may_decide_fact,
    proposal_rows,
)
from ..queue.filters import FILTER_PARAMETERS
from .form import FacilityForm, NewFacilityForm, encode_shown_answers, fact_rows, service_fact_rows
from .numbers import number_rows

logger = logging.getLogger(__name__)
MAX_EVENTS_SHOWN = 100


class RevertForm(forms.Form):
    why = TextField(
        label=_("Why"),
        max_length=500,
        error_messages={"required": _("Say why you take it back.")},
    )


@dataclass(frozen=True)
class UnsavedText:
    """What a person typed about a proposal or a check, shown again because it was not saved."""

    record: Proposal | Verification
    text: str


def staff_facility_page(request, key, context: dict) -> HttpResponse:
    if not request.user.has_perm(VIEW_FACILITY):
        raise PermissionDenied
    facility = get_facility_or_404(key)
    if facility.merged_into_id:
        return redirect_to_staff_facility(facility.merged_into_id)
    dossier = read_dossier(facility, today=timezone.localdate())
    data = request.POST if request.method == "POST" else None
    if data is not None and not request.user.has_perm(VERIFY_FACILITY):
        raise PermissionDenied
    form = facility_form(request, dossier, data)
    is_unavailable = False
    if form.is_bound:
        try:
            is_recorded = (
                form.is_valid()
                and _warnings_acknowledged(request, form)
                and _record(request, dossier, form)
            )
        except OperationalError:
            logger.exception("A check could not be saved: the database did not take it.")
            form.add_error(None, str(errors.NOT_SAVED))
            is_recorded, is_unavailable = False, True
        if is_recorded:
            return redirect(assigned_call_url(request, facility) or request.get_full_path())
        dossier = read_dossier(facility, today=timezone.localdate())
    response = render_staff_facility_page(
        request, context, dossier, form, here=request.get_full_path()
    )
    return errors.unavailable_response(response) if is_unavailable else response


def facility_form(request, dossier: Dossier, data=None) -> FacilityForm:
    form = FacilityForm(data, listing=dossier, is_editor=request.user.has_perm(HIDE_FACILITY))
    if "wrong" in request.GET:  # it follows a call
        form.initial["method"] = Verification.Method.PHONE
    return form


def render_staff_facility_page(
    request,
    context: dict,
    dossier: Dossier,
    form: FacilityForm,
    *,
    here: str = "",
    unsaved: UnsavedText | None = None,
) -> HttpResponse:
    """``here``: where its form is sent, with the query that the page came with."""
    address = reverse("admin:facilities_facility_change", args=[dossier.facility.pk])
    context |= _page_context(request, dossier, form, timezone.localdate())
    context |= {"path": address, "here": here or address, "unsaved": unsaved}
    status = 409 if form.errors or unsaved else 200
    return render(request, "admin/facility/page.html", context, status=status)


def get_facility_or_404(key) -> Facility:
    """``key`` may be any text. Raises Http404."""
    return get_object_or_404(Facility.objects.for_page(), pk=read_primary_key(str(key)))


def redirect_to_staff_facility(key, part: str = "") -> HttpResponse:
    address = reverse("admin:facilities_facility_change", args=[key])
    return redirect(f"{address}#{part}" if part else address)


def assigned_call_url(request, facility: Facility) -> str:
    if not Assignment.objects.filter(facility=facility, assigned_to=request.user).exists():
        return ""
    kept = {name: request.GET[name] for name in FILTER_PARAMETERS if name in request.GET}
    return reverse("admin:queue_call", args=[facility.code], query=kept)


def _warnings_acknowledged(request, form: FacilityForm) -> bool:
    return set(form.warnings) <= set(request.POST.getlist("heeded"))


def _record(request, dossier: Dossier, form: FacilityForm) -> bool:
    if not form.checks:
        messages.warning(request, gettext("Nothing was chosen: nothing was recorded."))
        return False
    try:
        done = record_checks(dossier.facility, form.checks, by=request.user, now=timezone.now())
    except (InvalidValue, OutdatedValue) as error:
        form.refuse(error.fact, str(error))
        return False
    except CheckNotRecorded as error:
        form.add_error(None, str(error))
        return False
    _add_messages(request, len(done.verifications), len(done.proposals))
    return True


def _add_messages(request, recorded: int, waiting: int) -> None:
    if recorded:
        sentence = ngettext("%(count)d fact recorded.", "%(count)d facts recorded.", recorded)
        messages.success(request, sentence % {"count": recorded})
    if waiting:
        messages.info(
            request,
            gettext(
                "What leads people somewhere waits for a second person: numbers, website, name,"
                " address, licenses and status. Until then the page shows what it showed."
            ),
        )


def _page_context(request, dossier: Dossier, form: FacilityForm, today) -> dict:
    facility = dossier.facility
    words = request.GET.get("services", "")[:100]
    marked = request.GET.getlist("wrong")
    events = read_events(facility)[:MAX_EVENTS_SHOWN]
    credentials = [
        *facility.credentials.select_related("checked_by").order_by("kind", "issuer", "pk")
    ]
    return {
        "title": f"{facility.name}, {facility.city}, {facility.state}",
        "facility": facility,
        "release": dossier.release,
        "may_verify": request.user.has_perm(VERIFY_FACILITY),
        "groups": [*fact_rows(form, dossier, today)],
        "services": [
            (heading, rows, any(row.fact in marked for row in rows))
            for heading, rows in service_fact_rows(form, dossier, today, words)
        ],
        "marked": marked,
        "seen_services": encode_shown_answers(dossier),
        "words": words,
        **form.evidence_context(),
        "errors": form.errors,
        "wrong": form.evidence_errors(),
        "warnings": form.warnings,
        "doubt": listing_doubt(facility, timezone.localdate()),
        "numbers": [*number_rows(dossier)],
        "conflicts": [*_conflict_rows(facility)],
        "contradictions": credential_contradictions(
            facility, [each for each in credentials if each.is_confirmed], today
        ),
        "website_trouble": website_alert(facility),
        "credentials": [
            (
                credential,
                credential.is_current(today),
                not credential.is_confirmed
                and credential_waits_for_somebody_else(
                    credential, by=request.user, now=timezone.now()
                ),
            )
            for credential in credentials
        ],
        "methods": METHODS,
        "proposals": [
            *proposal_rows(
                _waiting_proposals(facility), request.user, now=timezone.now()
            )
        ],
        "history": [(event, history_event_context(event)) for event in events],
        "undoable_call": undoable_call(facility, timezone.now()),
        "newest": {check.pk for check in dossier.current_checks.values()},
        "opts": Facility._meta,
        "call": assigned_call_url(request, facility),
        "is_elsewhere": not is_curated_here(facility),
        "hold": standing_hold(facility),
        "tags": [*facility.tags.order_by("name").values_list("name", flat=True)],
        "filters": request.GET.get("_changelist_filters", ""),
    }  # fmt: skip


def history_event_context(event: FactEvent) -> dict:
    return {
        "kind": event.kind,
        "fact": fact_label(event.fact, get_language()),
        "before": display_value(event.fact, event.before),
        "after": display_value(event.fact, event.after),
    }


def _waiting_proposals(facility: Facility) -> QuerySet[Proposal]:
    waiting = facility.proposals.filter(state=Proposal.State.WAITING)
    return waiting.select_related("facility", "made_by", "link").order_by("made_at", "pk")


def _conflict_rows(facility: Facility) -> Iterator[tuple[str, str, Release]]:
    """Yield (fact, value in the file, release) where the newest file contradicts our checks."""
    for conflict in facility.conflicts.select_related("release").order_by("fact"):
        yield (
            fact_label(conflict.fact, get_language()),
            display_value(conflict.fact, conflict.source_value),
            conflict.release,
        )


@require_POST
def revert_check(request, context: dict, key: int, check: int) -> HttpResponse:
    verification = get_object_or_404(Verification, pk=check, facility=get_facility_or_404(key))
    form = RevertForm(request.POST)
    problems = error_sentences(form)
    if not problems:
        try:
            values = verification.value_before, verification.value_after
            if not may_decide_fact(request.user, verification.fact, *values):
                raise CheckNotAllowed(gettext("An editor decides this."))
            why = form.cleaned_data["why"]
            reverted = revert_verification(
                verification, by=request.user, now=timezone.now(), why=why
            )
        except CheckNotRecorded as error:
            problems = [str(error)]
        else:
            if reverted.proposals:
                messages.info(request, gettext("The earlier value waits for a second person."))
            messages.success(request, gettext("Done: see the history below."))
            return redirect_to_staff_facility(key)
    return render_unsaved_form(
        request, context, problems, UnsavedText(verification, form["why"].value())
    )


@require_POST
def resolve_proposal(request, context: dict, key: int, proposal: int) -> HttpResponse:
    waiting = get_object_or_404(Proposal, pk=proposal, facility=get_facility_or_404(key))
    form = ProposalAnswerForm(request.POST)
    problems = error_sentences(form)
    if not problems:
        try:
            answer_proposal(waiting, **form.cleaned_data, by=request.user, now=timezone.now())
        except CheckNotRecorded as error:
            problems = [str(error)]
        else:
            messages.success(request, gettext("Settled."))
            return redirect_to_staff_facility(key)
    return render_unsaved_form(
        request, context, problems, UnsavedText(waiting, form["note"].value())
    )


def render_unsaved_form(
    request, context: dict, problems: list[str], unsaved: UnsavedText
) -> HttpResponse:
    for sentence in problems:
        messages.error(request, sentence)
    facility = get_facility_or_404(unsaved.record.facility_id)
    if facility.merged_into_id:
        return redirect_to_staff_facility(facility.merged_into_id)
    dossier = read_dossier(facility, today=timezone.localdate())
    form = facility_form(request, dossier)
    return render_staff_facility_page(request, context, dossier, form, unsaved=unsaved)


def new_facility_page(request, context: dict) -> HttpResponse:
    if not request.user.has_perm(ADD_FACILITY):
        raise PermissionDenied
    if request.method == "POST":
        form = NewFacilityForm(request.POST)
        if form.is_valid() and (facility := _create(request, form)):
            return redirect_to_staff_facility(facility.pk)
        if "key" in form.errors:
            raise Http404
    else:
        form = NewFacilityForm(initial={"key": uuid.uuid4()})
    context |= {
        "title": gettext("Add a listing that no file has"),
        "form": form,
        "errors": form.evidence_errors(),
        "opts": Facility._meta,
        **form.evidence_context(),
    }
    status = 409 if form.errors else 200
    return render(request, "admin/facility/create.html", context, status=status)


def _create(request, form: NewFacilityForm) -> Facility | None:
    """Return the existing draft if the form was sent twice."""
    key = form.cleaned_data["key"]
    if existing := Facility.objects.filter(uuid=uuid.uuid5(IDENTITY, str(key))).first():
        return existing
    try:
        facility, done = create_facility(
            form.checks(), by=request.user, now=timezone.now(), key=key
        )
    except InvalidValue as error:
        form.add_error(text_field_name(error.fact), error.sentence)
        return None
    _add_messages(request, len(done.verifications) + 2, len(done.proposals))
    return facility
