"""Which answers a client may keep: until the data, the software, the language or the day change."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from ..models import DataVersion

SAFE = ("GET", "HEAD")


def current_etag(*more: str) -> str:
    """Return the entity tag of all answers now; ``more``: what else this one depends on.

    The day counts because answers tell ages.
    """
    version = DataVersion.current()
    parts = (
        str(version.number), version.token, settings.SOFTWARE_VERSION, get_language() or "",
        f"{timezone.localdate():%Y%m%d}",
    )  # fmt: skip
    if more:
        parts = (*parts, hashlib.sha256("\0".join(more).encode()).hexdigest()[:12])
    return f'W/"{".".join(parts)}"'


def with_version_etag(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 304 without work where the client has this answer; tag what is answered.

    The tag is read before the data: an answer may be newer than its tag, never older.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method not in SAFE:
            response = view(request, *args, **kwargs)
            response.headers["Cache-Control"] = "no-store"
            return response
        tag = current_etag()
        held = get_conditional_response(request, etag=tag)
        response = view(request, *args, **kwargs) if held is None else held
        return set_etag(response, tag)

    return answer


def set_etag(response: HttpResponse, tag: str) -> HttpResponse:
    if response.status_code in (200, 304):
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "private, no-cache"
    return response
