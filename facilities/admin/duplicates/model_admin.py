"""Likely duplicates in the admin: the pairs, two records side by side, and merges to take back."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ...curation.duplicates.detect import detect_duplicates, mark_distinct
from ...curation.duplicates.merge import MergeRefused, merge, undo_merge
from ...models import Facility, LikelyPair, Merge
from ...roles import MERGE_FACILITY
from ..filters import StateFilter
from ..mixins import ReadOnlyAdmin
from ..posted import read_key
from ..site import staff_site
from .compare import TERMS, side_by_side

PAIRS, MERGES = (
    "admin:facilities_likelypair_changelist",
    "admin:facilities_merge_changelist",
)
SHOWN = tuple(
    f"{side}__{fact}"
    for side in ("first", "second", "kept", "absorbed")
    for fact in ("name", "program_name", "city", "state", "code", "street", "phone", "status")
)


class EditorOnlyAdmin(ReadOnlyAdmin):
    """Seen by those who may join listings."""

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.has_perm(MERGE_FACILITY)

    def has_module_permission(self, request) -> bool:
        return request.user.has_perm(MERGE_FACILITY)


class FirstStateFilter(StateFilter):
    """By state, among those that have a pair."""

    state_field = "first__state"


@admin.register(LikelyPair, site=staff_site)
class LikelyPairAdmin(EditorOnlyAdmin):
    """The pairs of the last search, likeliest first."""

    list_display = ("score", "one", "other", "why")
    list_display_links = None
    list_select_related = ("first", "second")
    list_filter = (FirstStateFilter,)
    ordering = ("-score", "first_id", "second_id")
    change_list_template = "admin/duplicates/list.html"

    def get_queryset(self, request):
        pairs = super().get_queryset(request)
        shown = [name for name in SHOWN if name.startswith(("first", "second"))]
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
            f"{TERMS.get(term, term)} {points:+}" for term, points in pair.terms.items()
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
            found = len(detect_duplicates(now=timezone.now()))
            said = ngettext("%(count)d likely pair.", "%(count)d likely pairs.", found)
            messages.success(request, said % {"count": found})
        return redirect(PAIRS)

    def compare(self, request) -> HttpResponse:
        """Two records, named by the last part of their addresses."""
        _require_editor(request)
        first, second = (_named(request, side) for side in ("first", "second"))
        if not first or not second or first == second:
            messages.error(request, gettext("Name two listings by the ends of their addresses."))
            return redirect(PAIRS)
        if request.method == "POST":
            return _decide(request, first, second)
        context = self.admin_site.each_context(request) | side_by_side(first, second)
        context |= {"title": gettext("One facility or two?"), "opts": self.opts}
        return render(request, "admin/duplicates/compare.html", context)


@admin.register(Merge, site=staff_site)
class MergeAdmin(EditorOnlyAdmin):
    """What was joined, newest first."""

    list_display = ("made_at", "kept", "absorbed", "made_by", "note", "undone_at", "back")
    list_display_links = None
    ordering = ("-pk",)
    change_list_template = "admin/duplicates/merges.html"

    def get_queryset(self, request):
        shown = [name for name in SHOWN if name.startswith(("kept", "absorbed"))]
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


def _named(request, side: str) -> Facility | None:
    words = request.GET.get(side, "").replace("\0", "").strip().rstrip("/")
    return Facility.objects.filter(code=words[-8:].lower()).first() if words else None


def _decide(request, first: Facility, second: Facility) -> HttpResponse:
    now, note = timezone.now(), request.POST.get("note", "")[:2_000].replace("\0", "")
    decision = request.POST.get("do", "")
    if decision == "apart":
        mark_distinct(first, second, by=request.user, now=now)
        messages.success(request, gettext("They are two. They are not proposed again."))
        return redirect(PAIRS)
    if decision not in ("first", "second"):
        raise PermissionDenied
    kept, gone = (first, second) if decision == "first" else (second, first)
    try:
        merge(kept, gone, by=request.user, now=now, note=note)
    except MergeRefused as error:
        messages.error(request, str(error))
        return redirect(PAIRS)
    messages.success(
        request,
        gettext(
            "Joined. The other address leads here. You can take this back under “Joined listings”."
        ),
    )
    return redirect("admin:facilities_facility_change", kept.pk)


def _undo(request) -> None:
    key = request.POST.get("undo", "")
    merged = get_object_or_404(Merge, pk=read_key(key))
    try:
        undo_merge(merged, now=timezone.now())
    except MergeRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("They are two listings again, each with what it had."))
