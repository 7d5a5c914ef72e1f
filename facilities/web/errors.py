"""The pages for when something went wrong. They need no database, session or collected file.

A page is in the language of its address first and in the others below: whoever meets it may
have come by a link of somebody else's, and must not need a second page that fails as well.

A database that cannot be reached or written for the moment (locked, out of space, restarting) is a
503 that says when to try again. What somebody wrote into a form that then failed is given back.
"""

import errno
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
)
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext_lazy as _

from ..guidance.help_lines import HELP_LINES
from .context_processors import language_codes, local_help_lines

TEMPLATE = "error.html"
RETRY_MINUTES = 10  # while the site is closed for work
RETRY_SECONDS = 60  # while the database is busy or full
# Fields whose text is shown on no page, whatever else went wrong.
SECRET_FIELDS = ("password", "token", "secret", "code", "seen")
WRONG_REQUEST = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
OUT_OF_SPACE = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class ErrorMessage:
    """What a page says; ``leads_on`` where a new search may help."""

    status: int
    title: str
    words: str
    leads_on: bool = False


BAD_REQUEST = ErrorMessage(
    400, _("We could not read that address"), _("It is too long or damaged."), leads_on=True
)
FORM_TOO_OLD = ErrorMessage(
    403,
    _("This form is too old"),
    _(
        "Nothing was saved. You may have logged in or out since it was opened, or the browser "
        "keeps no cookies. Go back, load the page again, and send it once more."
    ),
)
SERVER_ERROR = ErrorMessage(
    500,
    _("Something went wrong on our side"),
    _(
        "We lost nothing of yours: this site keeps no record of your search. Please try again "
        "in a minute."
    ),
)
UNAVAILABLE = ErrorMessage(
    503,
    _("We cannot reach our list at the moment"),
    _(
        "We lost nothing of yours: this site keeps no record of your search. Please try again "
        "in a minute. The help lines work all the time."
    ),
)
NOT_SENT_BROKEN = ErrorMessage(
    500,
    _("Something went wrong on our side"),
    _("What you sent was probably not saved. Go back, look whether it was, and send it again."),
)
NOT_SENT_UNAVAILABLE = ErrorMessage(
    503,
    _("We could not save this at the moment"),
    _("What you sent was probably not saved. Wait a minute, go back, and send it again."),
)
MAINTENANCE = ErrorMessage(
    503,
    _("We are working on this site"),
    _("The list will be back soon, usually within some minutes. The help lines work all the time."),
)
READ_ONLY = ErrorMessage(
    503,
    _("Nothing can be sent at the moment"),
    _(
        "The list can be read, but this site takes no reports, changes or log-ins right now. "
        "Nothing was saved. The help lines work all the time."
    ),
)
# In a form that is shown again with what was typed; nothing of it was saved.
NOT_SAVED = _(
    "We could not save this at the moment, and nothing was sent. What you typed is still here. "
    "Wait a minute and send it again."
)
# When not even a template can be read.
LAST_WORDS = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Something went wrong · Algo falló</title></head>
<body><h1>Something went wrong on our side</h1>
<p>Overdose or danger: <a href="tel:911">911</a>. Crisis: <a href="tel:988">988</a>. Free, private
help finding treatment: <a href="tel:+18006624357">1-800-662-4357</a> (SAMHSA).</p>
<div lang="es"><h2>Algo falló de nuestro lado</h2>
<p>Sobredosis o peligro: <a href="tel:911">911</a>. Crisis: <a href="tel:988">988</a>. Ayuda
gratuita y privada para encontrar tratamiento: <a href="tel:+18006624357">1-800-662-4357</a>
(SAMHSA).</p></div></body></html>
"""


def error_page_html(
    problem: ErrorMessage, path: str, *, style: str = "", typed: tuple[str, ...] = ()
) -> str:
    """With ``style`` the page needs no other file. ``typed`` is given back to copy."""
    language = get_language_from_path(path) or language_codes()[0]
    context = {
        "problem": problem,
        "language": language,
        "others": [code for code in language_codes() if code != language],
        "help_lines": HELP_LINES,
        "local_help_lines": local_help_lines(),
        "typed": typed,
        "style": style,
    }
    with override(language):
        return render_to_string(TEMPLATE, context)


def error_response(problem: ErrorMessage, request: HttpRequest) -> HttpResponse:
    return HttpResponse(error_page_html(problem, request.path_info), status=problem.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(BAD_REQUEST, request)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_response(FORM_TOO_OLD, request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the exception."""
    try:
        if request.method == "POST":
            return server_error_with_typed_text(request, sys.exception())
        if is_temporary_failure(sys.exception()):
            return unavailable_response(error_response(UNAVAILABLE, request))
        return error_response(SERVER_ERROR, request)
    except Exception:  # whatever it is, the numbers must be shown
        return HttpResponse(LAST_WORDS, status=SERVER_ERROR.status)


def server_error_with_typed_text(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    is_passing = is_temporary_failure(error)
    problem = NOT_SENT_UNAVAILABLE if is_passing else NOT_SENT_BROKEN
    text = error_page_html(problem, request.path_info, typed=(*submitted_texts(request),))
    response = HttpResponse(text, status=problem.status)
    response.headers["Cache-Control"] = "no-store"
    return unavailable_response(response) if is_passing else response


def submitted_texts(request: HttpRequest) -> Iterator[str]:
    """Yield fields with more than one word; choices are quickly made again."""
    for name, values in request.POST.lists():
        if not any(word in name.lower() for word in SECRET_FIELDS):
            yield from (value for value in values if len(value.split()) > 1)


def is_temporary_failure(error: BaseException | None) -> bool:
    """Whether the same request may succeed in a minute."""
    if isinstance(error, OSError):
        return error.errno in OUT_OF_SPACE
    # Of the classes of database errors these alone are about what was asked, not about the server.
    return isinstance(error, DatabaseError | InterfaceError) and not isinstance(
        error, WRONG_REQUEST
    )


def unavailable_response(response: HttpResponse) -> HttpResponse:
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def read_only_response(request: HttpRequest) -> HttpResponse:
    typed = (*submitted_texts(request),) if request.method == "POST" else ()
    text = error_page_html(READ_ONLY, request.path_info, typed=typed)
    response = unavailable_response(HttpResponse(text))
    response.headers["Cache-Control"] = "no-store"
    return response


def maintenance_response(request: HttpRequest) -> HttpResponse:
    response = error_response(MAINTENANCE, request)
    response.headers["Retry-After"] = str(RETRY_MINUTES * 60)
    return response
