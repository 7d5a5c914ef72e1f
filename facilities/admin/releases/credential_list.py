"""The pages that upload a list of licenses or accreditations, show what it adds, and load it."""

import logging
from dataclasses import asdict
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import constants
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...imports.credentials import CredentialReport, load_credentials
from ...models import Credential, Job
from ...operations.jobs import JobResult, background_task, find_job, report_step, start_job
from ...resolution.changes import ImportRefused
from ...sources.credential_list import read_credential_map, read_credentials
from ...sources.rows import UnusableFile
from .. import uploads
from ..jobs import redirect_to_job
from .load import checked_file
from .tasks import upload_gone_result

UPLOAD = "admin:facilities_release_credentials"
PREVIEW = "admin:facilities_release_credentials_preview"
CREDENTIALS = "admin:facilities_credential_changelist"

logger = logging.getLogger(__name__)


class CredentialListForm(forms.Form):
    """A .csv, the map of its columns, and the day on which the list was seen."""

    file = forms.FileField(label=_("File"), help_text=_("A .csv, such as a state publishes."))
    column_map = forms.FileField(
        label=_("Map of the columns"),
        help_text=_("A .toml file that also says kind and issuer: see docs/open-data.md."),
    )
    seen_on = forms.DateField(
        label=_("Day of the list"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_file(self):
        return checked_file(self.cleaned_data["file"], (".csv",))

    def clean_column_map(self):
        return checked_file(self.cleaned_data["column_map"], (".toml",))

    def clean_seen_on(self):
        seen_on = self.cleaned_data["seen_on"]
        if seen_on > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return seen_on


def credential_upload_page(request, context: dict) -> HttpResponse:
    uploads.delete_old_uploads(timezone.now())
    form = CredentialListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        upload = uploads.save_upload(
            [given["file"]], column_map=given["column_map"], edition=given["seen_on"].isoformat()
        )
        return redirect_to_job(_start_reading(request, upload))
    context |= {"title": gettext("Load a list of licenses or accreditations"), "form": form}
    return render(request, "admin/releases/upload.html", context)


def credential_preview_page(request, token: str, context: dict) -> HttpResponse:
    upload = uploads.find_upload(token)
    if upload is None:
        messages.error(request, gettext("This upload is not there any more: upload it again."))
        return redirect(UPLOAD)
    if request.POST.get("do") == "drop":
        uploads.delete_upload(upload)
        return redirect(CREDENTIALS)
    if request.POST.get("do") == "load":
        title = gettext("Load %(file)s") % {"file": upload.file_name}
        job = start_job(load_credential_list, title, by=request.user, token=upload.token)
        return redirect_to_job(job)
    job = find_job(_subject(upload))
    if job is None or not job.task.return_value or not job.task.return_value["content"]:
        return redirect_to_job(job or _start_reading(request, upload))
    context |= {
        "title": gettext("Before loading: %(file)s") % {"file": upload.file_name},
        "report": job.task.return_value["content"],
    }
    return render(request, "admin/releases/credentials.html", context)


def _start_reading(request, upload: uploads.Upload) -> Job:
    title = gettext("Before loading: %(file)s") % {"file": upload.file_name}
    return start_job(
        read_credential_list, title,
        by=request.user, subject=_subject(upload), token=upload.token,
    )  # fmt: skip


def _subject(upload: uploads.Upload) -> str:
    return f"credentials-{upload.token}"


@background_task
def read_credential_list(job: Job, token: str) -> JobResult:
    """Work out what an uploaded list would add and renew."""
    upload = uploads.find_upload(token)
    if upload is None:
        return upload_gone_result(UPLOAD)
    report_step(job, gettext("Reading and comparing"))
    try:
        report = _load(upload, is_dry_run=True)
    except (UnusableFile, ImportRefused) as error:
        logger.warning("An uploaded list was refused (%s).", type(error).__name__)
        uploads.delete_upload(upload)
        return JobResult([(constants.ERROR, str(error))], reverse(UPLOAD))
    return JobResult(address=reverse(PREVIEW, args=[token]), content=asdict(report))


@background_task
def load_credential_list(job: Job, token: str) -> JobResult:
    """Load an uploaded list: all of its usable lines, or nothing."""
    upload = uploads.find_upload(token)
    if upload is None:
        return upload_gone_result(UPLOAD)
    report_step(job, gettext("Comparing and writing"))
    try:
        report = _load(upload, is_dry_run=False)
    except (UnusableFile, ImportRefused) as error:
        return JobResult([(constants.ERROR, str(error))], reverse(PREVIEW, args=[token]))
    except DatabaseError as error:
        logger.warning("A load failed (%s).", type(error).__name__)
        words = gettext("The database is busy. Nothing was changed: try again.")
        return JobResult([(constants.ERROR, words)], reverse(PREVIEW, args=[token]))
    LogEntry.objects.create(
        user=job.started_by,
        content_type=ContentType.objects.get_for_model(Credential),
        object_repr=upload.file_name[:200],
        action_flag=ADDITION,
    )
    uploads.delete_upload(upload)
    sentence = gettext("Loaded: %(added)d added, %(updated)d renewed, %(unchanged)d unchanged.")
    return JobResult([(constants.SUCCESS, sentence % asdict(report))], reverse(CREDENTIALS))


def _load(upload: uploads.Upload, *, is_dry_run: bool) -> CredentialReport:
    on = date.fromisoformat(upload.edition)
    listed = read_credentials(upload.workbook, read_credential_map(upload.column_map), on)
    return load_credentials(listed, on=on, is_dry_run=is_dry_run)
