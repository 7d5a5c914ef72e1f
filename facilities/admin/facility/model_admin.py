"""Facilities in the admin: a list to find them in, and the page of one (page.py)."""

import re
from dataclasses import dataclass, field

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.urls import path
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ...models import Facility, LegalHold, ListingTag, Proposal, Report, SavedView
from ...models.versioned_cache import versioned_cache
from ...roles import (
    ADD_FACILITY,
    ADD_LEGALHOLD,
    ADD_UPDATELINK,
    EXPORT_FACILITY,
    HIDE_FACILITY,
    VERIFY_FACILITY,
)
from ...text_normalization import normalize_text
from ..mixins import NoAddOrDeleteAdmin
from ..posted import read_primary_key
from ..site import staff_site
from ..spreadsheet.transfer import SpreadsheetPages
from . import legal_hold, numbers, page
from .bulk import bulk_actions
from .list_filters import FACILITY_FILTERS
from .saved_views import saved_view_urls

# A phone number among words, however it is written.
PHONE_NUMBER = re.compile(r"(?<!\d)\(?(\d{3})\)?[-. ]*(\d{3})[-. ]*(\d{4})(?!\d)")
LIST_COLUMNS = (
    "name", "program_name", "city", "state", "phone", "status", "last_verified_on", "code",
)  # fmt: skip


@dataclass(frozen=True)
class _Count:
    """A question for the number of rows of a query; equal to others by its SQL."""

    sql: tuple[str, tuple]
    rows: QuerySet = field(compare=False)


@versioned_cache(maxsize=200)
def _count_rows(asked: _Count) -> int:
    return asked.rows.count()


# Tables that filters ask and that change without a new version of the data.
UNVERSIONED_TABLES = tuple(
    model._meta.db_table for model in (LegalHold, ListingTag, Proposal, Report)
)


class CachedCountPaginator(Paginator):
    """Counts the rows of a list once for each version of the data: PostgreSQL goes through all."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        try:
            sql = rows.query.sql_with_params()
        except EmptyResultSet:  # the conditions cannot hold, so that nothing is asked
            return 0
        if any(table in sql[0] for table in UNVERSIONED_TABLES):
            return rows.count()
        return _count_rows(_Count(sql, rows))


@admin.register(Facility, site=staff_site)
class FacilityAdmin(SpreadsheetPages, NoAddOrDeleteAdmin):
    """Facts are changed on the facility's own page alone: never here, and nothing is deleted."""

    list_display = ("listing", "city", "state", "phone", "status", "last_checked")
    list_display_links = ("listing",)
    list_filter = FACILITY_FILTERS
    actions = (*bulk_actions(), "export_chosen")
    import_export_change_list_template = "admin/facility/list.html"
    ordering = ("name_key", "id")
    paginator = CachedCountPaginator
    search_fields = ("name_key",)
    search_help_text = _(
        "Name, street, city, ZIP code, phone, or the last eight letters of its address"
    )

    def response_action(self, request, queryset):
        """Leave out of the ticked boxes what cannot be a key: somebody wrote it by hand."""
        request.POST = request.POST.copy()
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        request.POST.setlist(ACTION_CHECKBOX_NAME, [key for key in keys if read_primary_key(key)])
        return super().response_action(request, queryset)

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
        text = search_term.replace("\0", "")
        for groups in PHONE_NUMBER.findall(text):
            queryset = queryset.with_phone("".join(groups))
        for word in PHONE_NUMBER.sub(" ", text).split()[:10]:
            matches = Q(name_key__contains=normalize_text(word)) | Q(city__icontains=word)
            matches |= Q(street__icontains=word) | Q(code=word.lower()) | Q(zip=word)
            queryset = queryset.filter(matches)
        return queryset, False

    def has_add_permission(self, request) -> bool:
        return request.user.has_perm(ADD_FACILITY)

    def has_change_permission(self, request, obj=None) -> bool:
        return request.user.has_perm(VERIFY_FACILITY)

    def has_hide_permission(self, request) -> bool:
        return request.user.has_perm(HIDE_FACILITY)

    def has_ask_permission(self, request) -> bool:
        return request.user.has_perm(ADD_UPDATELINK)

    def changelist_view(self, request, extra_context=None):
        views = {"saved_views": SavedView.objects.order_by("name", "pk")}
        return super().changelist_view(request, views | (extra_context or {}))

    def get_urls(self):
        actions = {
            "revert": ("revert/<int:check>/", page.revert_check, VERIFY_FACILITY),
            "settle": ("proposal/<int:proposal>/", page.resolve_proposal, VERIFY_FACILITY),
            "suspend": ("suspend/", numbers.suspend, VERIFY_FACILITY),
            "restore": (
                "restore/<int:suspended>/",
                numbers.restore_suspended_number,
                VERIFY_FACILITY,
            ),
            "hold": ("hold/", legal_hold.place, ADD_LEGALHOLD),
            "lift": ("hold/<int:hold>/lift/", legal_hold.lift, ADD_LEGALHOLD),
            "everything": ("everything.json", legal_hold.everything, EXPORT_FACILITY),
        }
        own = [
            path(
                f"<int:key>/{route}",
                self.admin_site.page(view, permission),
                name=f"facilities_facility_{name}",
            )
            for name, (route, view, permission) in actions.items()
        ]
        return [*own, *saved_view_urls(self.admin_site), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return page.staff_facility_page(request, object_id, self.admin_site.each_context(request))

    def add_view(self, request, form_url="", extra_context=None):
        return page.new_facility_page(request, self.admin_site.each_context(request))

    def history_view(self, request, object_id, extra_context=None):
        """The page itself holds the history."""
        return page.redirect_to_staff_facility(object_id, "history")
