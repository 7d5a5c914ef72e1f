"""The log-in form: name, password and code on one page, and the way to the identity provider."""

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class StaffLogin(AdminAuthenticationForm):
    """Never says which of the three was wrong."""

    error_messages = AdminAuthenticationForm.error_messages | {
        "invalid_login": _(
            "Name, password and code do not go together. A code works once: after a failure "
            "wait until your app shows the next one."
        ),
    }
    otp_token = forms.CharField(
        label=_("Code from your app, or a backup code"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )

    def clean(self):
        names = ("username", "password", "otp_token")
        if all(self.cleaned_data.get(name) for name in names):
            given = {name: self.cleaned_data[name] for name in names}
            self.user_cache = authenticate(self.request, **given)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


def provider_context(request: HttpRequest) -> dict[str, str]:
    """Return what the log-in page says of the identity provider, if there is one."""
    if not settings.OIDC_ISSUER:
        return {}
    following = request.GET.get("next") or reverse("admin:index")
    return {
        "provider": settings.OIDC_NAME,
        "provider_login": reverse("identity_provider:log_in", query={"next": following}),
    }


def locked_out_page(request: HttpRequest, *facts) -> HttpResponse:
    """django-axes calls this for a name that failed too often from one address."""
    return render(request, "admin/accounts/locked.html", status=429)
