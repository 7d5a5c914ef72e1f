"""The page on which one facility is checked, and what its buttons do."""

import logging
import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_POST

from ...curation import (
    InvalidValue,
    OutdatedValue,
    accept,
    change_warnings,
    create_facility,
    credential_contradictions,
    phone_warning,
    record,
    reject,
    revert,
)
from ...curation.create_facility import IDENTITY
from ...curation.dossier import Dossier, read_dossier
from ...curation.history import Event, read_events
from ...curation.website_checks.alerts import website_alert
from ...facts.findings import NotRecorded
from ...facts.forms import text_name
from ...facts.registry import display_value, fact_label
from ...models import Assignment, Facility, Proposal, Release, Verification
from ...roles import ADD_FACILITY, HIDE_FACILITY, VERIFY_FACILITY, VIEW_FACILITY
from ...web import errors
from ..posted import read_key
from ..queue.filters import FILTER_PARAMETERS
from .form import FacilityForm, NewFacilityForm, fact_rows, seen_services, service_rows

logger = logging.getLogger(__name__)
LATEST = 100
LONGEST_WHY = 500


def facility_page(request, key, context: dict) -> HttpResponse:
    """Show it, or take what was filled in."""
    if not request.user.has_perm(VIEW_FACILITY):
        raise PermissionDenied
    facility = get_facility(key)
    if facility.merged_into_id:
        return redirect_to_facility(facility.merged_into_id)
    today = timezone.localdate()
    known = read_dossier(facility, today=today)
    is_editor = request.user.has_perm(HIDE_FACILITY)
    data = request.POST if request.method == "POST" else None
    if data is not None and not request.user.has_perm(VERIFY_FACILITY):
        raise PermissionDenied
    form = FacilityForm(data, listing=known, is_editor=is_editor)
    is_unavailable = False
    if form.is_bound:
        try:
            is_recorded = (
                form.is_valid()
                and _warnings_acknowledged(request, form)
                and _record(request, known, form)
            )
        except OperationalError:
            logger.exception("A check could not be saved: the database did not take it.")
            form.add_error(None, str(errors.NOT_SAVED))
            is_recorded, is_unavailable = False, True
        if is_recorded:
            return redirect(call_url(request, facility) or request.get_full_path())
        known = read_dossier(facility, today=today)
    shown = context | _page_context(request, known, form, today)
    status = 409 if form.errors else 200
    response = render(request, "admin/facility/page.html", shown, status=status)
    return errors.unavailable(response) if is_unavailable else response


def get_facility(key) -> Facility:
    """By its key as the admin writes it."""
    return get_object_or_404(Facility.objects.for_page(), pk=read_key(str(key)))


def redirect_to_facility(key, part: str = "") -> HttpResponse:
    address = reverse("admin:facilities_facility_change", args=[key])
    return redirect(f"{address}#{part}" if part else address)


def call_url(request, facility: Facility) -> str:
    """The page of the call that this person is at, under the filter it was taken with."""
    if not Assignment.objects.filter(facility=facility, assigned_to=request.user).exists():
        return ""
    kept = {name: request.GET[name] for name in FILTER_PARAMETERS if name in request.GET}
    return reverse("admin:queue_call", args=[facility.code], query=kept)


def _warnings_acknowledged(request, form: FacilityForm) -> bool:
    """Whether the person has seen every warning that there is."""
    return set(form.warnings) <= set(request.POST.getlist("heeded"))


def _record(request, known: Dossier, form: FacilityForm) -> bool:
    if not form.checks:
        messages.warning(request, gettext("Nothing was chosen: nothing was recorded."))
        return False
    try:
        done = record(known.facility, form.checks, by=request.user, now=timezone.now())
    except (InvalidValue, OutdatedValue) as error:
        form.refuse(error.fact, str(error))
        return False
    except NotRecorded as error:
        form.add_error(None, str(error))
        return False
    _add_messages(request, len(done.verifications), len(done.proposals))
    return True


def _add_messages(request, recorded: int, waiting: int) -> None:
    if recorded:
        said = ngettext("%(count)d fact recorded.", "%(count)d facts recorded.", recorded)
        messages.success(request, said % {"count": recorded})
    if waiting:
        messages.info(
            request,
            gettext(
                "A changed number waits for a second check: by somebody else, or by you on a"
                " later day. The public page says that the old one may be wrong."
            ),
        )


