"""The page of downloads, and the files themselves."""

from datetime import timedelta

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from ..exports.snapshots.files import FILES, FILES_BY_NAME, PACKAGE, README
from ..exports.snapshots.library import LATEST, PublishedSnapshot, SnapshotLibrary
from ..exports.snapshots.remove_private import may_have_become_private_since
from ..exports.snapshots.terms_of_use import TERMS
from ..web.problem_details import problem_response

MEGABYTE = 1_000_000
RETRY_SECONDS = 600  # by then the timer has looked through the snapshots


@require_safe
def published_data_page(request: HttpRequest) -> HttpResponse:
    snapshots = SnapshotLibrary(settings.DATA_DIR).snapshots()
    newest = snapshots[-1] if snapshots else None
    context = {
        "terms": TERMS,
        "newest": newest,
        "is_waiting": newest is not None and may_have_become_private_since(newest.withheld_through),
        "files": _described_files(newest) if newest else (),
        "age": _days_old(newest) if newest else None,
        "earlier": [each.name for each in reversed(snapshots[:-1])],
        "latest": LATEST,
        "package": PACKAGE,
        "readme": README,
    }
    return render(request, "facilities/data/downloads.html", context)


@require_safe
def published_file(request: HttpRequest, snapshot: str, name: str) -> HttpResponse:
    """Send a file; 503 while it may hold an address that became private since it was written."""
    found = SnapshotLibrary(settings.DATA_DIR).find(snapshot)
    if found is None or name not in FILES_BY_NAME or not (found.folder / name).is_file():
        return problem_response(404, "There is no such file. /data/ lists those that there are.")
    if may_have_become_private_since(found.withheld_through):
        return problem_response(
            503,
            "A listing became private. The files are being written again without it.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )
    path = found.folder / name
    status = path.stat()
    tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    response = get_conditional_response(request, etag=tag)
    if response is None:
        kind = FILES_BY_NAME[name].media_type
        is_text = kind.startswith("text/")
        content_type = f"{kind}; charset=utf-8" if is_text else kind
        response = FileResponse(path.open("rb"), content_type=content_type, filename=name)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    return response


def _described_files(snapshot: PublishedSnapshot) -> list[dict]:
    return [
        {"name": file.name, "words": file.words, "size": _size(snapshot, file.name)}
        for file in FILES
        if (snapshot.folder / file.name).is_file()
    ]


def _size(snapshot: PublishedSnapshot, name: str) -> str:
    size = (snapshot.folder / name).stat().st_size
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE / 10 else f"{max(1, size // 1000)} kB"


def _days_old(snapshot: PublishedSnapshot) -> int:
    return (timezone.now() - snapshot.created) // timedelta(days=1)
