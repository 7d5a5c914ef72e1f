"""What stays on a visitor's device: the worker that reads it without a connection, and clearing."""

import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from ..web.context_processors import language_codes
from ..web.public_form import public_form


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Stands at the root, because a worker may answer for no address above its own."""
    _default, *others = language_codes()
    script = _worker().replace("const LANGUAGES = [];", f"const LANGUAGES = {json.dumps(others)};")
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@cache
def _worker() -> str:
    return Path(finders.find("facilities/worker.js")).read_text(encoding="utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "facilities/offline/offline.html")


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def clear_device_data(request: HttpRequest) -> HttpResponse:
    """Show what is kept on the device, and a button that makes the browser delete it.

    A form opened long ago clears too: whoever presses the button means it.
    """
    if request.method != "POST":
        return render(request, "facilities/offline/clear.html")
    answer = render(request, "facilities/offline/cleared.html")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
