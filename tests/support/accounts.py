"""Accounts of staff for tests, with a role, a password, an app and a session that showed both."""

from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from facilities.accounts.enrollment import create_account
from facilities.roles import make_roles

PASSWORD = "walnut-tidal-harbor-7"


def staff_member(role: str = "curator", *, name: str = "") -> User:
    """A person with a role who has finished enrolment."""
    if not Group.objects.filter(name=role, permissions__isnull=False).exists():
        make_roles(Group.objects, Permission.objects)  # a served test before emptied the database
    user = create_account(name or role, role)
    user.set_password(PASSWORD)
    user.save()
    TOTPDevice.objects.create(user=user, name="app")
    return user


def client_of(user: User) -> Client:
    """A browser in which this person is logged in with both factors."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = user.totpdevice_set.get().persistent_id
    session.save()
    return client


def staff_client(role: str = "curator") -> Client:
    return client_of(staff_member(role))


def code_of(user: User, *, steps: int = 0) -> str:
    """What the person's app shows now, or some steps of half a minute later."""
    return code_for(user.totpdevice_set.get().bin_key, steps=steps)


def code_for(key: bytes, *, steps: int = 0) -> str:
    app = TOTP(key)
    app.time += 30 * steps
    return f"{app.token():06d}"
