"""The page on which an administrator publishes the data as files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from ...operations.jobs import start_job
from ...operations.published_data import snapshot_library
from ..jobs import redirect_to_job
from .tasks import publish


def publish_data_page(request, context: dict) -> HttpResponse:
    if request.method == "POST":
        title = gettext("Publish the data as files")
        return redirect_to_job(start_job(publish, title, by=request.user))
    context |= {
        "title": gettext("Publish the data as files"),
        "newest": snapshot_library().latest(),
    }
    return render(request, "admin/releases/publish.html", context)
