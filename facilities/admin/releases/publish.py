"""The page on which an administrator publishes the data as files."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from ...exports.snapshots.library import AlreadyPublishing
from ...operations.published_data import library, publish_data

PAGE = "admin:facilities_release_publish"


def publish_page(request, context: dict) -> HttpResponse:
    if request.method == "POST":
        _publish(request)
        return redirect(PAGE)
    context |= {"title": gettext("Publish the data as files"), "newest": library().latest()}
    return render(request, "admin/releases/publish.html", context)


def _publish(request) -> None:
    try:
        done = publish_data(timezone.now())
    except AlreadyPublishing:
        messages.error(request, gettext("Somebody else is publishing at the moment."))
        return
    except OSError:
        messages.error(request, gettext("The files could not be written. Nothing was published."))
        return
    if done.snapshot:
        words = {"name": done.snapshot.name, "number": done.facilities}
        messages.success(request, gettext("Published %(name)s: %(number)d facilities.") % words)
    else:
        messages.info(request, gettext("Nothing changed since the newest files."))
    if done.rewritten:
        messages.info(request, gettext("What became private was taken out of the older files."))
