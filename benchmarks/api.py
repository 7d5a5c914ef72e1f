"""How much processor time 50 facilities of the API and of HSDS take, beside a bare view of them.

``DATABASE_URL=… python -m benchmarks.api`` asks both in turns. The bare view is the least that any
API could do: one query for the rows by their keys, and ``JsonResponse``. It reads no parameters and
searches nothing; the API does both. Middleware, server and compression are left out of both.
"""

import json
import os
import time
from collections.abc import Callable
from statistics import median

import django

ROUNDS = 200
SEARCHES = (
    "place=Ohio&medication=methadone&medication=buprenorphine&payment=medicaid",
    "place=11206",
    "payment=medicaid&sort=name",
)
GOAL, HSDS_GOAL = 3, 10


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
    os.environ["API_REQUESTS_PER_MINUTE"] = "0"
    django.setup()

    from django.http import HttpRequest, JsonResponse
    from django.test import RequestFactory
    from django.urls import resolve

    from facilities.models import Facility

    def bare_view(_request: HttpRequest, keys: list[str]) -> JsonResponse:
        rows = [*Facility.objects.filter(uuid__in=keys).values()]
        return JsonResponse({"total": len(rows), "results": rows})

    worst = 0.0
    for search in SEARCHES:
        request = RequestFactory().get(f"/api/v1/facilities/?{search}", HTTP_HOST="localhost")
        view = resolve("/api/v1/facilities/").func
        records = json.loads(view(request).content)["results"]
        keys = [record["uuid"] for record in records]
        times: dict[str, list[float]] = {"api": [], "bare": []}
        for _ in range(ROUNDS):
            times["api"].append(seconds(lambda: view(request)))  # noqa: B023
            times["bare"].append(seconds(lambda: bare_view(request, keys)))  # noqa: B023
        api, bare = median(times["api"]), median(times["bare"])
        worst = max(worst, api / bare)
        print(
            f"{search}: {len(keys)} facilities, API {api * 1000:.2f} ms, "
            f"bare view {bare * 1000:.2f} ms, {api / bare:.2f} times"
        )
    print(f"API beside the bare view, times\t{worst:.2f}\t{GOAL}")
    view, request = resolve("/api/hsds/services").func, RequestFactory().get("/api/hsds/services")
    keys = [service["id"] for service in json.loads(view(request).content)["contents"]]
    hsds, bare_times = [], []
    for _ in range(ROUNDS):
        hsds.append(seconds(lambda: view(request)))
        bare_times.append(seconds(lambda: bare_view(request, keys)))
    times_of_bare = median(hsds) / median(bare_times)
    print(f"HSDS, first page in short: {len(keys)} services, {median(hsds) * 1000:.2f} ms")
    print(f"HSDS beside the bare view, times\t{times_of_bare:.2f}\t{HSDS_GOAL}")


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of this thread."""
    started = time.thread_time()
    work()
    return time.thread_time() - started


if __name__ == "__main__":
    main()
