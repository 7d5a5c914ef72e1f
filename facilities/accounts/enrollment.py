"""How an account begins, and begins again: a link that works once, a password, a second factor.

The link holds the account's key, a time and a signature over both and the account's password.
Nothing is stored for it: choosing a password makes it void, and so does a newer link.
"""

import secrets
from base64 import b32encode

from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils.http import base36_to_int, int_to_base36
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..roles import ADMINISTRATOR, ROLES
from .second_factor import delete_second_factors, replace_backup_codes

SECRET_BYTES = 20
SECRET_LIFETIME = 3600  # seconds that somebody may take over the form


class InvalidEnrollmentLink(Exception):
    """The link was used, replaced, is too old or was never one of ours."""


class EnrollmentTokenGenerator(PasswordResetTokenGenerator):
    """Of their own kind, so that no other token of Django's opens this door."""

    key_salt = "facilities.staff.enrolment"


ENROLLMENT_TOKENS = EnrollmentTokenGenerator()


def create_account(name: str, role: str) -> User:
    """Create an account that cannot log in before it is enrolled. ``name`` is valid and unused."""
    with transaction.atomic():
        user = User(username=name, is_staff=True)
        user.set_unusable_password()
        user.save()
        give_role(user, role)
    return user


def give_role(user: User, role: str) -> None:
    user.groups.remove(*Group.objects.filter(name__in=set(ROLES) - {role}))
    user.groups.add(*Group.objects.filter(name=role))


def create_enrollment_link(user: User) -> str:
    """Return what a new link holds, and end the password, devices, sessions and earlier links."""
    with transaction.atomic():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        delete_second_factors(user)
    return f"{int_to_base36(user.pk)}-{ENROLLMENT_TOKENS.make_token(user)}"


def user_of_enrollment_link(link: str) -> User:
    key, _, token = link.partition("-")
    try:
        user = User.objects.filter(is_active=True, is_staff=True).get(pk=base36_to_int(key))
    except (User.DoesNotExist, ValueError, OverflowError):
        raise InvalidEnrollmentLink from None
    if not ENROLLMENT_TOKENS.check_token(user, token):
        raise InvalidEnrollmentLink
    return user


def is_enrolled(user: User) -> bool:
    return user.has_usable_password()


def is_last_administrator(user: User) -> bool:
    """Whether nobody else who can log in keeps accounts. Locks them: call in a transaction."""
    in_role = User.groups.through.objects.filter(group__name=ADMINISTRATOR).values("user_id")
    keepers = User.objects.filter(Q(is_superuser=True) | Q(pk__in=in_role), is_active=True)
    enrolled = [
        keeper for keeper in keepers.select_for_update().order_by("pk") if is_enrolled(keeper)
    ]
    return enrolled == [user]


def sign_new_secret(link: str) -> str:
    return signing.dumps(secrets.token_hex(SECRET_BYTES), salt=link)


def read_signed_secret(sealed: str, link: str) -> str:
    """Return the secret in hexadecimal digits.

    Raises InvalidEnrollmentLink if it is not ours or took longer than ``SECRET_LIFETIME``.
    """
    try:
        return signing.loads(sealed, salt=link, max_age=SECRET_LIFETIME)
    except signing.BadSignature:
        raise InvalidEnrollmentLink from None


def build_totp_device(user: User, secret: str) -> TOTPDevice:
    return TOTPDevice(user=user, key=secret, name="app")


def format_secret(secret: str) -> str:
    """Return the secret as people type it into an app: groups of four letters."""
    letters = b32encode(bytes.fromhex(secret)).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def find_totp_step(secret: str, code: str) -> int | None:
    """Return the time step of the code, now or one step off; None if it is wrong."""
    app = TOTP(bytes.fromhex(secret))
    is_right = code.isdecimal() and app.verify(int(code), tolerance=1)
    return app.t() if is_right else None


def complete_enrollment(link: str, password: str, secret: str, step: int) -> list[str]:
    with transaction.atomic():
        user = user_of_enrollment_link(link)
        User.objects.select_for_update().get(pk=user.pk)
        user = user_of_enrollment_link(link)  # somebody may have been quicker
        user.set_password(password)
        user.save(update_fields=["password"])
        delete_second_factors(user)
        app = build_totp_device(user, secret)
        app.last_t = step
        app.save()
        return replace_backup_codes(user)
