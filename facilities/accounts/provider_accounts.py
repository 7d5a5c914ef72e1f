"""Finds or makes the account of a person who logs in through an identity provider.

The provider's groups give it its role.
"""

from collections.abc import Iterable, Mapping
from enum import Enum

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ..models import ProviderAccount
from ..roles import role_of
from .enrollment import create_account, give_role

PROVIDER_BACKEND = "facilities.admin.accounts.identity_provider.ProviderBackend"
# What names people at providers, most readable first. All but the last may change or be given on.
NAMES = ("preferred_username", "email", "sub")
MAX_ADDRESS = User._meta.get_field("email").max_length


class LoginRefusalReason(Enum):
    """Why somebody who came back from the provider is not logged in."""

    FAILED = "failed"
    UNREACHABLE = "unreachable"
    TOO_MANY = "too many"
    LOST = "lost"
    CANCELED = "canceled"
    NO_ROLE = "no role"
    NAME_TAKEN = "name taken"
    SWITCHED_OFF = "switched off"


class LoginRefused(Exception):
    """The reason is for the person; the text, which names nobody, for the log."""

    def __init__(self, reason: LoginRefusalReason, text: str = ""):
        super().__init__(text or reason.value)
        self.reason = reason


def came_through_provider(session: Mapping) -> bool:
    """Whether the identity provider, which asks for the second factor, vouches for a session."""
    return session.get(BACKEND_SESSION_KEY) == PROVIDER_BACKEND


def is_linked_to_provider(user: User, issuer: str) -> bool:
    """Whether an account is linked to a person of this identity provider; never without one."""
    linked = getattr(user, "provider_account", None)
    return bool(issuer and linked and linked.issuer == issuer)


def account_from_claims(
    issuer: str, claims: Mapping[str, object], groups: Iterable[str], roles: Mapping[str, str]
) -> User:
    """Return the account of the person whom ``claims`` name, in the role that their groups give.

    ``roles`` is a group -> its role; the highest counts. Whoever is in none of these groups loses
    the role that they had. Raises LoginRefused.
    """
    role = role_of(roles[group] for group in groups if group in roles)
    person = ProviderAccount.objects.filter(issuer=issuer, subject=claims["sub"])
    account = person.select_related("user").first()
    if account and not account.user.is_active:
        raise LoginRefused(LoginRefusalReason.SWITCHED_OFF)
    if account:
        set_role(account.user, role)
    if not role:
        raise LoginRefused(LoginRefusalReason.NO_ROLE)
    user = account.user if account else take_over_or_create_account(issuer, claims, role)
    update_account_email(user, claims)
    return user


def verified_email(claims: Mapping[str, object]) -> str:
    """Return the mail address that the provider vouches for, or ""."""
    is_verified = claims.get("email_verified", True) is True
    return str(claims.get("email") or "") if is_verified else ""


def update_account_email(user: User, claims: Mapping[str, object]) -> None:
    """Keep where the person is told of a log-in from a new device, as the provider has it now."""
    address = verified_email(claims)
    if address and len(address) <= MAX_ADDRESS and address != user.email:
        user.email = address
        user.save(update_fields=["email"])


def set_role(user: User, role: str) -> None:
    """Give the role, or none, and write a change into the history of the account."""
    before = role_of(user.groups.values_list("name", flat=True))
    if role == before:
        return
    with transaction.atomic():
        give_role(user, role)
        message = f"Role by the identity provider: {role or 'none'}."
        LogEntry.objects.log_actions(user.pk, [user], CHANGE, message, single_object=True)


def take_over_or_create_account(issuer: str, claims: Mapping[str, object], role: str) -> User:
    """Make an account, or take over one of the same name that has no password.

    An account with a password is somebody's, maybe not theirs: providers let people rename
    themselves.
    """
    name = username_from_claims(claims)
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().filter(username=name).first()
            if user:
                _refuse_taken(user)
                # The site asked another provider before: whoever it linked is known there alone.
                ProviderAccount.objects.filter(user=user).exclude(issuer=issuer).delete()
                user.set_unusable_password()  # which makes links to it void
                user.save(update_fields=["password"])
                set_role(user, role)
            else:
                user = create_account(name, role)
            ProviderAccount.objects.create(user=user, issuer=issuer, subject=claims["sub"])
    except IntegrityError:  # the account is somebody else's, or was made a moment ago
        raise LoginRefused(LoginRefusalReason.NAME_TAKEN) from None
    return user


def _refuse_taken(user: User) -> None:
    if user.is_superuser or not user.is_staff or user.has_usable_password():
        raise LoginRefused(LoginRefusalReason.NAME_TAKEN)
    if not user.is_active:
        raise LoginRefused(LoginRefusalReason.SWITCHED_OFF)


def username_from_claims(claims: Mapping[str, object]) -> str:
    field = User._meta.get_field("username")
    stated = {**claims, "email": verified_email(claims)}
    for name in NAMES:
        try:
            return field.clean(User.normalize_username(stated.get(name)), None)
        except ValidationError:
            continue
    raise LoginRefused(
        LoginRefusalReason.FAILED, "The provider gives no name that an account can have."
    )
