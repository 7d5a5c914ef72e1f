"""Credentials in the admin: what was seen, by whom; added from the facility's page."""

from django.contrib import admin
from django.db.models import URLField
from django.utils import timezone

from ..models import Credential, DataVersion
from .site import staff_site


@admin.register(Credential, site=staff_site)
class CredentialAdmin(admin.ModelAdmin):
    """Who saw it is who saves it."""

    list_display = ("body", "number", "kind", "expires_on", "checked_on", "facility")
    list_select_related = ("facility",)
    list_filter = ("kind", ("expires_on", admin.EmptyFieldListFilter))
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("body", "number", "facility__name_key")
    ordering = ("expires_on", "pk")
    raw_id_fields = ("facility",)
    exclude = ("checked_by",)
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    actions = None

    def get_changeform_initial_data(self, request):
        return {"checked_on": timezone.localdate()} | super().get_changeform_initial_data(request)

    def save_model(self, request, obj, form, change):
        obj.checked_by = request.user
        super().save_model(request, obj, form, change)
        DataVersion.bump()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        DataVersion.bump()
