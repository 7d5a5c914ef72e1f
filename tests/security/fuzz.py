"""Hostile requests at random, the same for a seed: every address, method, header and body."""

import json
import random
from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlsplit

from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import RoutePattern, URLPattern, URLResolver
from django.utils import translation
from django.utils.http import urlencode

from facilities.guidance.care_finder.questionnaire import PARAMETERS
from facilities.search.filter_groups import GROUPS
from facilities.search.filterset import CARRIED_PARAMETERS, SINGLE_PARAMETERS

MARKUP = "\"'><zz onclick=1>{{ 7|add:5432 }}{% now 'Y' %}${7*777}"
RAW = "<zz onclick"  # is in no page unless MARKUP was passed on as it came
EVALUATED = "5439"
TEXTS = [
    "", " ", "0", "-1", "1e309", "NaN", "inf", "99999999999999999999", "9" * 400, "1.5", "٣",
    "\x00", "a\x00b", "\x1b[31m", "\r\nSet-Cookie: zz=1", "\u202e", "\U0001f489", "\ufeff=1",
    "a" * 5000, "%00", "%ff", "%c0%af", "../../etc/passwd", "//elsewhere.example", "\\\\elsewhere",
    "https://elsewhere.example/", "javascript:alert(1)", "' OR 1=1 --", "'; DROP TABLE x; --",
    "$(id)", "{}", "[]", "null", "true", '{"a": 1}', "id", "pk", "__class__", "%s%s%s", "{0}",
    "11206", "Ohio", "detox 11206", "suboxone near me", "yes", "no", "en", "es", "xx", MARKUP,
]  # fmt: skip
METHODS = ("GET",) * 12 + ("POST",) * 6 + ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "ZZ")
HEADERS = {
    "HTTP_HOST": ("localhost", "elsewhere.example", "a b", "[::1", "localhost:99999", ""),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4", "::1, zz", "a" * 3000, "\r\n"),
    "HTTP_X_FORWARDED_PROTO": ("https", "zz"),
    "HTTP_ACCEPT_LANGUAGE": ("es", "xx-zz", "*" * 500, "es;q=nan"),
    "HTTP_ACCEPT_ENCODING": ("br", "gzip;q=zz", "identity;q=0"),
    "HTTP_ACCEPT": ("application/json", "text/zz", "*/*;q=2"),
    "HTTP_IF_NONE_MATCH": ("*", '"zz', 'W/"a", "b"'),
    "HTTP_IF_MODIFIED_SINCE": ("zz", "Sat, 31 Dec 9999 23:59:59 GMT"),
    "HTTP_RANGE": ("bytes=0-0", "bytes=-1", "zz=1"),
    "HTTP_COOKIE": ("staff=zz", "csrftoken=" + "a" * 32, "django_language=es; \x01"),
    "HTTP_REFERER": ("https://elsewhere.example/", "zz", "http://[a"),
    "HTTP_ORIGIN": ("null", "https://elsewhere.example", "http://testserver"),
    "HTTP_SEC_FETCH_SITE": ("same-origin", "cross-site", "zz"),
    "HTTP_HX_REQUEST": ("true", "zz"),
    "HTTP_AUTHORIZATION": ("Bearer zz", "Basic eg==", "zz"),
}
BODIES = (
    ("application/json", '{"place": "11206"}'),
    ("application/json", '{"a": ' * 2000),
    ("application/json", '{"place": {"$gt": ""}, "detox": [[1]], "within": 1e400}'),
    ("text/xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    ("multipart/form-data; boundary=zz", "--zz\r\nContent-Disposition: form-data; name="),
    ("multipart/form-data", "zz"),
    ("application/x-www-form-urlencoded; charset=zz", "a=b"),
    ("", "\xff\xfe"),
)


def routes() -> list[tuple[str | None, ...]]:
    """Return every address of the site, as texts and places to fill in, in each language."""
    found = []
    for language in ("en", "es"):
        with translation.override(language):
            found += routes_of(get_resolver().url_patterns, ("/",))
    return found


def routes_of(patterns: Iterable, before: tuple) -> Iterator[tuple[str | None, ...]]:
    for pattern in patterns:
        parts = (*before, *parts_of(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from routes_of(pattern.url_patterns, parts)
        elif isinstance(pattern, URLPattern):
            yield parts


def parts_of(pattern) -> Iterator[str | None]:
    """Split ``facility/<slug:slug>/`` into texts and None for what is to be filled in."""
    if not isinstance(pattern, RoutePattern):
        yield from (str(pattern),) if hasattr(pattern, "language_prefix") else (None,)
        return
    text = str(pattern)
    while "<" in text:
        start, _, rest = text.partition("<")
        yield start
        yield None
        text = rest.partition(">")[2]
    yield text


class Fuzzer:
    """Makes requests of a seed; ``known`` are texts that lead somewhere, such as codes and keys."""

    def __init__(self, seed: int, known: Iterable[str]):
        self.random = random.Random(seed)
        self.routes = routes()
        self.known = [*known]
        self.names = [
            *PARAMETERS, *SINGLE_PARAMETERS, *CARRIED_PARAMETERS, *(group.name for group in GROUPS),
            "page", "facility", "next", "format", "since", "limit", "action", "token",
            "state", "zz",
        ]  # fmt: skip

    def text(self) -> str:
        return self.random.choice(self.random.choice((TEXTS, self.known)))

    def path(self) -> str:
        parts = self.random.choice(self.routes)
        return "".join(quote(self.text(), safe="/,") if part is None else part for part in parts)

    def pairs(self) -> list[tuple[str, str]]:
        names = self.random.choices(self.names, k=self.random.randrange(6))
        return [(name, self.text()) for name in names]

    def request(self) -> dict:
        """Return keyword arguments of ``Client.generic``."""
        headers = self.random.sample(sorted(HEADERS), self.random.choice((0, 0, 1, 2, 4)))
        asked = {
            "method": self.random.choice(METHODS),
            "path": self.path(),
            "QUERY_STRING": self.random.choice(("", "", "&%ff=%ff")) + urlencode(self.pairs()),
            **{name: self.random.choice(HEADERS[name]) for name in headers},
        }
        if asked["method"] not in ("GET", "HEAD"):
            asked["content_type"], asked["data"] = self.body()
        return asked

    def body(self) -> tuple[str, str]:
        if self.random.random() < 0.3:
            return self.random.choice(BODIES)
        if self.random.random() < 0.3:
            return "application/json", json.dumps(dict(self.pairs()))
        return "application/x-www-form-urlencoded", urlencode(self.pairs())


def problems(answer, *, is_public: bool) -> Iterator[str]:
    """Say what no answer may be, whatever was asked."""
    if answer.status_code >= 500:
        yield f"status {answer.status_code}"
    if is_public and any(morsel.value for morsel in answer.cookies.values()):
        yield "a cookie"
    if "zz" in answer.cookies:
        yield "a header out of a value"
    if "elsewhere" in urlsplit(answer.get("Location", "").replace("\\", "/")).netloc:
        yield f"leads to {answer['Location']}"
    if "Content-Security-Policy" not in answer and answer.status_code != 304:
        yield "no security policy"
    is_page = answer.get("Content-Type", "").startswith("text/html")
    if is_page and not answer.streaming and "Content-Encoding" not in answer:
        text = answer.content.decode()
        if RAW in text or EVALUATED in text:
            yield "markup as it came"


def attack(client: Client, fuzzer: Fuzzer) -> Iterator[str]:
    """Send one request; yield what is wrong with its answer, and how to ask again."""
    asked = fuzzer.request()
    answer = client.generic(**asked)
    for problem in problems(answer, is_public="/admin/" not in asked["path"]):
        yield f"{problem}: {asked}"
