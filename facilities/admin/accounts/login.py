"""The log-in form: name, password and code on one page."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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


def locked(request: HttpRequest, *facts) -> HttpResponse:
    """django-axes calls this for a name that failed too often from one address."""
    return render(request, "admin/accounts/locked.html", status=429)