def _page_context(request, known: Dossier, form: FacilityForm, today) -> dict:
    facility = known.facility
    words = request.GET.get("services", "")[:100]
    marked = request.GET.getlist("wrong")
    credentials = [*facility.credentials.order_by("kind", "issuer", "pk")]
    return {
        "title": f"{facility.name}, {facility.city}, {facility.state}",
        "facility": facility,
        "release": known.release,
        "may_verify": request.user.has_perm(VERIFY_FACILITY),
        "groups": [*fact_rows(form, known, today)],
        "services": [
            (heading, rows, any(row.fact in marked for row in rows))
            for heading, rows in service_rows(form, known, today, words)
        ],
        "marked": marked,
        "seen_services": seen_services(known),
        "words": words,
        **form.evidence_context(),
        "errors": form.errors,
        "wrong": form.evidence_errors(),
        "warnings": form.warnings,
        "doubt": phone_warning(facility),
        "conflicts": [*_conflict_rows(facility)],
        "contradictions": credential_contradictions(facility, credentials, today),
        "website_trouble": website_alert(facility),
        "credentials": [(each, each.is_current(today)) for each in credentials],
        "proposals": [*_waiting_proposals(facility)],
        "history": [(event, event_context(event)) for event in read_events(facility)[:LATEST]],
        "newest": {check.pk for check in known.current_checks.values()},
        "opts": Facility._meta,
        "path": request.path,
        "here": request.get_full_path(),
        "call": call_url(request, facility),
    }  # fmt: skip


def event_context(event: Event) -> dict:
    """An event in words, for the part of the page that both histories share."""
    return {
        "kind": event.kind,
        "fact": fact_label(event.fact, get_language()),
        "before": display_value(event.fact, event.before),
        "after": display_value(event.fact, event.after),
    }


def _waiting_proposals(
    facility: Facility,
) -> Iterator[tuple[Proposal, str, str, str, tuple[str, ...]]]:
    """Each proposal with the words for its fact, what is shown, what is proposed, and warnings."""
    waiting = facility.proposals.filter(state=Proposal.State.WAITING)
    for each in waiting.select_related("made_by").order_by("made_at", "pk"):
        before, after = (
            display_value(each.fact, value) for value in (each.value_before, each.value)
        )
        noted = change_warnings(facility, each.fact, each.value)
        yield each, fact_label(each.fact, get_language()), before, after, noted


def _conflict_rows(facility: Facility) -> Iterator[tuple[str, str, Release]]:
    """What the newest file says against our checks: fact, its value, the file."""
    for each in facility.conflicts.select_related("release").order_by("fact"):
        yield (
            fact_label(each.fact, get_language()),
            display_value(each.fact, each.source_value),
            each.release,
        )


def _done_message(request, key, act, said: str) -> HttpResponse:
    """Do what a button says, tell what came of it, and show the page again."""
    if not request.user.has_perm(VERIFY_FACILITY):
        raise PermissionDenied
    try:
        act(timezone.now())
    except NotRecorded as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect_to_facility(key)


@require_POST
def revert_check(request, key: int, check: int) -> HttpResponse:
    """Revert the newest check of a fact and say why; that of a status only an editor reverts."""
    why = request.POST.get("why", "").replace("\0", "").strip()[:LONGEST_WHY]
    verification = get_object_or_404(Verification, pk=check, facility=get_facility(key))
    if verification.fact == "status" and not request.user.has_perm(HIDE_FACILITY):
        raise PermissionDenied

    def act(now):
        if not why:
            raise NotRecorded(gettext("Say why you take it back."))
        if revert(verification, by=request.user, now=now, why=why).proposals:
            messages.info(request, gettext("The earlier number waits for a second check."))

    return _done_message(request, key, act, gettext("Done: see the history below."))


@require_POST
def resolve_proposal(request, key: int, proposal: int) -> HttpResponse:
    """Accept or refuse what waits."""
    waiting = get_object_or_404(Proposal, pk=proposal, facility=get_facility(key))
    note = request.POST.get("note", "").strip()[:2_000].replace("\0", "")
    if waiting.fact == "status" and not request.user.has_perm(HIDE_FACILITY):
        raise PermissionDenied

    def act(now):
        if request.POST.get("answer") == "accept":
            accept(waiting, by=request.user, now=now, note=note)
        else:
            reject(waiting, by=request.user, now=now, note=note)

    return _done_message(request, key, act, gettext("Settled."))


def create_page(request, context: dict) -> HttpResponse:
    """A form for a listing that no file has; it begins as a draft."""
    if not request.user.has_perm(ADD_FACILITY):
        raise PermissionDenied
    if request.method == "POST":
        form = NewFacilityForm(request.POST)
        if form.is_valid() and (facility := _created(request, form)):
            return redirect_to_facility(facility.pk)
        if "key" in form.errors:
            raise Http404
    else:
        form = NewFacilityForm(initial={"key": uuid.uuid4()})
    shown = {
        "title": gettext("Add a listing that no file has"),
        "form": form,
        "errors": form.evidence_errors(),
        "opts": Facility._meta,
        **form.evidence_context(),
    }
    status = 409 if form.errors else 200
    return render(request, "admin/facility/create.html", context | shown, status=status)


def _created(request, form: NewFacilityForm) -> Facility | None:
    """The draft that was asked for; the one made already, if the form was sent twice."""
    key = form.cleaned_data["key"]
    if made := Facility.objects.filter(uuid=uuid.uuid5(IDENTITY, str(key))).first():
        return made
    try:
        facility, done = create_facility(
            form.checks(), by=request.user, now=timezone.now(), key=key
        )
    except InvalidValue as error:
        form.add_error(text_name(error.fact), error.sentence)
        return None
    _add_messages(request, len(done.verifications) + 2, len(done.proposals))
    return facility
