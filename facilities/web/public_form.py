"""Forms that anyone may send: no session, no message, no cookie.

Django's protection of forms sets a cookie, and no public page may set one. ``public_form`` takes
its place. The browser itself says which page sent a form, and each form carries a signed
token: a random number, the page that it belongs to, and the time at which it was shown::

    @public_form
    def report(request):
        if request.method == "POST" and not request.public_form.problem: ...

    <form method="post">{{ request.public_form.token_field }} ...

A form that another site sends gets a page that refuses it (403). One whose token is missing,
of another page or older than four hours reaches the view with ``problem`` set to a sentence:
the view shows the form again with what was typed, and answers ``problem_status``.

A token is good for any number of sendings, since nothing of a visitor is stored. A view for which
that matters has a rule of its own: a report takes a token once, by a keyed hash that expires.

One gap is left on purpose: a program can fetch a token and send any header. This
keeps a visitor's browser from being used by another site; it is no defense against floods.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import urlsplit

from axes.helpers import get_client_ip_address
from django.core import signing
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from .throttling import seconds_until_allowed

TOKEN = "form_token"
SAFE = ("GET", "HEAD", "OPTIONS")
HOURS_VALID = 4
NONCE_BYTES = 12
PAGE_SALT = "facilities.public_form.page"
PAGE_DIGITS = 16
URLENCODED = "application/x-www-form-urlencoded"
MISSING = _("This form was not sent from its own page. Your answers are kept. Send it again.")
EXPIRED = _("This form was open for more than four hours. Your answers are kept. Send it again.")
ALREADY_SENT = _(
    "This form was sent already. Your answers are kept. If this is another report, send it again."
)
SENT_TOO_FAST = _("That was very quick. Your answers are kept. Wait a moment and send it again.")
FILLED_TRAP = _("Leave the last field empty: only programs fill it in.")


class PublicForm:
    """A public form in one request: the token for the page, and what is wrong with one sent."""

    problem_status = 400

    def __init__(self, request: HttpRequest, purpose: str):
        self.request = request
        self.signer = signing.TimestampSigner(salt=f"facilities.public_form.{purpose}")

    @cached_property
    def token(self) -> str:
        return self.signer.sign(f"{secrets.token_hex(NONCE_BYTES)}-{self._page}")

    @property
    def _page(self) -> str:
        digest = salted_hmac(PAGE_SALT, self.request.path_info, algorithm="sha256")
        return digest.hexdigest()[:PAGE_DIGITS]

    @property
    def token_field(self) -> SafeString:
        return format_html('<input type="hidden" name="{}" value="{}">', TOKEN, self.token)

    @cached_property
    def problem(self) -> str:
        """Why the token sent is not good, as a sentence; "" if it is, or if none was due."""
        if self.request.method != "POST":
            return ""
        try:
            value = self.signer.unsign(self.sent, max_age=HOURS_VALID * 3600)
        except signing.SignatureExpired:
            return EXPIRED
        except signing.BadSignature:
            return MISSING
        is_of_page = constant_time_compare(value.rpartition("-")[2], self._page)
        return "" if is_of_page else MISSING

    @property
    def sent(self) -> str:
        """The token that came with the form; each form shown has its own."""
        return self.request.POST.get(TOKEN, "")

    @property
    def address(self) -> str:
        """The client's address as far as our proxies tell, to be counted and never kept."""
        return get_client_ip_address(self.request) or ""

    def is_hasty(self, seconds: int) -> bool:
        """Whether a form with a good token came back sooner than a person could fill it in."""
        try:
            self.signer.unsign(self.sent, max_age=seconds - 1)
        except signing.SignatureExpired:
            return False
        return True


def public_form(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let anyone send the view's form from this site's own pages, without a cookie.

    No cache may keep the exchange, unless the view says otherwise, and no report of an error may
    contain it. Files are not accepted: they would be written to disk before any view sees them.
    """
    purpose = f"{view.__module__}.{view.__qualname__}"

    @csrf_exempt
    @sensitive_post_parameters()
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method not in SAFE and not is_from_this_site(request):
            return render(request, "facilities/site/form_refused.html", status=403)
        if request.method == "POST" and request.content_type != URLENCODED:
            raise BadRequest("a public form takes plain fields only")
        request.public_form = PublicForm(request, purpose)
        response = view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return guarded


def too_many_requests(response: HttpResponse, window: timedelta) -> HttpResponse:
    """Tell the client when to come back: at the end of the window."""
    response.status_code = 429
    response.headers["Retry-After"] = str(seconds_until_allowed(timezone.now(), window))
    return response


def is_from_this_site(request: HttpRequest) -> bool:
    """Whether the browser says that one of this site's own pages sent the form.

    1. ``Sec-Fetch-Site``, which no page can forge, decides where a browser sends it. "none" is
       the person's own doing, such as a page restored. A neighboring subdomain is another site.
    2. Else ``Origin``. Browsers send the first only over HTTPS or to the same machine, so this
       decides for a site served over plain HTTP, and for browsers from before 2023.
    3. Else ``Referer``, for browsers from before 2020. Our pages always send it to us.
    4. With none of the three the form is refused: a page elsewhere can hide its ``Referer``, so
       in an old browser silence is what such a page would send. No page of ours is silent.
    """
    if fetched_from := request.headers.get("Sec-Fetch-Site"):
        return fetched_from in ("same-origin", "none")
    sender = request.headers.get("Origin") or origin_of_address(request.headers.get("Referer", ""))
    return sender == f"{request.scheme}://{request.get_host()}"


def origin_of_address(address: str) -> str:
    """Return scheme and host of an address; "" if it cannot be read."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
