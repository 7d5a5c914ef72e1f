"""gunicorn as it is configured: the path is that of the request line, whatever headers say."""

import http.client
import os
from urllib.parse import urlsplit

import pytest

from directory.gunicorn import without_codes

from ..support.live_server import gunicorn


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Host and port of gunicorn in production's configuration."""
    log = tmp_path_factory.mktemp("gunicorn") / "log"
    with gunicorn(dict(os.environ), log, "tests.support.echo_app:echo") as url:
        yield urlsplit(url).netloc


@pytest.mark.subprocess
class TestPath:
    @pytest.mark.parametrize(
        "headers",
        [
            # A proxy that guards /admin/ sees /guides/...: it must not become /admin/login/.
            {"SCRIPT_NAME": "/guides"},
            {"PATH_INFO": "/admin/login/"},
            {"Script-Name": "/guides", "Path-Info": "/admin/login/"},
        ],
    )
    def test_is_that_of_the_request_line(self, address, headers):
        connection = http.client.HTTPConnection(address)

        connection.request("GET", "/guides/admin/login/", headers=headers)

        assert connection.getresponse().read() == b"|/guides/admin/login/"


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/handout/abcd2345,efgh6789/", "/handout/-/"),
        ("/es/call/abcd2345,efgh6789,jkmn2345/", "/es/call/-/"),
        ("/facility/abcd2345/", "/facility/abcd2345/"),
    ],
)
def test_log_says_not_which_facilities_were_put_together(path, logged):
    assert without_codes(path) == logged
