"""Releases in the admin: the list, loading the next one, waiting rows, undoing the newest."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...imports.row_decisions import ambiguous_rows, outdated_rows
from ...imports.undo import count_records_of_people, facilities_added_by, last_loaded_release
from ...models import Facility, Release
from ...operations.jobs import start_job
from ...roles import ADD_ROWDECISION, LOAD_RELEASE, UNDO_RELEASE
from ..jobs import redirect_to_job
from ..mixins import ReadOnlyAdmin
from ..site import staff_site
from . import load, waiting_rows
from .credential_list import credential_preview_page, credential_upload_page
from .local_list import local_list_page
from .publish import publish_data_page
from .tasks import take_back

LIST = "admin:facilities_release_changelist"
MOST_NAMED = 200  # listings that people worked on


class ReleaseUndoForm(forms.Form):
    """The key of the release that the person saw: another may have been loaded since."""

    release = forms.IntegerField(min_value=1)


@admin.register(Release, site=staff_site)
class ReleaseAdmin(ReadOnlyAdmin):
    """A list, and pages of its own for everything that changes one."""

    list_display = (
        "source_name", "edition", "published_on", "file_name", "is_effective", "loaded_by",
        "loaded_at",
    )  # fmt: skip
    list_display_links = ("edition",)
    list_select_related = ("loaded_by",)
    ordering = ("-pk",)
    fields = (
        *list_display, "is_partial", "is_demonstration", "sha256", "counts", "report",
    )  # fmt: skip
    change_list_template = "admin/releases/list.html"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("key_sheet", "counts", "report")

    @admin.display(description=_("Source"), ordering="source")
    def source_name(self, release: Release) -> str:
        return release.get_source_display()

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("load/", wrap(self.upload), name="facilities_release_upload"),
            path("load/list/", wrap(self.local_list), name="facilities_release_local_list"),
            path(
                "load/credentials/", wrap(self.credentials), name="facilities_release_credentials"
            ),
            path(
                "load/credentials/<slug:token>/",
                wrap(self.credentials_preview),
                name="facilities_release_credentials_preview",
            ),
            path("load/<slug:token>/", wrap(self.preview), name="facilities_release_preview"),
            path("undo/", wrap(self.undo), name="facilities_release_undo"),
            path("rows/", wrap(self.rows), name="facilities_release_rows"),
            path("rows/older/", wrap(self.older_rows), name="facilities_release_older_rows"),
            path("publish/", wrap(self.publish), name="facilities_release_publish"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        context = {
            "title": gettext("Releases"),
            "waiting": ambiguous_rows().count(),
            "outdated": outdated_rows().count(),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def upload(self, request) -> HttpResponse:
        return load.upload_page(request, self._context(request, LOAD_RELEASE))

    def local_list(self, request) -> HttpResponse:
        return local_list_page(request, self._context(request, LOAD_RELEASE))

    def credentials(self, request) -> HttpResponse:
        return credential_upload_page(request, self._context(request, LOAD_RELEASE))

    def credentials_preview(self, request, token) -> HttpResponse:
        return credential_preview_page(request, token, self._context(request, LOAD_RELEASE))

    def preview(self, request, token) -> HttpResponse:
        return load.preview_page(request, token, self._context(request, LOAD_RELEASE))

    def rows(self, request) -> HttpResponse:
        context = self._context(request, ADD_ROWDECISION)
        return waiting_rows.ambiguous_rows_page(request, context)

    def older_rows(self, request) -> HttpResponse:
        context = self._context(request, ADD_ROWDECISION)
        return waiting_rows.outdated_rows_page(request, context)

    def publish(self, request) -> HttpResponse:
        return publish_data_page(request, self._context(request, LOAD_RELEASE))

    def undo(self, request) -> HttpResponse:
        context = self._context(request, UNDO_RELEASE)
        release = last_loaded_release()
        if release is None:
            messages.error(request, gettext("No release is loaded."))
            return redirect(LIST)
        if request.method == "POST":
            form = ReleaseUndoForm(request.POST)
            if form.is_valid():
                title = gettext("Take back the newest release")
                key = form.cleaned_data["release"]
                return redirect_to_job(start_job(take_back, title, by=request.user, release=key))
            messages.error(request, gettext("This page is too old. Look at it again."))
            return redirect(LIST)
        added = facilities_added_by(release)
        worked = count_records_of_people(added)
        kept = Facility.objects.filter(pk__in=sorted(worked)[:MOST_NAMED])
        context |= {
            "title": gettext("Take back the newest release"),
            "release": release,
            "brought": len(added) - len(worked),
            "worked": len(worked),
            "kept": [(each, worked[each.pk]) for each in kept.order_by("name_key", "pk")],
        }
        return render(request, "admin/releases/undo.html", context)

    def _context(self, request, permission: str) -> dict:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return self.admin_site.each_context(request) | {"opts": self.opts}
