"""Filters that several staff lists share."""

from django.contrib import admin
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ..sources.cleaners import STATES
from ..web.context_processors import service_area


class USStateFilter(admin.SimpleListFilter):
    """Filters by state: the record's own, or that of ``state_field``.

    With ``state_field`` the filter offers only the states that occur. Without it, it offers all:
    asking the large table of facilities would be slow.
    """

    title = _("state")
    parameter_name = "state"
    state_field = ""

    def lookups(self, request, model_admin):
        if not self.state_field:
            return [(state, state) for state in sorted(STATES)]
        states = model_admin.model.objects.order_by(self.state_field)
        states = states.values_list(self.state_field, flat=True).distinct()
        return [(state, state) for state in states]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(**{self.state_field or "state": self.value()})


class AreaFilter(admin.SimpleListFilter):
    """Shows the service area unless somebody asks for everything; nothing on a site without one.

    ``facility_paths``: what leads from a record to its facilities, of which one must lie in the
    area; "" for facilities themselves.
    """

    title = _("area")
    parameter_name = "area"
    facility_paths: tuple[str, ...] = ("",)

    def lookups(self, request, model_admin):
        return [] if service_area().is_everywhere else [("all", _("everywhere"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": _("our service area")}, *others]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(is_in_service_area(*self.facility_paths))


class FacilityAreaFilter(AreaFilter):
    """The area of the facility that a record is about."""

    facility_paths = ("facility",)


def is_in_service_area(*facility_paths: str) -> Q:
    """Return the condition that one of the facilities lies in the service area."""
    condition = Q()
    for path in facility_paths:
        condition |= service_area().as_q(path)
    return condition


class TextFilter(admin.SimpleListFilter):
    """Filters by words that somebody types in place of a link for each value."""

    template = "admin/filter_by_text.html"
    input_type = "text"
    suggestions: tuple[str, ...] = ()

    def lookups(self, request, model_admin):
        return [("", "")]  # Django leaves out a filter without any

    def choices(self, changelist):
        """Return what the template needs: the other parameters of the address."""
        kept = changelist.get_query_string(remove=[self.parameter_name, "p"])
        return [{"kept": QueryDict(kept.removeprefix("?")).items()}]

    def rows_of(self, value: str) -> Q:
        """Return the condition for what was typed."""
        raise NotImplementedError

    def queryset(self, request, queryset):
        value = (self.value() or "").strip()
        return queryset.filter(self.rows_of(value)) if value else queryset
