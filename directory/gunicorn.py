"""How gunicorn serves and what it logs: method, path, status, size, time. Never who or what for."""

import re
import shutil

from gunicorn.glogging import Logger

from directory import env
from directory.logging import DiscreetFormatter, JsonFormatter
from directory.preload import preload

# Past gunicorn's wrapper and ours: the line that had something to say stands for its words.
CALLER = 3
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
LISTED_CODES = re.compile(r"[^/]*,[^/]*")


def is_own_path(status: int) -> bool:
    """Whether the path asked for is one of ours: an unknown one may hold anything.

    An unknown one ends in a 500 where its own page fails, and in a 503 while the site is closed.
    Of a failure the other log names the route.
    """
    return 200 <= status < 300 or status == 304


def without_codes(path: str) -> str:
    """Return a path without the codes of facilities that somebody put together."""
    return LISTED_CODES.sub("-", path)


IS_JSON = env.choice("LOG_FORMAT", ("text", "json")) == "json"
# Before any code of Django is loaded.
METRICS_FOLDER = env.metrics_folder() if env.token("METRICS_TOKEN") else ""


class DiscreetLogger(Logger):
    """Knows nothing of a request but what ``atoms`` returns, whatever format is configured."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonFormatter() if IS_JSON else DiscreetFormatter())
        if IS_JSON:
            for handler in self.access_log.handlers:
                handler.setFormatter(JsonFormatter())

    def warning(self, msg, *args, **kwargs):
        super().warning(msg, *args, stacklevel=CALLER, **kwargs)

    def error(self, msg, *args, **kwargs):
        super().error(msg, *args, stacklevel=CALLER, **kwargs)

    def critical(self, msg, *args, **kwargs):
        super().critical(msg, *args, stacklevel=CALLER, **kwargs)

    def exception(self, msg, *args, **kwargs):
        super().exception(msg, *args, stacklevel=CALLER, **kwargs)

    def atoms(self, resp, req, environ, request_time):
        status = str(resp.status).split(None, 1)[0]
        method = environ["REQUEST_METHOD"]
        return {
            "t": self.now(),
            "m": method if method in METHODS else "-",
            "U": without_codes(environ["PATH_INFO"]) if is_own_path(int(status)) else "-",
            "s": status,
            "B": resp.sent,
            "M": int(request_time.total_seconds() * 1000),
        }


logger_class = DiscreetLogger
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
worker_class = "gthread"
# No header may say which path is asked for. By default gunicorn believes SCRIPT_NAME and PATH_INFO
# from this machine, and that is where a proxy passes on what a visitor sends.
forwarder_headers = ""
limit_request_line = 8190  # a search with every box ticked takes 5,000
workers = 2
threads = 4
# Bad settings stop the start with one message, and workers share the memory of the code.
preload_app = True


def when_ready(server):
    preload()


# gunicorn's own remote control: nothing here needs it.
control_socket_disable = True


def on_exit(server):
    if METRICS_FOLDER:
        shutil.rmtree(METRICS_FOLDER, ignore_errors=True)
