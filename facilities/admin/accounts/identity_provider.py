"""Log-in through an identity provider (OpenID Connect): in use where OIDC_ISSUER is set.

mozilla-django-oidc holds the conversation: state, nonce, PKCE, signature. This module finds the
provider's addresses, asks what the library leaves out (who issued the token, and for whom), and
says in words why somebody was not let in. The provider asks for the second factor.
"""

import logging
from collections.abc import Callable
from functools import cache, wraps

import jwt
import requests
from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from mozilla_django_oidc import views
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from ...accounts.provider_accounts import LoginRefusalReason, LoginRefused, account_from_claims
from ...web.throttling import HOUR, is_within_limit
from ..site import staff_site
from .sessions import record_login

logger = logging.getLogger(__name__)

STARTS_PER_HOUR = 200  # of one address: each is a row among the sessions
MINUTES_AT_PROVIDER = 15
# Settings of the library that the provider's own document answers.
DISCOVERED = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}
STATUS = {
    LoginRefusalReason.UNREACHABLE: 503,
    LoginRefusalReason.TOO_MANY: 429,
    LoginRefusalReason.LOST: 400,
    LoginRefusalReason.CANCELED: 400,
}
EXPLANATIONS = {
    LoginRefusalReason.FAILED: _(
        "What came back does not prove who you are. Try again; if it fails again, tell an "
        "administrator of this site."
    ),
    LoginRefusalReason.UNREACHABLE: _(
        "It does not answer at the moment. Try again in a few minutes."
    ),
    LoginRefusalReason.TOO_MANY: _(
        "Too many log-ins were begun from your connection. Try again in an hour."
    ),
    LoginRefusalReason.LOST: _(
        "This log-in began in another browser, took too long or was finished already. Begin again."
    ),
    LoginRefusalReason.CANCELED: _("The log-in was ended there. You can begin again."),
    LoginRefusalReason.NO_ROLE: _(
        "It knows you, but you are in none of the groups that work here. Ask an administrator of "
        "this site, or whoever keeps the groups."
    ),
    LoginRefusalReason.NAME_TAKEN: _(
        "It knows you, but an account of your name exists here already and is somebody's: it has "
        "a password, or is linked to another person. Ask an administrator of this site."
    ),
    LoginRefusalReason.SWITCHED_OFF: _(
        "Your account here is switched off. Ask an administrator of this site."
    ),
}


@cache
def fetch_provider_configuration(issuer: str) -> dict:
    """Ask the provider for its addresses, once in the life of a process.

    Raises LoginRefused if it does not answer or names itself otherwise.
    """
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        answer = requests.get(address, timeout=settings.OIDC_TIMEOUT)
        answer.raise_for_status()
        document = answer.json()
    except requests.RequestException as error:
        raise LoginRefused(
            LoginRefusalReason.UNREACHABLE, f"discovery: {type(error).__name__}"
        ) from error
    if document.get("issuer") != issuer:
        raise LoginRefused(
            LoginRefusalReason.FAILED, "The provider's document names another issuer."
        )
    return document


def oidc_setting(name: str, *default):
    """Return a setting for the library: the provider's document knows some of them."""
    if name in DISCOVERED:
        return fetch_provider_configuration(settings.OIDC_ISSUER).get(DISCOVERED[name])
    if name == "OIDC_TOKEN_USE_BASIC_AUTH":
        methods = fetch_provider_configuration(settings.OIDC_ISSUER).get(
            "token_endpoint_auth_methods_supported", ()
        )
        return "client_secret_post" not in methods  # basic is what every provider must take
    return getattr(settings, name, *default)


class ProviderClient(OIDCAuthenticationBackend):
    """One conversation with the provider. Made for a log-in alone: it asks for addresses."""

    get_settings = staticmethod(oidc_setting)

    def verify_token(self, token, **words):
        payload = super().verify_token(token, **words)
        audience = payload.get("aud") or []
        client = self.OIDC_RP_CLIENT_ID
        if payload.get("iss") != settings.OIDC_ISSUER:
            raise SuspiciousOperation("The token is of another issuer.")
        if client not in ([audience] if isinstance(audience, str) else audience) or (
            payload.get("azp", client) != client
        ):
            raise SuspiciousOperation("The token is for another site.")
        if not isinstance(payload.get("sub"), str):
            raise SuspiciousOperation("The token names nobody.")
        return payload

    def get_or_create_user(self, access_token, id_token, payload):
        claims = payload
        if self.OIDC_OP_USER_ENDPOINT:
            more = self.get_userinfo(access_token, id_token, payload)
            if more.get("sub") != payload["sub"]:
                raise LoginRefused(LoginRefusalReason.FAILED, "The details are of somebody else.")
            claims = payload | more
        groups = claims.get(settings.OIDC_GROUPS_CLAIM) or []
        return account_from_claims(
            settings.OIDC_ISSUER,
            claims,
            [groups] if isinstance(groups, str) else groups,
            settings.OIDC_ROLES,
        )


