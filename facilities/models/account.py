"""What Django's accounts do not hold of staff: whose they are at an identity provider."""

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
