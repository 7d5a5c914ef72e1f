"""The pages of background work: what runs, how far it is, and what came of it."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django_tasks import TaskResultStatus

from ..curation.spreadsheet.uploads import sheet_path
from ..curation.website_checks.run import MachineOffline
from ..models import Job, LegalHold, ScheduledTaskRun, WebsiteCheck
from ..operations.jobs import (
    UNFINISHED,
    JobResult,
    background_task,
    is_worker_running,
    report_step,
    start_job,
)
from ..operations.website_checks import (
    NoContact,
    due_websites,
    require_contact,
    visit_websites,
)
from ..roles import LOAD_RELEASE, VIEW_FACILITY

NEWEST_SHOWN = 50
WEBSITES_AT_ONCE = 2_000  # half an hour or so; another start goes on


@dataclass(frozen=True)
class JobOnPage:
    """A job as pages show it."""

    job: Job

    @property
    def is_unfinished(self) -> bool:
        return self.job.task.status in UNFINISHED

    @property
    def state(self) -> str:
        states = {
            TaskResultStatus.READY: gettext("waits"),
            TaskResultStatus.RUNNING: gettext("under way"),
            TaskResultStatus.FAILED: gettext("failed"),
            TaskResultStatus.SUCCESSFUL: gettext("done"),
        }
        return states[self.job.task.status]

    @property
    def result(self) -> dict:
        return self.job.task.return_value or {}

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """Return (class of a message, text)."""
        tags = constants.DEFAULT_TAGS
        found = [(tags.get(level, ""), text) for level, text in self.result.get("sentences", ())]
        if self.job.task.status == TaskResultStatus.FAILED:
            words = gettext("An error ended this work. What it had not finished was not kept.")
            found.append((tags[constants.ERROR], words))
        return found


def job_urls(site) -> list:
    return [
        path("jobs/", site.page(job_list, VIEW_FACILITY), name="jobs"),
        path("jobs/timers/", site.page(scheduled_runs, LOAD_RELEASE), name="scheduled_runs"),
        path("jobs/websites/", site.page(check_websites, LOAD_RELEASE), name="check_websites"),
        path("jobs/<int:key>/", site.page(job_page, VIEW_FACILITY), name="job"),
        path("jobs/<int:key>/file/", site.page(job_file, VIEW_FACILITY), name="job_file"),
    ]


def visible_jobs(user) -> QuerySet:
    """Return all to those who load releases, their own to others."""
    jobs = Job.objects.select_related("task", "started_by").order_by("-pk")
    return jobs if user.has_perm(LOAD_RELEASE) else jobs.filter(started_by=user)


@require_safe
def job_list(request, context: dict) -> HttpResponse:
    context |= {
        "title": gettext("Background work"),
        "jobs": [JobOnPage(job) for job in visible_jobs(request.user)[:NEWEST_SHOWN]],
        "has_worker": is_worker_running(timezone.now()),
    }
    return render(request, "admin/jobs/list.html", context)


@require_safe
def job_page(request, context: dict, key: int) -> HttpResponse:
    job = visible_jobs(request.user).filter(pk=key).first()
    if job is None:
        raise Http404
    view = JobOnPage(job)
    address = view.result.get("address", "")
    if address and not view.sentences:
        return redirect(address)
    context |= {
        "title": job.title,
        "view": view,
        "address": address,
        "has_worker": is_worker_running(timezone.now()),
    }
    return render(request, "admin/jobs/page.html", context)


@require_safe
def job_file(request, context: dict, key: int) -> HttpResponse:
    """Send the file that a job made, for as long as it is kept: a day."""
    job = visible_jobs(request.user).filter(pk=key).first()
    content = JobOnPage(job).result.get("content", {}) if job else {}
    if "file" not in content:
        raise Http404
    path = sheet_path(content["file"], settings.UPLOAD_ROOT)
    if not path.exists():
        messages.info(request, gettext("The file is no longer here: make it again."))
        return redirect("admin:jobs")
    return FileResponse(path.open("rb"), as_attachment=True, filename=content["name"])


@require_safe
def scheduled_runs(request, context: dict) -> HttpResponse:
    """Show what the daily deletion did, run by run."""
    runs = ScheduledTaskRun.objects.order_by("-succeeded_at", "-pk")
    context |= {
        "title": gettext("What was deleted, day by day"),
        "page": Paginator(runs, NEWEST_SHOWN).get_page(request.GET.get("page")),
        "notes_kept": settings.STAFF_NOTES_KEPT.days,
        "holds": LegalHold.objects.standing().count(),
    }
    return render(request, "admin/jobs/runs.html", context)


@require_POST
def check_websites(request, context: dict) -> HttpResponse:
    try:
        require_contact()
    except NoContact:
        words = gettext("Webmasters want to know who asks: CONTACT_URL must be set first.")
        messages.error(request, words)
        return redirect("admin:jobs")
    return redirect_to_job(
        start_job(check_due_websites, gettext("Check websites"), by=request.user)
    )


@background_task
def check_due_websites(job: Job) -> JobResult:
    """Visit the websites that were not visited lately."""
    outcomes: Counter[str] = Counter()
    chosen = due_websites(timezone.now(), is_resumed=True, limit=WEBSITES_AT_ONCE)

    def show_progress(_number: int) -> None:
        report_step(job, gettext("Visiting"), done=outcomes.total(), total=len(chosen))

    try:
        visit_websites(chosen, outcomes, show_progress)
    except MachineOffline:
        words = gettext("No website answered: this machine seems to be offline. Nothing was kept.")
        return JobResult([(constants.ERROR, words)])
    counts = [
        f"{outcome.label}: {outcomes[outcome]}"
        for outcome in WebsiteCheck.Outcome
        if outcomes[outcome]
    ]
    return JobResult([(constants.SUCCESS, "; ".join(counts) or gettext("None was due."))])


def redirect_to_job(job: Job) -> HttpResponse:
    return redirect(reverse("admin:job", args=[job.pk]))
