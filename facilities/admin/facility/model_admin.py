"""Facilities in the admin: a list to find them in, and the page of one (page.py)."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ...models import Conflict, Facility
from ...models.lookups import offers_any
from ...models.versioned_cache import versioned_cache
from ...places.service_area import UnknownServiceArea, read_service_area
from ...roles import ADD_FACILITY, VERIFY_FACILITY
from ...rules.freshness import max_age
from ...taxonomy import VOCABULARY, ServiceSet
from ...text_normalization import normalize
from ..filters import AreaFilter, StateFilter, TextFilter
from ..mixins import ListAdmin
from ..site import staff_site
from ..spreadsheet.transfer import SpreadsheetPages
from . import numbers, page
from .bulk import bulk_actions

LIST_COLUMNS = (
    "name", "program_name", "city", "state", "phone", "status", "last_verified_on", "code",
)  # fmt: skip


class CheckedFilter(admin.SimpleListFilter):
    """Filters by whether the last check is older than the shelf life of a phone number."""

    title = _("last checked")
    parameter_name = "checked"

    def lookups(self, request, model_admin):
        return [
            ("never", _("never")),
            ("fresh", _("within the shelf life of a number")),
            ("stale", _("longer ago")),
        ]

    def queryset(self, request, queryset):
        edge = timezone.localdate() - max_age("phone") - timedelta(days=1)
        conditions = {
            "never": Q(last_verified_on__isnull=True),
            "fresh": Q(last_verified_on__gt=edge),
            "stale": Q(last_verified_on__lte=edge),
        }
        return queryset.filter(conditions.get(self.value(), Q()))


class CountyFilter(TextFilter):
    """Filters by a county or state as people write it: "Travis County, TX"."""

    title = _("county")
    parameter_name = "county"

    def rows_of(self, value: str) -> Q:
        try:
            return read_service_area([value]).as_q()
        except UnknownServiceArea:
            return Q(pk__in=[])


class ServiceFilter(TextFilter):
    """Filters by a service, by its label in the reader's language or its slug."""

    title = _("service")
    parameter_name = "service"

    @property
    def suggestions(self) -> list[str]:
        return sorted(service.label(get_language()) for service in VOCABULARY)

    def rows_of(self, value: str) -> Q:
        wanted = normalize(value)
        named = [
            service
            for service in VOCABULARY
            if wanted in (normalize(service.label(get_language())), normalize(service.slug))
        ]
        return offers_any(ServiceSet.of(*named))


class ConflictFilter(admin.SimpleListFilter):
    """Filters by whether the newest file disagrees with what we show."""

    title = _("conflict")
    parameter_name = "conflict"

    def lookups(self, request, model_admin):
        return [("yes", _("in conflict with a file"))]

    def queryset(self, request, queryset):
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=Conflict.objects.values("facility"))


@dataclass(frozen=True)
class _Count:
    """A question for the number of rows of a query; equal to others by its SQL."""

    sql: tuple[str, tuple]
    rows: QuerySet = field(compare=False)


@versioned_cache(maxsize=200)
def _count_rows(asked: _Count) -> int:
    return asked.rows.count()


class FacilityPaginator(Paginator):
    """Counts the rows of a list once for each version of the data: PostgreSQL goes through all."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        try:
            sql = rows.query.sql_with_params()
        except EmptyResultSet:  # the conditions cannot hold, so that nothing is asked
            return 0
        return _count_rows(_Count(sql, rows))


@admin.register(Facility, site=staff_site)
class FacilityAdmin(SpreadsheetPages, ListAdmin):
    """Facts are changed on the facility's own page alone: never here, and nothing is deleted."""

    list_display = ("listing", "city", "state", "phone", "status", "last_checked")
    list_display_links = ("listing",)
    list_filter = (
        AreaFilter,
        CountyFilter,
        ServiceFilter,
        "status",
        CheckedFilter,
        ConflictFilter,
        StateFilter,
    )
    actions = bulk_actions()
    ordering = ("name_key", "id")
    paginator = FacilityPaginator
    search_fields = ("name_key",)
    search_help_text = _(
        "Name, street, city, ZIP code, phone, or the last eight letters of its address"
    )

    def get_queryset(self, request):
        return super().get_queryset(request).filter(merged_into__isnull=True).only(*LIST_COLUMNS)

    @admin.display(description=_("Name"), ordering="name_key")
    def listing(self, facility: Facility) -> str:
        if not facility.program_name:
            return facility.name
        return format_html("{}, <small>{}</small>", facility.name, facility.program_name)

    @admin.display(description=_("Last checked"), ordering="last_verified_on")
    def last_checked(self, facility: Facility):
        return facility.last_verified_on or _("never")

    def get_search_results(self, request, queryset, search_term):
        """Find facilities that match every word, whatever its case, accents and punctuation."""
        for word in search_term.replace("\0", "").split()[:10]:
            digits = "".join(sign for sign in word if sign.isdigit())
            matches = Q(name_key__contains=normalize(word)) | Q(city__icontains=word)
            matches |= Q(street__icontains=word) | Q(code=word.lower()) | Q(zip=word)
            if len(digits) == 10:
                matches |= Q(phone=f"{digits[:3]}-{digits[3:6]}-{digits[6:]}")
            queryset = queryset.filter(matches)
        return queryset, False

    def has_add_permission(self, request) -> bool:
        return request.user.has_perm(ADD_FACILITY)

    def has_change_permission(self, request, obj=None) -> bool:
        return request.user.has_perm(VERIFY_FACILITY)

    def get_urls(self):
        actions = {
            "revert": ("revert/<int:check>/", page.revert_check),
            "settle": ("proposal/<int:proposal>/", page.resolve_proposal),
            "suspend": ("suspend/", numbers.suspend),
            "restore": ("restore/<int:suspended>/", numbers.restore),
        }
        own = [
            path(
                f"<int:key>/{route}",
                self.admin_site.page(view, VERIFY_FACILITY),
                name=f"facilities_facility_{name}",
            )
            for name, (route, view) in actions.items()
        ]
        return own + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return page.facility_page(request, object_id, self.admin_site.each_context(request))

    def add_view(self, request, form_url="", extra_context=None):
        return page.new_facility_page(request, self.admin_site.each_context(request))

    def history_view(self, request, object_id, extra_context=None):
        """The page itself holds the history."""
        return page.redirect_to_facility(object_id, "history")
