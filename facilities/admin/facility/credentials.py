"""Credentials in the admin: what was seen, by whom; added from the facility's page."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...curation.credential_checks import confirm_credential, enter_credential
from ...facts.findings import CheckNotRecorded
from ...models import Credential, Facility
from ...resolution.change_log import recording_changes
from ...roles import VERIFY_FACILITY
from ..filters import FacilityAreaFilter
from ..form_errors import error_sentences
from ..mixins import PagedListAdmin
from ..posted import read_primary_key
from ..proposal_answers import SecondCheckForm
from ..site import staff_site
from .page import redirect_to_staff_facility


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


class SecondPersonFilter(admin.SimpleListFilter):
    """Filters by whether a second person has seen the document."""

    title = _("what waits")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("yes", _("a second look"))]

    def queryset(self, request, queryset):
        return queryset.filter(is_confirmed=False) if self.value() == "yes" else queryset


@admin.register(Credential, site=staff_site)
class CredentialAdmin(PagedListAdmin):
    """Whoever saves a credential is the person who saw it; a second person confirms it."""

    form = CredentialForm
    list_display = ("issuer", "number", "kind", "expires_on", "checked_on", "place")
    list_select_related = ("facility",)
    list_filter = (
        FacilityAreaFilter,
        SecondPersonFilter,
        "kind",
        ("expires_on", admin.EmptyFieldListFilter),
    )
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
        return redirect_to_staff_facility(obj.facility_id, "credentials")

    def response_post_save_change(self, request, obj):
        return redirect_to_staff_facility(obj.facility_id, "credentials")

    def save_model(self, request, obj, form, change):
        enter_credential(obj, by=request.user, now=timezone.now())
        messages.info(request, gettext("It is shown once a second person has seen the document."))

    def get_urls(self):
        confirm = self.admin_site.page(self.confirm, VERIFY_FACILITY)
        name = "facilities_credential_confirm"
        return [path("<int:key>/confirm/", confirm, name=name), *super().get_urls()]

    def confirm(self, request, context: dict, key: int) -> HttpResponse:
        credential = get_object_or_404(Credential, pk=key)
        if request.method == "POST":
            form = SecondCheckForm(request.POST)
            for sentence in error_sentences(form) or self._confirm(request, credential, form):
                messages.error(request, sentence)
        return redirect_to_staff_facility(credential.facility_id, "credentials")

    def _confirm(self, request, credential: Credential, form: SecondCheckForm) -> list[str]:
        try:
            confirm_credential(credential, by=request.user, now=timezone.now(), **form.cleaned_data)
        except CheckNotRecorded as error:
            return [str(error)]
        messages.success(request, gettext("Settled."))
        return []

    def has_delete_permission(self, request, obj=None):
        """What a list states would come back with it."""
        is_listed = obj is not None and obj.is_listed
        return not is_listed and super().has_delete_permission(request, obj)

    def delete_model(self, request, obj):
        with recording_changes() as log:
            log.note_fields(obj.facility, ["credentials"])
            super().delete_model(request, obj)
