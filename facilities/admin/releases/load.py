"""The pages that upload a release, show what it would change, and load it."""

import hashlib

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus

from ...curation.conflicts import ConflictDecision
from ...models import Job, RowDecision, Verification
from ...operations.jobs import find_job, start_job
from ...roles import HIDE_FACILITY
from ...sources.file_reading import LARGEST_FILE, sha256_of
from .. import uploads
from ..jobs import redirect_to_job
from ..uploads import Upload
from . import tasks
from .preview import restore_preview_content
from .preview_form import PreviewForm
from .seen_data import SeenData, is_preview_still_valid

LIST = "admin:facilities_release_changelist"
MAX_FILES = 100


class FilesInput(forms.ClearableFileInput):
    """Takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One workbook, or the pages of a locator export; a list of files."""

    widget = FilesInput

    def clean(self, data, initial=None) -> list[UploadedFile]:
        files = data or [None]  # the widget returns a list
        checked = [checked_file(super(FilesField, self).clean(file, initial)) for file in files]
        if len(checked) > MAX_FILES:
            raise forms.ValidationError(_("These are too many files."))
        if len(checked) > 1 and not all(is_locator_page(file) for file in checked):
            raise forms.ValidationError(
                _("Only the pages of a locator export (.json) may be several.")
            )
        return checked


class UploadForm(forms.Form):
    """A workbook, perhaps with positions, or a locator export."""

    workbook = FilesField(
        label=_("File"),
        help_text=_(
            "SAMHSA's National Directory, .xlsx, or .csv of the same; or all pages (.json) of an "
            "export of FindTreatment.gov."
        ),
    )
    coordinates = forms.FileField(
        label=_("Coordinates"), required=False, help_text=_("A .csv of positions, if you have one.")
    )
    edition = forms.RegexField(
        r"^\d{4}(-\d{2}-\d{2})?$",
        label=_("Year, or for an export the day (2026-01-31)"),
        required=False,
        help_text=_("Only if the file does not say it."),
    )
    is_partial = forms.BooleanField(
        label=_("It covers a part of the country: withdraw nothing"), required=False
    )

    def clean_coordinates(self):
        file = self.cleaned_data["coordinates"]
        return file and checked_file(file, (".csv",))


def is_locator_page(file: UploadedFile) -> bool:
    return uploads.safe_name(file.name).endswith(".json")


def checked_file(
    file: UploadedFile, endings: tuple[str, ...] = uploads.FILE_ENDINGS
) -> UploadedFile:
    if not uploads.safe_name(file.name).endswith(endings):
        raise forms.ValidationError(_("Choose a file that ends in %s.") % " / ".join(endings))
    if file.size > LARGEST_FILE:
        raise forms.ValidationError(_("This file is too large."))
    return file


def upload_page(request, context: dict) -> HttpResponse:
    uploads.delete_old_uploads(timezone.now())
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        saved = uploads.save_upload(
            form.cleaned_data["workbook"],
            form.cleaned_data["coordinates"],
            edition=form.cleaned_data["edition"],
            is_partial=form.cleaned_data["is_partial"],
        )
        return redirect_to_job(start_preview_job(request, saved))
    context |= {"title": gettext("Load a release"), "form": form}
    return render(request, "admin/releases/upload.html", context)


def start_preview_job(request, upload: Upload) -> Job:
    title = gettext("Before loading: %(file)s") % {"file": upload.file_name}
    return start_job(
        tasks.read_release,
        title,
        by=request.user,
        subject=preview_job_subject(upload),
        token=upload.token,
    )


def preview_job_subject(upload: Upload) -> str:
    """Return what a preview depends on: the file, the data, what was decided, day and language."""
    decisions = RowDecision.objects.filter(sha256=upload_digest(upload))
    decided = tuple(decisions.order_by("row_number").values_list("row_number", "facility_id"))
    parts = (upload, *SeenData.now(), decided, timezone.localdate(), get_language())
    return f"{preview_job_prefix(upload)}{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def preview_job_prefix(upload: Upload) -> str:
    return f"preview-{upload.token}-"


def upload_digest(upload: Upload) -> str:
    """Return the digest under which decisions about rows are kept: that of the reading."""
    return newest_preview_content(upload).get("sha256") or sha256_of(upload.workbook)


def newest_preview_content(upload: Upload) -> dict:
    previews = Job.objects.filter(
        subject__startswith=preview_job_prefix(upload), task__status=TaskResultStatus.SUCCESSFUL
    )
    newest = previews.select_related("task").order_by("-pk").first()
    return newest.task.return_value["content"] if newest else {}


def preview_page(request, token: str, context: dict) -> HttpResponse:
    upload = uploads.find_upload(token)
    if upload is None:
        messages.error(request, gettext("This upload is not there any more: upload it again."))
        return redirect("admin:facilities_release_upload")
    form = PreviewForm(request.POST)
    form.full_clean()
    if form.action == "drop":
        uploads.delete_upload(upload)
        return redirect(LIST)
    if form.action == "load" and _may_load(request, form):
        return redirect_to_job(_start_load(request, upload))
    seen, job = SeenData.now(), find_job(preview_job_subject(upload))
    if job is None or not job.task.return_value or not job.task.return_value["content"]:
        return redirect_to_job(job or start_preview_job(request, upload))
    shown = restore_preview_content(job.task.return_value["content"])
    context |= shown | {
        "title": gettext("Before loading: %(file)s") % {"file": upload.file_name},
        "conflicts": [
            conflict | {"decisions": conflict_decision_choices(form, conflict)}
            for conflict in shown["conflicts"]
        ],
        "is_withdrawal_confirmed": form.is_withdrawal_confirmed,
        "hows": [
            (value, label, value == form.verification_method)
            for value, label in Verification.Method.choices
        ],
        "may_hide": request.user.has_perm(HIDE_FACILITY),
        "seen": str(seen),
    }
    return render(request, "admin/releases/preview.html", context)


def conflict_decision_choices(form: PreviewForm, conflict: dict) -> list[tuple[str, str, bool]]:
    """Return (value, label, whether it is chosen), with the choice of a page that comes back."""
    chosen = form.conflict_decision(conflict["change"]["facility"], conflict["fact"])
    chosen = chosen or ConflictDecision.ASK
    return [(decision, decision.label, decision == chosen) for decision in ConflictDecision]


def _may_load(request, form: PreviewForm) -> bool:
    if not is_preview_still_valid(form.seen_data):
        messages.warning(
            request, gettext("The data were changed by others meanwhile. Look at it once more.")
        )
        return False
    if form.decides_conflicts() and not form.verification_method:
        messages.error(request, gettext("You decided conflicts: say how you know."))
        return False
    return True


def _start_load(request, upload: Upload) -> Job:
    posted = request.POST.copy()
    posted.pop("csrfmiddlewaretoken", None)
    title = gettext("Load %(file)s") % {"file": upload.file_name}
    return start_job(
        tasks.load_release, title, by=request.user, token=upload.token, posted=posted.urlencode()
    )
