"""The list of open conflicts. A person chooses how they know, then decides each by one click."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ...curation import change_warnings
from ...curation.conflicts import ConflictDecision, resolve_conflict
from ...facts.findings import CheckNotRecorded
from ...facts.registry import display_value, fact_label
from ...models import Conflict, Verification
from ...roles import HIDE_FACILITY, VERIFY_FACILITY
from ..filters import FacilityAreaFilter, USStateFilter
from ..form_errors import error_sentences
from ..mixins import ReadOnlyAdmin
from ..proposal_answers import may_decide_fact
from ..site import staff_site

SESSION_KEY = "method of conflicts"  # what the person chose last, kept in the session
FACILITY_COLUMNS = (
    "facility__name", "facility__program_name", "facility__city", "facility__state",
    "facility__code", "facility__phone", "facility__intake_phones", "facility__website",
)  # fmt: skip


class ConflictDecisionForm(forms.Form):
    """How the person knows, and the button pressed: it names a decision and holds a conflict."""

    method = forms.ChoiceField(
        choices=Verification.Method.choices,
        required=False,
        error_messages={"invalid_choice": _("First say how you know.")},
    )

    def __init__(self, data):
        super().__init__(data)
        for decision in ConflictDecision:
            self.fields[decision.value] = forms.ModelChoiceField(
                queryset=Conflict.objects.select_related("facility"),
                required=False,
                label="",
                error_messages={"invalid_choice": _("This conflict is not there any more.")},
            )

    def clean(self):
        super().clean()
        if self.errors:
            return
        pressed = [name for name in ConflictDecision if self.cleaned_data[name]]
        if len(pressed) != 1:
            raise ValidationError(_("Press the button of one conflict."))
        (decision,) = pressed
        if decision != ConflictDecision.ASK and not self.cleaned_data["method"]:
            raise ValidationError(_("First say how you know."))
        self.cleaned_data |= {"decision": decision, "conflict": self.cleaned_data[decision]}


class FactFilter(admin.SimpleListFilter):
    """Filters by fact. Offers only facts that have a conflict."""

    title = _("fact")
    parameter_name = "fact"

    def lookups(self, request, model_admin):
        facts = Conflict.objects.order_by("fact").values_list("fact", flat=True).distinct()
        return [(fact, fact_label(fact, get_language())) for fact in facts]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(fact=self.value().replace("\0", ""))


class FacilityStateFilter(USStateFilter):
    state_field = "facility__state"


def cell_with_heading(heading: str, words: str):
    """Return a cell that names its column where the screen is too narrow for columns."""
    return format_html('<span class="stacked-label">{}: </span>{}', heading, words)


@admin.register(Conflict, site=staff_site)
class ConflictAdmin(ReadOnlyAdmin):
    """A list with buttons; a conflict has no page of its own."""

    list_display = ("place", "label_of_fact", "shown_text", "source_text", "source")
    list_display_links = None
    list_filter = (FacilityAreaFilter, FactFilter, FacilityStateFilter)
    ordering = ("facility__state", "facility__name_key", "facility_id", "fact")
    change_list_template = "admin/releases/conflicts.html"

    def get_queryset(self, request):
        shown = super().get_queryset(request).select_related("facility", "release")
        return shown.only(
            "fact",
            "shown_value",
            "source_value",
            *FACILITY_COLUMNS,
            "release__source",
            "release__edition",
        )

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.has_perm(VERIFY_FACILITY)

    has_module_permission = has_view_permission

    @admin.display(description=_("facility"))
    def place(self, conflict):
        address = reverse("admin:facilities_facility_change", args=[conflict.facility_id])
        return format_html('<a href="{}">{}</a>', address, conflict.facility)

    @admin.display(description=_("fact"), ordering="fact")
    def label_of_fact(self, conflict):
        return fact_label(conflict.fact, get_language())

    @admin.display(description=_("we say"))
    def shown_text(self, conflict):
        return cell_with_heading(_("we say"), display_value(conflict.fact, conflict.shown_value))

    @admin.display(description=_("the file says"))
    def source_text(self, conflict):
        value = display_value(conflict.fact, conflict.source_value)
        cell = cell_with_heading(_("the file says"), value)
        warnings = change_warnings(
            conflict.facility, conflict.fact, conflict.source_value, homes={}
        )
        lines = ((warning,) for warning in warnings)
        return format_html("{}{}", cell, format_html_join("", '<p class="errornote">{}</p>', lines))

    @admin.display(description=_("file"))
    def source(self, conflict):
        return f"{conflict.release.get_source_display()} {conflict.release.edition}"

    def get_list_display(self, request):
        is_editor = request.user.has_perm(HIDE_FACILITY)
        return (*self.list_display, "buttons" if is_editor else "buttons_but_of_status")

    @admin.display(description=_("decide"))
    def buttons(self, conflict):
        return format_html_join(
            " ",
            '<button type="submit" name="{}" value="{}">{}</button>',
            [(decision, conflict.pk, decision.label) for decision in ConflictDecision],
        )

    @admin.display(description=_("decide"))
    def buttons_but_of_status(self, conflict):
        is_status = conflict.fact == "status"
        return gettext("An editor decides this.") if is_status else self.buttons(conflict)

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST":
            if not self.has_view_permission(request):
                raise PermissionDenied
            self._decide(request)
            return HttpResponseRedirect(request.get_full_path())
        chosen = request.session.get(SESSION_KEY, "")
        hows = [(value, words, value == chosen) for value, words in Verification.Method.choices]
        context = {"hows": hows, "title": gettext("Conflicts with the newest files")}
        return super().changelist_view(request, context | (extra_context or {}))

    def _decide(self, request) -> None:
        form = ConflictDecisionForm(request.POST)
        problems = error_sentences(form)
        if method := form.cleaned_data.get("method"):
            request.session[SESSION_KEY] = method
        if problems:
            for sentence in problems:
                messages.error(request, sentence)
            return
        conflict, decision = form.cleaned_data["conflict"], form.cleaned_data["decision"]
        if not may_decide_fact(request.user, conflict.fact):
            raise PermissionDenied
        messages.add_message(
            request, *resolve_with_message(conflict, decision, method, by=request.user)
        )


def resolve_with_message(conflict: Conflict, decision: str, method: str, *, by) -> tuple[int, str]:
    """Return the level and the text of the message for the person."""
    try:
        done = resolve_conflict(conflict, decision, method=method, by=by, now=timezone.now())
    except CheckNotRecorded as error:
        return messages.ERROR, f"{conflict.facility}: {error}"
    if done.proposals:
        sentence = gettext(
            "The changed number waits for a second check; until then it is a conflict."
        )
    elif decision == ConflictDecision.ASK:
        sentence = gettext("It stays a conflict, and the facility is in the queue.")
    else:
        sentence = gettext("Settled.")
    return messages.SUCCESS, f"{conflict.facility}: {sentence}"
