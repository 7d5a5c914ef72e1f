"""A long export, made in the background: a person comes back for the file."""

from django.conf import settings
from django.contrib.messages import constants
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from ...curation.spreadsheet.columns import SheetLayout
from ...curation.spreadsheet.formats import FORMATS
from ...curation.spreadsheet.resource import FacilityResource
from ...curation.spreadsheet.uploads import save_sheet
from ...models import Facility, Job
from ...operations.jobs import JobResult, background_task, report_step, start_job
from .forms import ExportForm


def start_export(request, facilities: QuerySet[Facility], form: ExportForm) -> Job:
    return start_job(
        export_sheet,
        gettext("Export to a spreadsheet"),
        by=request.user,
        keys=list(facilities.values_list("pk", flat=True)),
        columns=list(form.layout().keys),
        is_official=form.layout().is_official,
        kind=form.cleaned_data["file"],
    )


@background_task
def export_sheet(job: Job, *, keys: list, columns: list, is_official: bool, kind: str) -> JobResult:
    def show_progress(done: int, total: int) -> None:
        report_step(job, gettext("Writing listings"), done=done, total=total)

    layout = SheetLayout(tuple(columns), is_official)
    resource = FacilityResource(layout, get_language() or "en", show_progress)
    order = ("name_key", "pk")
    file = FORMATS[kind]()
    sheet = resource.export(Facility.objects.filter(pk__in=keys).order_by(*order))
    name = save_sheet([file.export_data(sheet)], settings.UPLOAD_ROOT)
    done = ngettext(
        "The sheet with %(count)d listing is ready. It is kept for a day.",
        "The sheet with %(count)d listings is ready. It is kept for a day.",
        len(keys),
    )
    return JobResult(
        [(constants.SUCCESS, done % {"count": len(keys)})],
        address=reverse("admin:job_file", args=[job.pk]),
        content={"file": name, "name": export_file_name(kind)},
    )


def export_file_name(kind: str) -> str:
    return f"facilities-{timezone.localdate():%Y-%m-%d}.{kind}"
