"""Credentials in the admin: what was seen, by whom; added from the facility's page."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...models import Credential, Facility
from ...resolution.change_log import recording_changes
from ..mixins import PagedListAdmin
from ..posted import read_primary_key
from ..site import staff_site
from .page import redirect_to_facility

KEY = ("facility", "kind", "issuer", "number")


class CredentialForm(forms.ModelForm):
    """Labels as on the paper; the facility comes from the page, nobody types it."""

    proof_url = forms.URLField(
        label=_("Link to the proof"), max_length=500, required=False, assume_scheme="https"
    )

    class Meta:
        model = Credential
        fields = (
            "facility", "kind", "issuer", "number", "scope", "issued_on", "expires_on", "proof_url",
            "checked_on",
        )  # fmt: skip
        widgets = {"facility": forms.HiddenInput}
        labels = {
            "kind": _("Kind"),
            "issuer": _("Who issued it"),
            "number": _("Number"),
            "scope": _("What it covers"),
            "issued_on": _("Issued on"),
            "expires_on": _("Expires on"),
            "checked_on": _("You saw it on"),
        }
        help_texts = {"issuer": ""}


@admin.register(Credential, site=staff_site)
class CredentialAdmin(PagedListAdmin):
    """Whoever saves a credential is the person who saw it."""

    form = CredentialForm
    list_display = ("issuer", "number", "kind", "expires_on", "checked_on", "place")
    list_select_related = ("facility",)
    list_filter = ("kind", ("expires_on", admin.EmptyFieldListFilter))
    search_fields = ("issuer", "number", "facility__name_key")
    ordering = ("expires_on", "pk")

    @admin.display(description=_("Facility"), ordering="facility__name_key")
    def place(self, credential: Credential) -> str:
        return str(credential.facility)

    def get_changeform_initial_data(self, request):
        return {"checked_on": timezone.localdate()} | super().get_changeform_initial_data(request)

    def add_view(self, request, form_url="", extra_context=None):
        """A credential is added from the page of its facility only."""
        key = request.POST.get("facility") or request.GET.get("facility") or ""
        facility = Facility.objects.filter(pk=read_primary_key(key)).first()
        if facility is None and self.has_add_permission(request):
            messages.info(request, gettext("Find the facility: a credential is added on its page."))
            return redirect("admin:facilities_facility_changelist")
        title = {"title": f"{gettext('Add a credential')}: {facility}"}
        return super().add_view(request, form_url, title | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        credential = self.get_object(request, object_id)
        title = {"title": str(credential.facility), "subtitle": None} if credential else {}
        return super().change_view(request, object_id, form_url, title | (extra_context or {}))

    def response_post_save_add(self, request, obj):
        return redirect_to_facility(obj.facility_id, "credentials")

    def response_post_save_change(self, request, obj):
        return redirect_to_facility(obj.facility_id, "credentials")

    def save_model(self, request, obj, form, change):
        with recording_changes() as log:
            obj.checked_by, obj.source, obj.is_listed = request.user, "", False
            super().save_model(request, obj, form, change)
            self._drop_what_lists_say_of_it(obj)
            shown_by = {obj.facility_id, form.initial.get("facility", obj.facility_id)}
            for facility in Facility.objects.filter(pk__in=shown_by):
                log.note_fields(facility, ["credentials"])

    def _drop_what_lists_say_of_it(self, credential: Credential) -> None:
        Credential.objects.filter(
            is_listed=True, **{name: getattr(credential, name) for name in KEY}
        ).delete()

    def has_delete_permission(self, request, obj=None):
        """What a list states would come back with it."""
        is_listed = obj is not None and obj.is_listed
        return not is_listed and super().has_delete_permission(request, obj)

    def delete_model(self, request, obj):
        with recording_changes() as log:
            log.note_fields(obj.facility, ["credentials"])
            super().delete_model(request, obj)
