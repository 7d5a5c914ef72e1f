"""The log of the proxy says which page was opened, not which facilities somebody put together."""

import http.client
import os
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from ..support.live_server import gunicorn
from .proxies import proxy


@pytest.mark.server
def test_log_of_nginx_names_no_codes_put_together(tmp_path):
    with (
        gunicorn(dict(os.environ), tmp_path / "log", "tests.support.echo_app:echo") as url,
        proxy("nginx", tmp_path, urlsplit(url).netloc) as port,
        closing(http.client.HTTPConnection("127.0.0.1", port)) as connection,
    ):
        for path in ("/handout/abcd2345,efgh6789/", "/es/call/abcd2345,efgh6789/", "/privacy/"):
            connection.request("GET", f"{path}?q=heroin")
            assert connection.getresponse().read().decode() == f"|{path}"

    logged = [line.split()[2] for line in (tmp_path / "directory.log").read_text().splitlines()]
    assert logged == ["/handout/-/", "/es/call/-/", "/privacy/"]
