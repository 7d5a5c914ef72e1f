"""What a facility says of itself, through a link that an editor made for it.

The link's token stands in the query, which no log of ours ever holds; a path would be in one.
"""

import logging
from collections.abc import Mapping

from django import forms
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ..curation.disputes import disputable_facts, file_dispute
from ..curation.self_service import availability, links
from ..curation.self_service.form import (
    ANSWER_CHOICES,
    MAX_NOTE_LENGTH,
    SelfServiceForm,
    sign_shown_values,
)
from ..facts.findings import CheckNotRecorded, InvalidValue, OutdatedValue
from ..facts.registry import display_value, fact_label
from ..guidance.privacy_statements import ABOUT_PATIENTS
from ..models import Facility, UpdateLink
from ..web import errors
from ..web.public_form import FILLED_TRAP, SENT_TOO_FAST, public_form, too_many_requests
from ..web.throttling import HOUR, is_within_limit

logger = logging.getLogger(__name__)
SECONDS_TO_FILL_IN = 2
PER_HOUR = 30
TODAY, WITHDRAW, DISPUTE = "today", "withdraw", "dispute"
MOST_DISPUTES_SHOWN = 20


class AvailabilityForm(forms.Form):
    """Whether it can admit today, and for how long that may be shown."""

    can_admit = forms.TypedChoiceField(
        label=_("Can you take new people today?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    services = forms.MultipleChoiceField(
        label=_("For what, and for whom? Leave it empty if for all"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    hours = forms.TypedChoiceField(label=_("Show this for"), coerce=int)

    def __init__(self, data: Mapping | None, *, facility: Facility, language: str):
        super().__init__(data)
        self.fields["services"].choices = [
            (each.slug, each.label(language)) for each in availability.program_choices(facility)
        ]
        choices = availability.availability_hours_choices()
        self.fields["hours"].choices = [
            (each, ngettext("%(count)s hour", "%(count)s hours", each) % {"count": each})
            for each in choices
        ]
        self.fields["hours"].initial = choices[-1]


class DisputeForm(forms.Form):
    """A fact of the listing that the facility disputes, and what is wrong with it."""

    fact = forms.ChoiceField(
        label=_("What we show and you dispute"),
        error_messages={"required": _("Choose a fact.")},
    )
    why = forms.CharField(
        label=_("What is wrong with it, for our staff"),
        help_text=ABOUT_PATIENTS,
        max_length=MAX_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Say in a few words what is wrong.")},
    )

    def __init__(self, data: Mapping | None, *, facility: Facility):
        super().__init__(data)
        self.fields["fact"].choices = [("", _("choose")), *disputable_facts(facility)]


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def update_listing(request: HttpRequest) -> HttpResponse:
    try:
        link = links.find_open_link(request.GET.get("link", ""), now=timezone.now())
        page = SelfServicePage(request, link)
        if request.method == "POST":
            page.record_changes()
    except links.InvalidLink:
        return render(request, "facilities/self_service/invalid_link.html", status=410)
    return page.answer()


class SelfServicePage:
    """One showing of the page: the two forms, what became of what was sent, what is wrong."""

    def __init__(self, request: HttpRequest, link: UpdateLink):
        self.request, self.link = request, link
        self.act = request.POST.get("act", "")
        is_today = self.act == TODAY
        self.today = AvailabilityForm(
            request.POST if is_today else None, facility=link.facility, language=get_language()
        )
        self.dispute = DisputeForm(
            request.POST if self.act == DISPUTE else None, facility=link.facility
        )
        others = (TODAY, WITHDRAW, DISPUTE)
        sent = request.POST if request.method == "POST" and self.act not in others else None
        self.changes = SelfServiceForm(sent, link=link, language=get_language())
        self.problem, self.said, self.is_too_much = "", "", False
        self.is_unavailable = False

    def record_changes(self) -> None:
        try:
            self.problem = self._refusal()
            if not self.problem:
                self._record()
        except OperationalError:
            logger.exception("An update could not be saved: the database did not take it.")
            self.problem, self.is_unavailable = str(errors.NOT_SAVED), True

    def _record(self) -> None:
        if self.act == WITHDRAW:
            availability.withdraw_availability(self.link)
            self.said = gettext("It is no longer shown.")
        elif self.act == TODAY:
            self._take_today()
        elif self.act == DISPUTE:
            self._take_dispute()
        else:
            self._take_changes()

    def _refusal(self) -> str:
        form, now = self.request.public_form, timezone.now()
        if form.problem:
            return form.problem
        if self.request.POST.get("comment"):
            return str(FILLED_TRAP)
        if form.is_hasty(SECONDS_TO_FILL_IN):
            return str(SENT_TOO_FAST)
        if not is_within_limit("update", form.address, now=now, limit=PER_HOUR, window=HOUR):
            self.is_too_much = True
            return gettext("Too much came from your connection. Try again in an hour.")
        return ""

    def _take_today(self) -> None:
        if self.today.is_valid():
            availability.record_availability(
                self.link, **self.today.cleaned_data, now=timezone.now()
            )
            self.said = gettext("It is shown now, with the time. It goes by itself.")

    def _take_dispute(self) -> None:
        if not self.dispute.is_valid():
            return
        fact, why = self.dispute.cleaned_data["fact"], self.dispute.cleaned_data["why"]
        try:
            file_dispute(self.link, fact, why, now=timezone.now())
        except CheckNotRecorded as error:
            self.problem = str(error)
        else:
            self.dispute = DisputeForm(None, facility=self.link.facility)
            self.said = gettext("The page says that you dispute this. Read our answer here.")

    def _take_changes(self) -> None:
        if not self.changes.is_valid():
            return
        if not self.changes.checks:
            self.problem = gettext("You changed nothing, so there was nothing to send.")
            return
        try:
            links.propose_changes(self.link, self.changes.checks, now=timezone.now())
        except (InvalidValue, OutdatedValue) as error:
            self.changes.refuse(error.fact, str(error))
        except (CheckNotRecorded, links.LinkAlreadyUsed) as error:
            self.problem = str(error)
        else:
            self.said = gettext("Thank you. Our staff check your changes before they are shown.")

    @property
    def is_refused(self) -> bool:
        return bool(self.problem or self.changes.errors or self.today.errors or self.dispute.errors)

    def answer(self) -> HttpResponse:
        facility, language = self.link.facility, get_language()
        standing = availability.availability_sentences([facility], timezone.now())
        context = {
            "facility": facility,
            "link": self.link,
            "problem": self.problem,
            "said": self.said,
            "changes": self.changes,
            "today": self.today,
            "dispute": self.dispute,
            "disputes": [*self.disputes(language)],
            "answer_days": settings.DISPUTE_ANSWER_DAYS,
            "told": standing.get(facility.pk, ""),
            "sent": [*self.sent(language)],
        }
        if not self.link.used_at:
            context |= {
                "seen": sign_shown_values(self.link),
                "services": [*self.changes.service_fields()],
                "answers": ANSWER_CHOICES,
            }
        status = 400 if self.is_refused else 200
        response = render(self.request, "facilities/self_service/page.html", context, status=status)
        if self.is_unavailable:
            return errors.unavailable_response(response)
        return too_many_requests(response, HOUR) if self.is_too_much else response

    def disputes(self, language: str):
        """Yield what this facility disputed, by this link or another, the newest first."""
        for each in self.link.facility.disputes.order_by("-made_at", "-pk")[:MOST_DISPUTES_SHOWN]:
            yield {
                "label": fact_label(each.fact, language),
                "made_at": each.made_at,
                "answered_at": each.answered_at,
                "outcome": each.get_outcome_display(),
                "answer": each.answer,
            }

    def sent(self, language: str):
        for each in self.link.proposals.order_by("pk"):
            yield {
                "label": fact_label(each.fact, language),
                "before": display_value(each.fact, each.value_before),
                "after": display_value(each.fact, each.value),
                "state": each.get_state_display(),
                "answer": each.answer,
            }
