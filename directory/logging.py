"""What a log line may hold: where something went wrong, never what a visitor asked or who it was.

Messages of Django and gunicorn about a request quote the request: its path and query, its Host
header, the client's address. Messages of exceptions quote the values that caused them. Neither
is printed; the logger, the status, the route and the lines of code passed through are. What the
line of each request holds is in gunicorn.py.
"""

import datetime as dt
import json
import logging
import traceback
from collections.abc import Mapping

ABOUT_REQUESTS = ("django.request", "django.security", "django.server", "gunicorn")
# Parts of a request's line, by what directory/gunicorn.py calls them.
ACCESS_FIELDS = {"method": "m", "path": "U", "status": "s", "bytes": "B", "milliseconds": "M"}


class DiscreetFormatter(logging.Formatter):
    """Formats a record without any text that may come from a visitor."""

    def __init__(self):
        super().__init__("%(asctime)s [%(process)d] %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        if quotes_visitor(record):
            record.message = without_values(record)
        return super().formatMessage(record)

    def formatException(self, ei) -> str:
        return "\n".join(traceback_steps(ei[1]))


class JsonFormatter(DiscreetFormatter):
    """Formats a record as one line of JSON, as discreetly; names the parts of a request's line."""

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        fields: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
        }
        if record.name == "gunicorn.access" and isinstance(record.args, Mapping):
            fields |= {name: record.args[atom] for name, atom in ACCESS_FIELDS.items()}
        else:
            is_quoting = quotes_visitor(record)
            fields["message"] = without_values(record) if is_quoting else record.getMessage()
        if record.exc_info:
            fields["trace"] = traceback_steps(record.exc_info[1])
        return json.dumps(fields, ensure_ascii=False)


def quotes_visitor(record: logging.LogRecord) -> bool:
    """Whether the record's message may hold text of a request."""
    if record.name.startswith("gunicorn"):
        of_the_process = record.levelno == logging.INFO or record.module == "arbiter"
        return not of_the_process
    return hasattr(record, "request") or record.name.startswith(ABOUT_REQUESTS)


def without_values(record: logging.LogRecord) -> str:
    """The logger, where it was called, and the status and route if there is a request."""
    words = [record.name, f"({record.module}:{record.lineno})"]
    if status := getattr(record, "status_code", None):
        words.append(str(status))
    if match := getattr(getattr(record, "request", None), "resolver_match", None):
        words.append(f"at {match.route!r}")
    return " ".join(words)


def traceback_steps(error: BaseException | None) -> list[str]:
    """The classes of an exception and its causes, each with the lines passed through."""
    lines = []
    while error is not None:
        lines.append(type(error).__qualname__)
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}: {frame.line}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        error = error.__cause__ or error.__context__
    return lines