class ProviderBackend(ModelBackend):
    """The authentication backend for the provider's answers. Raises LoginRefused."""

    def authenticate(self, request, *, nonce, code_verifier):
        try:
            return ProviderClient().authenticate(request, nonce=nonce, code_verifier=code_verifier)
        except requests.RequestException as error:
            reason = (
                LoginRefusalReason.UNREACHABLE
                if is_provider_unreachable(error)
                else LoginRefusalReason.FAILED
            )
            raise LoginRefused(reason, type(error).__name__) from error
        except (jwt.PyJWTError, KeyError) as error:
            raise LoginRefused(LoginRefusalReason.FAILED, type(error).__name__) from error
        except SuspiciousOperation as error:
            raise LoginRefused(LoginRefusalReason.FAILED, str(error)) from error


def is_provider_unreachable(error: requests.RequestException) -> bool:
    """Whether the provider did not answer, or only that it is down."""
    if isinstance(error, requests.ConnectionError | requests.Timeout):
        return True
    return error.response is not None and error.response.status_code >= 500


class ProviderLogin(views.OIDCAuthenticationRequestView):
    """Sends a person to the provider."""

    get_settings = staticmethod(oidc_setting)

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            request.session.set_expiry(MINUTES_AT_PROVIDER * 60)
        return super().get(request)


class ProviderCallback(views.OIDCAuthenticationCallbackView):
    """Takes a person back from the provider."""

    get_settings = staticmethod(oidc_setting)

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.GET.get("state") not in request.session.get("oidc_states", ()):
            raise LoginRefused(LoginRefusalReason.LOST)
        if "error" in request.GET or "code" not in request.GET:
            raise LoginRefused(LoginRefusalReason.CANCELED)
        return super().get(request)

    @property
    def success_url(self) -> str:
        return self.request.session.get("oidc_login_next") or reverse("admin:index")

    def login_success(self) -> HttpResponse:
        answer = super().login_success()
        record_login(self.request, answer)
        return answer

    def login_failure(self) -> HttpResponse:
        raise LoginRefused(LoginRefusalReason.FAILED)


def identity_provider_view(view: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Answer in the language of the page that the log-in began on; say why somebody is refused."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        began_at = request.session.get("oidc_login_next") or request.GET.get("next", "")
        with override(get_language_from_path(began_at) or settings.LANGUAGE_CODE):
            try:
                return view(request)
            except LoginRefused as refusal:
                logger.info("Log-in through the identity provider refused: %s", refusal)
                return login_refusal_page(request, refusal.reason)

    return answer


@identity_provider_view
def begin_provider_login(request: HttpRequest) -> HttpResponse:
    client = get_client_ip_address(request) or ""
    if not is_within_limit(
        "provider", client, now=timezone.now(), limit=STARTS_PER_HOUR, window=HOUR
    ):
        raise LoginRefused(LoginRefusalReason.TOO_MANY)
    return ProviderLogin.as_view()(request)


@identity_provider_view
def provider_login_callback(request: HttpRequest) -> HttpResponse:
    return ProviderCallback.as_view()(request)


def login_refusal_page(request: HttpRequest, reason: LoginRefusalReason) -> HttpResponse:
    context = staff_site.each_context(request) | {
        "title": _("You are not logged in"),
        "provider": settings.OIDC_NAME,
        "explanation": EXPLANATIONS[reason],
        "login": reverse("admin:login"),
    }
    status = STATUS.get(reason, 403)
    return render(request, "admin/accounts/provider_refusal.html", context, status=status)


app_name = "identity_provider"
urlpatterns = [
    path("", begin_provider_login, name="log_in"),
    path("callback/", provider_login_callback, name="callback"),
]
