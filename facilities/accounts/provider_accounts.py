"""Whose account somebody has who logs in through an identity provider, and in which role."""

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


class Refusal(Enum):
    """Why somebody who came back from the provider is not logged in."""

    FAILED = "failed"
    UNREACHABLE = "unreachable"
    LOST = "lost"
    CANCELED = "canceled"
    NO_ROLE = "no role"
    NAME_TAKEN = "name taken"
    SWITCHED_OFF = "switched off"


class LoginRefused(Exception):
    """The reason is for the person; the text, which names nobody, for the log."""

    def __init__(self, reason: Refusal, text: str = ""):
        super().__init__(text or reason.value)
        self.reason = reason


def came_through_provider(session: Mapping) -> bool:
    """Whether the identity provider, which asks for the second factor, vouches for a session."""
    return session.get(BACKEND_SESSION_KEY) == PROVIDER_BACKEND


def account_for(
    issuer: str, claims: Mapping[str, object], groups: Iterable[str], roles: Mapping[str, str]
) -> User:
    """Return the account of the person whom ``claims`` name, in the role that their groups give.

    ``roles`` is a group -> its role; the highest counts. Whoever is in none of these groups loses
    the role that they had. Raises LoginRefused.
    """
    role = role_of(roles[group] for group in groups if group in roles)
    person = ProviderAccount.objects.filter(issuer=issuer, subject=claims["sub"])
    account = person.select_related("user").first()
    if account:
        set_role(account.user, role)
    if not role:
        raise LoginRefused(Refusal.NO_ROLE)
    user = account.user if account else begin_account(issuer, claims, role)
    keep_address(user, claims)
    if not user.is_active:
        raise LoginRefused(Refusal.SWITCHED_OFF)
    return user


def keep_address(user: User, claims: Mapping[str, object]) -> None:
    """Keep where the person is told of a log-in from a new device, as the provider has it now."""
    address = str(claims.get("email") or "")
    is_verified = claims.get("email_verified", True) is True
    if is_verified and len(address) <= MAX_ADDRESS and address != user.email:
        user.email = address
        user.save(update_fields=["email"])


def set_role(user: User, role: str) -> None:
    """Give the role, or none, and write a change into the history of the account."""
    before = role_of(user.groups.values_list("name", flat=True))
    if role == before:
        return
    with transaction.atomic():
        give_role(user, role)
        told = f"Role by the identity provider: {role or 'none'}."
        LogEntry.objects.log_actions(user.pk, [user], CHANGE, told, single_object=True)


def begin_account(issuer: str, claims: Mapping[str, object], role: str) -> User:
    """Make an account, or take over one of the same name that has no password.

    An account with a password is somebody's, maybe not theirs: providers let people rename
    themselves.
    """
    name = account_name(claims)
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().filter(username=name).first()
            if user and (user.is_superuser or user.has_usable_password()):
                raise LoginRefused(Refusal.NAME_TAKEN)
            if user:
                user.set_unusable_password()  # which makes links to it void
                user.save(update_fields=["password"])
                set_role(user, role)
            else:
                user = create_account(name, role)
            ProviderAccount.objects.create(user=user, issuer=issuer, subject=claims["sub"])
    except IntegrityError:  # the account is somebody else's, or was made a moment ago
        raise LoginRefused(Refusal.NAME_TAKEN) from None
    return user


def account_name(claims: Mapping[str, object]) -> str:
    field = User._meta.get_field("username")
    for name in NAMES:
        try:
            return field.clean(User.normalize_username(claims.get(name)), None)
        except ValidationError:
            continue
    raise LoginRefused(Refusal.FAILED, "The provider gives no name that an account can have.")
