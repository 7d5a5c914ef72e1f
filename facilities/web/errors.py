"""The pages for when something went wrong. They need no database, session or collected file.

A page is in the language of its address first and in the others below: whoever meets it may
have come by a link of somebody else's, and must not need a second page that fails as well.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext_lazy as _

from ..guidance.help_lines import HELP_LINES
from .context_processors import LOCAL_LINES, codes

TEMPLATE = "error.html"
RETRY_MINUTES = 10


@dataclass(frozen=True)
class Problem:
    """What a page says; ``leads_on`` where a new search may help."""

    status: int
    title: str
    words: str
    leads_on: bool = False


UNREADABLE = Problem(
    400, _("We could not read that address"), _("It is too long or damaged."), leads_on=True
)
TOO_OLD = Problem(
    403,
    _("This form is too old"),
    _(
        "Nothing was saved. You may have logged in or out since it was opened, or the browser "
        "keeps no cookies. Go back, load the page again, and send it once more."
    ),
)
BROKEN = Problem(
    500,
    _("Something went wrong on our side"),
    _(
        "We lost nothing of yours: this site keeps no record of your search. Please try again "
        "in a minute."
    ),
)
CLOSED = Problem(
    503,
    _("We are working on this site"),
    _("The list will be back soon, usually within some minutes. The help lines work all the time."),
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


def text_of(problem: Problem, path: str, *, style: str = "") -> str:
    """The whole page; with ``style`` it needs no other file."""
    language = get_language_from_path(path) or codes()[0]
    context = {
        "problem": problem,
        "language": language,
        "others": [code for code in codes() if code != language],
        "help_lines": HELP_LINES,
        "local_help_lines": LOCAL_LINES,
        "style": style,
    }
    with override(language):
        return render_to_string(TEMPLATE, context)


def answer(problem: Problem, request: HttpRequest) -> HttpResponse:
    return HttpResponse(text_of(problem, request.path_info), status=problem.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(UNREADABLE, request)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(TOO_OLD, request)


def server_error(request: HttpRequest) -> HttpResponse:
    try:
        return answer(BROKEN, request)
    except Exception:  # whatever it is, the numbers must be shown
        return HttpResponse(LAST_WORDS, status=BROKEN.status)


def closed(request: HttpRequest) -> HttpResponse:
    response = answer(CLOSED, request)
    response.headers["Retry-After"] = str(RETRY_MINUTES * 60)
    return response
