"""Telling us what is wrong with a listing, and following by a receipt what came of it."""

import logging

from django import forms
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ..curation import reports
from ..facts.registry import fact_label
from ..guidance.privacy_statements import ABOUT_PATIENTS
from ..models import Facility, Report
from ..operations.facility_mail import mail_notices
from ..operations.staff_mail import announce_report
from ..web import errors
from ..web.decorators import with_listed_facility
from ..web.public_form import (
    ALREADY_SENT,
    FILLED_TRAP,
    SENT_TOO_FAST,
    public_form,
    too_many_requests,
)
from ..web.throttling import HOUR, is_within_limit

logger = logging.getLogger(__name__)
SECONDS_TO_FILL_IN = 3


class ReportForm(forms.Form):
    """What is wrong, in one choice and a few words. ``comment`` is a trap for programs."""

    about = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Report.Topic.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = forms.CharField(
        label=_("What should it say, and how do you know?"),
        help_text=format_lazy(
            "{} {}",
            ABOUT_PATIENTS,
            _("We delete these words 90 days after the report is closed."),
        ),
        max_length=reports.LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    contact = forms.CharField(
        label=_("Email or phone, only if we may ask you about it"),
        help_text=_("You may leave this empty. We delete it as soon as the report is closed."),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    comment = forms.CharField(required=False)

    def clean(self):
        given = super().clean()
        if given.get("comment"):
            raise forms.ValidationError(FILLED_TRAP)
        if given.get("about") == Report.Topic.OTHER and not given.get("words"):
            self.add_error("words", _("Say in a few words what is wrong."))
        return given


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
@with_listed_facility
def report(request: HttpRequest, facility: Facility) -> HttpResponse:
    """The form and then its receipt stand at one address, without the receipt's code."""
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        initial={"about": request.GET.get("about")},
    )
    problem = request.public_form.problem
    if form.is_bound and form.is_valid() and not problem:
        problem = SENT_TOO_FAST if request.public_form.is_hasty(SECONDS_TO_FILL_IN) else ""
        if not problem:
            try:
                made = report_received_page(request, facility, form)
            except reports.RateLimited as refused:
                return report_page(request, facility, form, refused)
            except reports.FormAlreadySent:
                problem = ALREADY_SENT
            except OperationalError:
                logger.exception("A report could not be saved: the database did not take it.")
                return errors.unavailable_response(
                    report_page(request, facility, form, errors.NOT_SAVED)
                )
            else:
                return receipt_page(request, made)
    return report_page(request, facility, form, problem)


def report_page(
    request: HttpRequest, facility: Facility, form: ReportForm, problem: str | reports.RateLimited
) -> HttpResponse:
    context = {"facility": facility, "form": form, "problem": str(problem)}
    if isinstance(problem, reports.RateLimited):
        response = render(request, "facilities/reports/report.html", context)
        return too_many_requests(response, problem.window)
    status = 400 if form.is_bound else 200
    return render(request, "facilities/reports/report.html", context, status=status)


def report_received_page(request: HttpRequest, facility: Facility, form: ReportForm) -> Report:
    given = form.cleaned_data
    statement = reports.ReportDraft(facility, given["about"], given["words"], given["contact"])
    made = reports.submit_report(
        statement, form=request.public_form.sent, address=request.public_form.address,
        now=timezone.now(),
    )  # fmt: skip
    announce_report(made.topic)
    mail_notices(made.facility)
    return made


def receipt_page(request: HttpRequest, made: Report) -> HttpResponse:
    context = {"report": made, "receipt": reports.format_receipt(made.receipt)}
    return render(request, "facilities/reports/received.html", context)


class ReceiptForm(forms.Form):
    code = forms.CharField(
        label=_("The code on your receipt"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Type the code.")},
    )


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """The code comes in the form's body: addresses are kept in many places."""
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    found, problem, is_too_much = None, request.public_form.problem, False
    if form.is_bound and form.is_valid() and not problem:
        if is_lookup_allowed(request):
            found = reports.find_by_receipt(form.cleaned_data["code"])
            problem = "" if found else _("There is no report with this code. Check each letter.")
        else:
            problem = _("Too many codes came from your connection. Try again in an hour.")
            is_too_much = True
    status = 400 if form.is_bound and not found else 200
    context = {"form": form, "problem": problem, "report": found}
    if found:
        context |= corrections_context(found)
    response = render(request, "facilities/reports/receipt.html", context, status=status)
    return too_many_requests(response, HOUR) if is_too_much else response


def corrections_context(report: Report) -> dict:
    """Return which facts were corrected and since when: no values, and nothing of who did it."""
    standing = report.corrections.standing().order_by("checked_at", "pk")
    corrections = [(fact_label(each.fact, get_language()), each.checked_at) for each in standing]
    return {
        "corrections": corrections,
        "is_taken_back": not corrections and report.corrections.exists(),
    }


def is_lookup_allowed(request: HttpRequest) -> bool:
    return is_within_limit(
        "receipt", request.public_form.address, now=timezone.now(),
        limit=reports.MAX_LOOKUPS_PER_HOUR, window=HOUR,
    )  # fmt: skip
