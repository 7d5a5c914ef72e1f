"""How answers are compressed: what a visitor reads is, what belongs to a session never.

A secret that is compressed together with words an attacker can choose may be guessed from the
length of the answers (BREACH). Public pages hold no secret: they know no session, and the token of
their forms belongs to no visitor: anybody may fetch one. An answer that a session may have to do
with, because the request brings a cookie of ours or the answer sets one, is sent as it is.
"""

import gzip

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

SHORTEST = 500  # bytes; below, the answer fits into one packet anyway
TYPES = ("text/", "application/json", "application/xml", "application/ld+json", "image/svg+xml")
# A page of results, 105 kB, comes out as 17 kB. Quality 4 takes a third less time and adds 1 kB,
# which is 20 ms on a slow phone (400 kbit/s); quality 6 takes a tenth more and saves 0.1 kB. In a
# window of 64 kB, 80 bytes more, the encoder needs little memory and a quarter less time.
BROTLI_QUALITY, BROTLI_WINDOW = 5, 16  # the window's bits
GZIP_LEVEL = 6


def compression(get_response):
    """Middleware: Brotli where the browser takes it, else gzip."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if may_compress(request, response):
            compress(response, request.headers.get("Accept-Encoding", ""))
        return response

    return respond


def may_compress(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether an answer is long, made of text, and none of a session's."""
    if response.streaming or response.has_header("Content-Encoding"):
        return False
    of_a_session = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} & {*request.COOKIES}
    if of_a_session or response.cookies:
        return False
    is_text = response.get("Content-Type", "").startswith(TYPES)
    return is_text and len(response.content) >= SHORTEST


def compress(response: HttpResponse, accepted: str) -> None:
    """Compress in place by what the browser accepts; nothing where it names neither way."""
    patch_vary_headers(response, ("Accept-Encoding",))
    ways = {way.strip() for way in accepted.lower().split(",")}
    if "br" in ways:
        content = brotli.compress(response.content, quality=BROTLI_QUALITY, lgwin=BROTLI_WINDOW)
        name = "br"
    elif "gzip" in ways:
        content, name = gzip.compress(response.content, GZIP_LEVEL, mtime=0), "gzip"
    else:
        return
    response.content = content
    response.headers["Content-Encoding"] = name
    response.headers["Content-Length"] = str(len(content))
    if tag := response.get("ETag"):
        response.headers["ETag"] = tag if tag.startswith("W/") else f"W/{tag}"
