"""Random audits in the admin: the listings drawn, the page of one call, what was found."""

import secrets

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ..curation import audits
from ..models import Audit, AuditCall, Facility
from ..presenters.card import build_card
from ..roles import ADD_AUDIT, CHANGE_AUDITCALL
from ..web.context_processors import service_area
from .mixins import NoAddOrDeleteAdmin, RecordPageMixin
from .site import staff_site

LONGEST_NOTE = 1_000


class AuditDrawForm(forms.Form):
    """How many listings to draw; which ones, nobody chooses."""

    size = forms.IntegerField(
        label=_("How many listings"), initial=100, min_value=1, max_value=audits.LARGEST_SIZE
    )


class AuditCallForm(forms.Form):
    """What the call found; the public page counts the outcomes alone."""

    outcome = forms.ChoiceField(
        label=_("What the call found"),
        choices=AuditCall.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the call found.")},
    )
    note = forms.CharField(
        label=_("What was wrong, for curators alone: no names"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@admin.register(Audit, site=staff_site)
class AuditAdmin(RecordPageMixin, NoAddOrDeleteAdmin):
    """An audit is drawn by lot, so that nobody chooses what is in it."""

    change_list_template = "admin/audits/list.html"
    list_display = ("sampled_on", "size", "seed")
    ordering = ("-sampled_on", "-pk")

    def get_urls(self):
        call = self.admin_site.admin_view(self.call)
        draw = self.admin_site.admin_view(self.draw)
        own = [
            path("draw/", draw, name="facilities_audit_draw"),
            path("<int:key>/call/", call, name="facilities_audit_call"),
        ]
        return own + super().get_urls()

    def draw(self, request) -> HttpResponse:
        if not request.user.has_perm(ADD_AUDIT):
            raise PermissionDenied
        form = AuditDrawForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                audit = audits.create_audit(
                    size=form.cleaned_data["size"],
                    seed=secrets.randbelow(audits.LARGEST_SEED),
                    area=service_area(),
                    today=timezone.localdate(),
                )
            except audits.EmptySample:
                form.add_error(None, gettext("There is no listing to draw: load a release first."))
            else:
                return redirect("admin:facilities_audit_change", audit.pk)
        context = self.admin_site.each_context(request) | {
            "title": gettext("Draw an audit"),
            "form": form,
            "is_everywhere": service_area().is_everywhere,
            "opts": self.opts,
        }
        return render(request, "admin/audits/draw.html", context)

    def record_page(self, request, record: Audit, context: dict) -> HttpResponse:
        context |= {
            "title": gettext("Audit of %(day)s") % {"day": date_format(record.sampled_on)},
            "audit": record,
            "calls": record.calls.select_related("facility", "called_by").order_by("pk"),
            "tally": audits.summarize_audit(record),
            "next": audits.next_call(record),
            "may_call": request.user.has_perm(CHANGE_AUDITCALL),
        }
        return render(request, "admin/audits/page.html", context)

    def call(self, request, key: int) -> HttpResponse:
        if not request.user.has_perm(CHANGE_AUDITCALL):
            raise PermissionDenied
        calls = AuditCall.objects.select_related("audit", "facility__source_release")
        call = get_object_or_404(calls, pk=key)
        recorded = {"outcome": call.outcome, "note": call.note}
        form = AuditCallForm(request.POST if request.method == "POST" else None, initial=recorded)
        if request.method == "POST" and form.is_valid():
            audits.record_call(call, **form.cleaned_data, by=request.user, now=timezone.now())
            return redirect(next_audit_call_url(request, call))
        context = self.admin_site.each_context(request) | {
            "title": f"{call.facility.name}, {call.facility.city}, {call.facility.state}",
            "call": call,
            "form": form,
            "facility": call.facility,
            "services": listing_summary(call.facility),
            "opts": self.opts,
        }
        return render(request, "admin/audits/call.html", context)


def next_audit_call_url(request, call: AuditCall) -> str:
    upcoming = audits.next_call(call.audit)
    if upcoming:
        return reverse("admin:facilities_audit_call", args=[upcoming.pk])
    messages.success(request, gettext("Every listing of this audit has been called."))
    return reverse("admin:facilities_audit_change", args=[call.audit_id])


def listing_summary(facility: Facility) -> list[tuple[str, str]]:
    listing = build_card(facility, miles=None, origin=None, near="", language=get_language())
    return [
        (gettext("Address"), listing.address),
        (gettext("Detox"), listing.detox or gettext("not reported")),
        (gettext("Medications"), listing.treatment),
        (gettext("Payment"), listing.payment),
        (gettext("Only for"), ", ".join(listing.exclusions) or gettext("not reported")),
    ]
