"""Log-in takes name, password and code together; which device a code belongs to; backup codes.

django-otp keeps backup codes as they are given out. Here it is given their digests in place of
them, so that whoever reads the database or a copy of it cannot log in with what stands there.
"""

import hashlib
from base64 import urlsafe_b64encode

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

BACKUP_CODES = 10
DIGITS = 6
DIGEST_BYTES = 12  # 16 letters: as long as django-otp's column
SCRYPT_COST = {"n": 2**14, "r": 8, "p": 1}  # about 40 ms for each guess at a code of 40 bits


class PasswordAndCodeBackend(ModelBackend):
    """Checks name, password and code. Nobody can tell a wrong code from a wrong password."""

    def authenticate(self, request, username, password, otp_token=""):
        user = super().authenticate(request, username=username, password=password)
        if user is None:
            # The work that a right password would have cost: the time tells nothing of it.
            device_class_and_token(otp_token, 0)
            return None
        user.otp_device = find_device_by_code(user, otp_token)
        return user if user.otp_device else None


def find_device_by_code(user, code: str) -> Device | None:
    """Return the person's device that this code is from, which uses the code up.

    Only devices of one kind are asked: each slows down after a wrong code, and logging in with
    the app must not slow down the backup codes.
    """
    model, token = device_class_and_token(code, user.pk)
    with transaction.atomic():
        devices = model.objects.devices_for_user(user, confirmed=True).select_for_update()
        return next((device for device in devices if device.verify_token(token)), None)


def device_class_and_token(code: str, user_id: int) -> tuple[type[Device], str]:
    code = code.replace(" ", "").replace("-", "").lower()
    if len(code) == DIGITS and code.isdecimal():
        return TOTPDevice, code
    return StaticDevice, stored_backup_code(code, user_id)


def replace_backup_codes(user) -> list[str]:
    """Replace a person's backup codes; each works once. Show them now: they are not stored."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="backup codes")
        codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
        StaticToken.objects.bulk_create(
            StaticToken(device=device, token=hash_backup_code(code, user.pk)) for code in codes
        )
    return codes


def stored_backup_code(code: str, user_id: int) -> str:
    """Return what is stored of a person's code, made with today's key or one of before."""
    digests = [
        hash_backup_code(code, user_id, key)
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    stored = StaticToken.objects.filter(device__user=user_id, token__in=digests)
    return stored.values_list("token", flat=True).first() or digests[0]


def hash_backup_code(code: str, user_id: int, key: str = "") -> str:
    """Return the digest of a backup code: useless elsewhere or without the key."""
    salt = salted_hmac(
        "facilities.staff.backup_codes", str(user_id), secret=key or None, algorithm="sha256"
    )
    made = hashlib.scrypt(code.encode(), salt=salt.digest(), dklen=DIGEST_BYTES, **SCRYPT_COST)
    return urlsafe_b64encode(made).decode()


def backup_codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def delete_second_factors(user) -> None:
    """Delete every second factor: whoever is logged in by one is out."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
