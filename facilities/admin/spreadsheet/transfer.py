"""The pages of export and import, under django-import-export's own addresses.

Nothing here writes a fact: the changes of a sheet are recorded by ``curation.spreadsheet.apply``.
"""

import logging

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME as TICKED
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin

from ...curation.spreadsheet import uploads
from ...curation.spreadsheet.apply import apply_changes
from ...curation.spreadsheet.formats import FORMATS, MAX_CELLS, read_sheet, too_large_message
from ...curation.spreadsheet.resource import FacilityResource
from ...operations.jobs import is_worker_running
from ...roles import VERIFY_FACILITY, VIEW_FACILITY
from ...sources.rows import UnusableFile
from ..jobs import redirect_to_job
from ..posted import read_primary_key
from .export_job import export_file_name, start_export
from .forms import ExportForm, SpreadsheetUploadForm
from .preview import SheetPreview

SALT = "facilities.spreadsheet"
MAX_CELLS_AT_ONCE = 50_000  # of an export that a browser waits for: two seconds or so
PREVIEW_MAX_AGE = 3 * 3600  # seconds between a preview and its import
LISTINGS_PER_REQUEST = 200  # listings imported by one request: about ten seconds

logger = logging.getLogger(__name__)


class SpreadsheetPages(ExportMixin):
    """Adds export and import to the admin of facilities."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(VIEW_FACILITY)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(VERIFY_FACILITY)

    def changelist_view(self, request, extra_context=None):
        allowed = {"has_import_permission": self.has_import_permission(request)}
        return super().changelist_view(request, allowed | (extra_context or {}))

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        own = [
            path("import/", wrap(self.import_action), name="facilities_facility_import"),
            path("import/take/", wrap(self.take_action), name="facilities_facility_take"),
        ]
        return own + super().get_urls()

    def export_action(self, request: HttpRequest) -> HttpResponse:
        if not self.has_export_permission(request):
            raise PermissionDenied
        facilities = self.chosen(request)
        form = ExportForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            layout, matches = form.layout(), form.cleaned_data["search"]
            if matches is not None:
                facilities = facilities.filter(pk__in=matches.order_by().values("pk"))
            cells = facilities.count() * len(layout.keys)
            if cells > MAX_CELLS:
                form.add_error(None, too_large_message())
            elif cells > MAX_CELLS_AT_ONCE and is_worker_running(timezone.now()):
                return redirect_to_job(start_export(request, facilities, form))
            else:
                return export_response(facilities, layout, form.cleaned_data["file"])
        return self._export_page(request, form, facilities)

    @admin.action(description=gettext_lazy("Export to a spreadsheet"), permissions=["export"])
    def export_chosen(self, request: HttpRequest, facilities) -> HttpResponse:
        """Show the export of what was ticked in the list."""
        return self._export_page(request, ExportForm(), facilities)

    def _export_page(self, request: HttpRequest, form: ExportForm, facilities) -> HttpResponse:
        is_of_all_pages = request.POST.get("select_across") == "1"
        more = {
            "form": form,
            "number": facilities.count(),
            "is_filtered": bool(request.GET),
            # Of all pages the address of the list says which.
            "keys": [] if is_of_all_pages else request.POST.getlist(TICKED),
        }
        return self._page(request, "export", _("Export to a spreadsheet"), more)

    def chosen(self, request: HttpRequest):
        """Return what was ticked, or what the list shows under its filters."""
        try:
            facilities = self.get_export_queryset(request).defer(None)
        except IncorrectLookupParameters:
            raise BadRequest("unknown filter") from None
        if ticked := request.POST.getlist(TICKED):
            return facilities.filter(pk__in=[key for key in ticked if read_primary_key(key)])
        return facilities

    def import_action(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = SpreadsheetUploadForm(
            *(request.POST, request.FILES) if request.method == "POST" else ()
        )
        if form.is_bound and form.is_valid():
            upload = form.cleaned_data["sheet"]
            uploads.delete_old_sheets(settings.UPLOAD_ROOT, timezone.now())
            name = uploads.save_sheet(upload.chunks(), settings.UPLOAD_ROOT)
            try:
                return self._preview(request, build_sheet_preview(name, upload.name, request.user))
            except UnusableFile as error:
                logger.warning("An uploaded file was refused (%s).", type(error).__name__)
                uploads.delete_sheet(name, settings.UPLOAD_ROOT)
                form.add_error("sheet", str(error))
        return self._page(request, "import", _("Import a changed spreadsheet"), {"form": form})

    def take_action(self, request: HttpRequest) -> HttpResponse:
        """Record what was previewed, or preview again if the facilities changed since."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect("admin:facilities_facility_import")
        shown = read_signed_preview(request)
        try:
            preview = (
                build_sheet_preview(shown["kept"], shown["name"], request.user) if shown else None
            )
        except UnusableFile:
            preview = None
        if preview is None:
            messages.error(request, _("The file is no longer here. Send it again."))
            return redirect("admin:facilities_facility_import")
        if preview.fingerprint != shown["fingerprint"]:
            messages.warning(request, _("Listings have changed since. Look at the changes again."))
            return self._preview(request, preview)
        return self._take(request, preview)

    def _take(self, request: HttpRequest, preview: SheetPreview) -> HttpResponse:
        part = preview.rows[:LISTINGS_PER_REQUEST]
        taken = apply_changes(part, file_name=preview.name, by=request.user, now=timezone.now())
        for row, why in taken.refused:
            messages.warning(request, _("%(listing)s: %(why)s") % {"listing": row, "why": why})
        if len(preview.rows) > LISTINGS_PER_REQUEST:
            messages.success(request, describe_import(taken))
            return self._preview(
                request, build_sheet_preview(preview.kept, preview.name, request.user)
            )
        uploads.delete_sheet(preview.kept, settings.UPLOAD_ROOT)
        messages.success(request, describe_import(taken))
        return redirect("admin:facilities_facility_changelist")

    def _preview(self, request: HttpRequest, preview: SheetPreview) -> HttpResponse:
        state = {"kept": preview.kept, "name": preview.name, "by": request.user.pk}
        state["fingerprint"] = preview.fingerprint
        more = {
            "preview": preview,
            "state": signing.dumps(state, salt=SALT),
            "at_once": min(LISTINGS_PER_REQUEST, len(preview.rows)),
        }
        return self._page(request, "preview", _("What the file would change"), more)

    def _page(self, request: HttpRequest, name: str, title: str, more: dict) -> HttpResponse:
        context = self.admin_site.each_context(request)
        context |= {"title": title, "opts": self.model._meta} | more
        return render(request, f"admin/import_export/{name}.html", context)


