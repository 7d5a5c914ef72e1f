"""Metrics: added up over the processes of gunicorn, for whoever has the token alone."""

import os
import re
import urllib.request

import pytest
from django.http import HttpResponse

from facilities.operations.metrics import metrics

from ..support.live_server import gunicorn

TOKEN = "a-token-of-prometheus-0123456789-abcdef"
REQUESTS = 40


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """The address of a site that measures; it has no database, and these pages need none."""
    folder = tmp_path_factory.mktemp("metrics")
    environment = os.environ | {
        "METRICS_TOKEN": TOKEN,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{folder}/none.sqlite3",
    }
    with gunicorn(environment, folder / "log") as address:
        yield address


def fetch(url: str, token: str = "") -> str:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


@pytest.mark.subprocess
class TestMetrics:
    def test_count_the_requests_of_all_processes(self, url):
        for _ in range(REQUESTS):
            fetch(f"{url}/service-worker.js?secret=vivitrol")

        texts = {fetch(f"{url}/metrics", TOKEN) for _ in range(8)}  # by whichever process

        for text in texts:
            found = re.search(
                r"^django_http_requests_total_by_view_transport_method_total"
                r'\{method="GET",transport="http",view="facilities:service_worker"\} (\d+)',
                text,
                re.MULTILINE,
            )
            assert int(found[1]) == REQUESTS
            assert "vivitrol" not in text
            assert "service-worker.js" not in text


@pytest.mark.parametrize(("token", "expected"), [("", 404), (TOKEN[:-1], 404), (TOKEN, 200)])
def test_are_for_the_token_alone(rf, settings, token, expected):
    settings.METRICS_TOKEN = TOKEN
    request = rf.get("/metrics", headers={"authorization": f"Bearer {token}"})

    assert metrics(lambda _request: HttpResponse(status=404))(request).status_code == expected


def test_are_off_by_default(client, settings):
    assert not any("prometheus" in name for name in settings.MIDDLEWARE)
