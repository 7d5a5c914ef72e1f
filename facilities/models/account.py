"""What Django's accounts lack: the link to an identity provider, and log-ins from new devices."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ProviderAccount(models.Model):
    """The person of an identity provider whose account this is, as the provider names them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="provider_account"
    )
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255, help_text='The "sub" of its tokens.')

    class Meta:
        verbose_name = _("account at an identity provider")
        verbose_name_plural = _("accounts at an identity provider")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="provider_account_once")
        ]

    def __str__(self):
        return f"Account {self.user_id} at {self.issuer}"


class NewDevice(models.Model):
    """A browser that a person had not used before, until the person says that it was theirs.

    Deleted after 30 days.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="new_devices")
    device = models.CharField(max_length=60, blank=True, help_text="Such as: Firefox, Windows")
    first_used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("new device")
        verbose_name_plural = _("new devices")

    def __str__(self):
        return f"New device of account {self.user_id}: {self.device}"