def export_response(facilities, layout, kind: str) -> HttpResponse:
    sheet = FacilityResource(layout, get_language() or "en").export(facilities)
    file = FORMATS[kind]()
    disposition = {"Content-Disposition": f'attachment; filename="{export_file_name(kind)}"'}
    return HttpResponse(
        file.export_data(sheet), content_type=file.get_content_type(), headers=disposition
    )


def build_sheet_preview(name: str, file_name: str, user) -> SheetPreview:
    dataset, layout, unknown = read_sheet(uploads.sheet_path(name, settings.UPLOAD_ROOT), file_name)
    result = FacilityResource(layout).plan(dataset, by=user)
    return SheetPreview(name, file_name, layout, result, unknown, get_language() or "en")


def read_signed_preview(request: HttpRequest) -> dict | None:
    """Return what this person was shown; None if it was another person, or too long ago."""
    try:
        state = signing.loads(request.POST.get("state", ""), salt=SALT, max_age=PREVIEW_MAX_AGE)
    except signing.BadSignature:
        return None
    return state if state["by"] == request.user.pk else None


def describe_import(taken) -> str:
    shown = ngettext(
        "%(count)d fact is shown now.", "%(count)d facts are shown now.", taken.recorded
    )
    waiting = ngettext(
        "%(count)d change waits for a second check.",
        "%(count)d changes wait for a second check.",
        taken.waiting,
    )
    counted = ((shown, taken.recorded), (waiting, taken.waiting))
    sentences = [words % {"count": count} for words, count in counted if count]
    return " ".join([_("Recorded."), *sentences])
