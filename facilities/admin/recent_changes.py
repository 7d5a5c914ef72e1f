"""What staff changed lately, over all listings and people, and the numbers of each person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ..facts.registry import display_value, fact_label
from ..models import Call, Proposal, Verification
from ..places.service_area import ServiceArea
from ..roles import VERIFY_FACILITY
from ..web.context_processors import service_area
from .filters import FacilityAreaFilter
from .mixins import ReadOnlyAdmin
from .site import staff_site

NUMBERS_OF = timedelta(days=90)


class PersonFilter(admin.SimpleListFilter):
    """Filters by who checked."""

    title = _("person")
    parameter_name = "by"

    def lookups(self, request, model_admin):
        people = get_user_model().objects.filter(is_staff=True).order_by("username", "pk")
        return [(str(user.pk), user.username) for user in people]

    def queryset(self, request, queryset):
        keys = {key for key, _name in self.lookup_choices}
        if not self.value():
            return queryset
        return queryset.filter(checked_by=self.value() if self.value() in keys else None)


class RevertedFilter(admin.SimpleListFilter):
    """Filters by whether a change was taken back."""

    title = _("taken back")
    parameter_name = "taken_back"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(reverted_at__isnull=self.value() == "no")


@admin.register(Verification, site=staff_site)
class RecentChangesAdmin(ReadOnlyAdmin):
    """Every check, newest first. It is undone on the page of its facility, which asks why."""

    change_list_template = "admin/recent_changes/list.html"
    list_display = ("checked_at", "place", "label_of_fact", "change", "checked_by", "state")
    list_display_links = None
    list_filter = (FacilityAreaFilter, PersonFilter, "outcome", RevertedFilter)
    list_select_related = ("facility", "checked_by", "reverted_by")
    ordering = ("-pk",)  # the order of recording, by the primary key

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.has_perm(VERIFY_FACILITY)

    has_module_permission = has_view_permission

    def get_urls(self) -> list:
        people = self.admin_site.admin_view(self.people)
        return [path("people/", people, name="people"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None) -> HttpResponse:
        title = {"title": gettext("Recent changes")}
        return super().changelist_view(request, title | (extra_context or {}))

    def history_view(self, request, object_id, extra_context=None) -> HttpResponse:
        """The list is the history."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:facilities_verification_changelist")

    @admin.display(description=_("facility"))
    def place(self, check: Verification) -> str:
        address = reverse("admin:facilities_facility_change", args=[check.facility_id])
        return format_html('<a href="{}#history">{}</a>', address, check.facility)

    @admin.display(description=_("fact"))
    def label_of_fact(self, check: Verification) -> str:
        return fact_label(check.fact, get_language())

    @admin.display(description=_("change"))
    def change(self, check: Verification) -> str:
        after = display_value(check.fact, check.value_after)
        if check.outcome != Verification.Outcome.CORRECTED:
            return format_html("{}: {}", check.get_outcome_display(), after)
        before = display_value(check.fact, check.value_before)
        return format_html("<del>{}</del> → <ins>{}</ins>", before, after)

    @admin.display(description=_("undo"))
    def state(self, check: Verification) -> str:
        if check.reverted_at:
            who = check.reverted_by.username if check.reverted_by else ""
            return gettext("taken back by %(who)s") % {"who": who}
        address = reverse("admin:facilities_facility_change", args=[check.facility_id])
        return format_html('<a href="{}#history">{}</a>', address, gettext("Take back"))

    def people(self, request) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": gettext("Who checked how much"),
            "people": count_work_by_person(timezone.now() - NUMBERS_OF, service_area()),
            "is_everywhere": service_area().is_everywhere,
            "days": NUMBERS_OF.days,
            "opts": self.opts,
        }
        return render(request, "admin/recent_changes/people.html", context)


@dataclass(frozen=True)
class PersonStatistics:
    """The work of one person since some day.

    ``agreed``, ``disagreed``: numbers that this person proposed and a second person confirmed or
    refused. ``reverted``: checks that somebody else took back.
    """

    pk: int
    name: str
    checks: int
    calls: int
    agreed: int
    disagreed: int
    reverted: int


def count_work_by_person(since: datetime, area: ServiceArea) -> list[PersonStatistics]:
    """Return the numbers of everybody who checked something there, by name: no ranking."""
    here = area.as_q("facility")
    checks = Verification.objects.filter(here, checked_at__gte=since, checked_by__isnull=False)
    by_others = Q(reverted_at__isnull=False) & ~Q(reverted_by=F("checked_by"))
    counted = {
        row["checked_by"]: row
        for row in checks.values("checked_by").annotate(
            checks=Count("pk"), reverted=Count("pk", filter=by_others)
        )
    }
    calls = dict(
        Call.objects.filter(here, made_at__gte=since, undone_at=None)
        .values_list("made_by")
        .annotate(Count("pk"))
    )
    second = Proposal.objects.filter(here, settled_at__gte=since, made_by__isnull=False)
    second = second.exclude(settled_by=F("made_by"))
    settled = {
        row["made_by"]: row
        for row in second.values("made_by").annotate(
            agreed=Count("pk", filter=Q(state=Proposal.State.ACCEPTED)),
            disagreed=Count("pk", filter=Q(state=Proposal.State.REFUSED)),
        )
    }
    people = get_user_model().objects.in_bulk({*counted, *calls, *settled} - {None})
    return [
        PersonStatistics(
            pk=user.pk,
            name=user.username,
            checks=counted.get(user.pk, {}).get("checks", 0),
            calls=calls.get(user.pk, 0),
            agreed=settled.get(user.pk, {}).get("agreed", 0),
            disagreed=settled.get(user.pk, {}).get("disagreed", 0),
            reverted=counted.get(user.pk, {}).get("reverted", 0),
        )
        for user in sorted(people.values(), key=lambda user: user.username)
    ]
