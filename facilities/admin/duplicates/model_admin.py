"""Likely duplicates in the admin: pairs of records, their comparison, and merges to undo."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ...curation.duplicates.detect import detect_duplicates, mark_distinct
from ...curation.duplicates.join import join_listings
from ...curation.duplicates.merge import MergeRefused, undo_merge
from ...facts.findings import MAX_NOTE_LENGTH, CheckNotRecorded
from ...facts.forms import TextField
from ...models import Facility, LikelyPair, Merge, MergeProposal
from ...roles import MERGE_FACILITY
from ..filters import AreaFilter, USStateFilter
from ..form_errors import error_sentences
from ..mixins import ReadOnlyAdmin
from ..posted import read_primary_key
from ..proposal_answers import METHODS, SecondCheckForm
from ..site import staff_site
from .compare import TERM_LABELS, duplicate_comparison

PAIRS, MERGES = (
    "admin:facilities_likelypair_changelist",
    "admin:facilities_merge_changelist",
)
PAIR_COLUMNS = tuple(
    f"{side}__{fact}"
    for side in ("first", "second", "kept", "absorbed")
    for fact in ("name", "program_name", "city", "state", "code", "street", "phone", "status")
)


class PairDecisionForm(SecondCheckForm):
    """Which of two records to keep, or that they are two facilities; and how one knows."""

    do = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("first", _("One: keep the left")),
            ("second", _("One: keep the right")),
            ("apart", _("These are two")),
        ],
    )
    note = TextField(label=_("Note"), max_length=MAX_NOTE_LENGTH, required=False)


class EditorOnlyAdmin(ReadOnlyAdmin):
    """A list for people who may merge records."""

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.has_perm(MERGE_FACILITY)

    def has_module_permission(self, request) -> bool:
        return request.user.has_perm(MERGE_FACILITY)


class PairAreaFilter(AreaFilter):
    facility_paths = ("first", "second")


class MergeAreaFilter(AreaFilter):
    facility_paths = ("kept", "absorbed")


class FirstStateFilter(USStateFilter):
    state_field = "first__state"


@admin.register(LikelyPair, site=staff_site)
class LikelyPairAdmin(EditorOnlyAdmin):
    """The pairs of the last search, the likeliest first."""

    list_display = ("score", "one", "other", "why")
    list_display_links = None
    list_select_related = ("first", "second")
    list_filter = (PairAreaFilter, FirstStateFilter)
    ordering = ("-score", "first_id", "second_id")
    change_list_template = "admin/duplicates/list.html"

    def get_queryset(self, request):
        pairs = super().get_queryset(request)
        shown = [name for name in PAIR_COLUMNS if name.startswith(("first", "second"))]
        return (
            pairs.filter(first__merged_into__isnull=True, second__merged_into__isnull=True)
            .select_related("first", "second")
            .only("score", "terms", "found_at", *shown)
        )

    @admin.display(description=_("one"))
    def one(self, pair):
        address = reverse("admin:facilities_likelypair_compare")
        address = f"{address}?first={pair.first.code}&second={pair.second.code}"
        return format_html('<a href="{}">{}</a><br>{}', address, pair.first, _where(pair.first))

    @admin.display(description=_("the other"))
    def other(self, pair):
        return format_html("{}<br>{}", pair.second, _where(pair.second))

    @admin.display(description=_("why"))
    def why(self, pair):
        return "; ".join(
            f"{TERM_LABELS.get(term, term)} {points:+}" for term, points in pair.terms.items()
        )

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("compare/", wrap(self.compare), name="facilities_likelypair_compare"),
            path("search/", wrap(self.search), name="facilities_likelypair_search"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        newest = LikelyPair.objects.order_by("pk").values_list("found_at", flat=True).first()
        context = {"title": gettext("Likely duplicates"), "found_at": newest}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        raise Http404

    def search(self, request) -> HttpResponse:
        _require_editor(request)
        if request.method == "POST":
            count = len(detect_duplicates(now=timezone.now()))
            sentence = ngettext("%(count)d likely pair.", "%(count)d likely pairs.", count)
            messages.success(request, sentence % {"count": count})
        return redirect(PAIRS)

    def compare(self, request) -> HttpResponse:
        _require_editor(request)
        first, second = (_facility_in_query(request, side) for side in ("first", "second"))
        if not first or not second or first == second:
            messages.error(request, gettext("Name two listings by the ends of their addresses."))
            return redirect(PAIRS)
        form = PairDecisionForm(request.POST if request.method == "POST" else None)
        if form.is_bound:
            problems = error_sentences(form)
            if not problems:
                try:
                    return decide_pair(request, first, second, form)
                except (MergeRefused, CheckNotRecorded) as error:
                    problems = [str(error)]
            for sentence in problems:
                messages.error(request, sentence)
        context = self.admin_site.each_context(request) | duplicate_comparison(first, second)
        context |= {"title": gettext("One facility or two?"), "opts": self.opts, "form": form}
        context |= {"methods": METHODS, "waiting": waiting_merge_proposals(first, second)}
        status = 409 if form.is_bound else 200
        return render(request, "admin/duplicates/compare.html", context, status=status)


@admin.register(Merge, site=staff_site)
class MergeAdmin(EditorOnlyAdmin):
    """Merges, the newest first."""

    list_display = ("made_at", "kept", "absorbed", "made_by", "note", "undone_at", "back")
    list_display_links = None
    list_filter = (MergeAreaFilter,)
    ordering = ("-pk",)
    change_list_template = "admin/duplicates/merges.html"

    def get_queryset(self, request):
        shown = [name for name in PAIR_COLUMNS if name.startswith(("kept", "absorbed"))]
        merges = super().get_queryset(request).select_related("kept", "absorbed", "made_by")
        return merges.only("made_at", "note", "undone_at", "made_by__username", *shown)

    @admin.display(description=_("take back"))
    def back(self, merged):
        if merged.undone_at:
            return ""
        return format_html(
            '<button type="submit" name="undo" value="{}">{}</button>',
            merged.pk, gettext("Take apart again"),
        )  # fmt: skip

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST":
            _require_editor(request)
            _undo(request)
            return redirect(MERGES)
        context = {"title": gettext("Joined listings")}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        raise Http404


def _require_editor(request) -> None:
    if not request.user.has_perm(MERGE_FACILITY):
        raise PermissionDenied


def _where(facility: Facility) -> str:
    return f"{facility.street}; {facility.phone}; {facility.get_status_display()}"


def _facility_in_query(request, side: str) -> Facility | None:
    words = request.GET.get(side, "").replace("\0", "").strip().rstrip("/")
    return Facility.objects.filter(code=words[-8:].lower()).first() if words else None


def decide_pair(request, first: Facility, second: Facility, form: PairDecisionForm) -> HttpResponse:
    now, decision = timezone.now(), form.cleaned_data["do"]
    if decision == "apart":
        mark_distinct(first, second, by=request.user, now=now)
        messages.success(request, gettext("They are two. They are not proposed again."))
        return redirect(PAIRS)
    kept, absorbed = (first, second) if decision == "first" else (second, first)
    evidence = {name: form.cleaned_data[name] for name in ("method", "evidence_url", "note")}
    done = join_listings(kept, absorbed, by=request.user, now=now, **evidence)
    if isinstance(done, MergeProposal):
        messages.info(
            request,
            gettext(
                "Joining these would change a number, an address or what is listed: it waits for"
                " a second person."
            ),
        )
        return redirect(request.get_full_path())
    messages.success(
        request,
        gettext(
            "Joined. The other address leads here. You can take this back under “Joined listings”."
        ),
    )
    return redirect("admin:facilities_facility_change", kept.pk)


def waiting_merge_proposals(first: Facility, second: Facility) -> QuerySet[MergeProposal]:
    pair = (first, second)
    waiting = MergeProposal.objects.filter(kept__in=pair, absorbed__in=pair)
    return waiting.select_related("kept", "made_by").order_by("pk")


def _undo(request) -> None:
    key = request.POST.get("undo", "")
    merged = get_object_or_404(Merge, pk=read_primary_key(key))
    try:
        undo_merge(merged, now=timezone.now())
    except MergeRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("They are two listings again, each with what it had."))
