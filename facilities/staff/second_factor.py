"""Log-in takes name, password and code together; which device a code belongs to; backup codes."""

from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

BACKUP_CODES = 10
DIGITS = 6


class PasswordAndCode(ModelBackend):
    """The only way in. Whoever asks cannot tell a wrong code from a wrong password."""

    def authenticate(self, request, username=None, password=None, otp_token="", **others):
        user = super().authenticate(request, username=username, password=password, **others)
        if user is None:
            return None
        user.otp_device = device_showing(user, otp_token)
        return user if user.otp_device else None


def device_showing(user, code: str) -> Device | None:
    """The person's device that this code is from, now used up; six digits are an app's.

    Only devices of one kind are asked: each slows down after a wrong code, and logging in with
    the app must not slow down the backup codes.
    """
    code = code.replace(" ", "").replace("-", "").lower()
    model = TOTPDevice if len(code) == DIGITS and code.isdecimal() else StaticDevice
    with transaction.atomic():
        devices = model.objects.devices_for_user(user, confirmed=True).select_for_update()
        return next((device for device in devices if device.verify_token(code)), None)


def new_backup_codes(user) -> list[str]:
    """Replace a person's backup codes; each works once. To be shown now and never again."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="backup codes")
        codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def backup_codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def forget_devices(user) -> None:
    """Take away every second factor: whoever is logged in by one is out."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
