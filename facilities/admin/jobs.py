"""The pages of background work: what runs, how far it is, and what came of it."""

from dataclasses import dataclass

from django.contrib.messages import constants
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django_tasks import TaskResultStatus

from ..models import Job
from ..operations.jobs import UNFINISHED, is_worker_running
from ..roles import LOAD_RELEASE, VIEW_FACILITY

NEWEST_SHOWN = 50


@dataclass(frozen=True)
class JobView:
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
        path("jobs/", site.admin_view(job_list(site)), name="jobs"),
        path("jobs/<int:key>/", site.admin_view(job_page(site)), name="job"),
    ]


def visible_jobs(user) -> QuerySet:
    """Return all to those who load releases, their own to others. Raises PermissionDenied."""
    if not user.has_perm(VIEW_FACILITY):
        raise PermissionDenied
    jobs = Job.objects.select_related("task", "started_by").order_by("-pk")
    return jobs if user.has_perm(LOAD_RELEASE) else jobs.filter(started_by=user)


def job_list(site):
    @require_safe
    def respond(request) -> HttpResponse:
        jobs = [JobView(job) for job in visible_jobs(request.user)[:NEWEST_SHOWN]]
        context = site.each_context(request) | {
            "title": gettext("Background work"),
            "jobs": jobs,
            "has_worker": is_worker_running(timezone.now()),
        }
        return render(request, "admin/jobs/list.html", context)

    return respond


def job_page(site):
    @require_safe
    def respond(request, key: int) -> HttpResponse:
        job = visible_jobs(request.user).filter(pk=key).first()
        if job is None:
            raise Http404
        view = JobView(job)
        address = view.result.get("address", "")
        if address and not view.sentences:
            return redirect(address)
        context = site.each_context(request) | {
            "title": job.title,
            "view": view,
            "address": address,
            "has_worker": is_worker_running(timezone.now()),
        }
        return render(request, "admin/jobs/page.html", context)

    return respond


def redirect_to_job(job: Job) -> HttpResponse:
    return redirect(reverse("admin:job", args=[job.pk]))
