"""Filters that several staff lists share."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..sources.cleaners import STATES


class StateFilter(admin.SimpleListFilter):
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
