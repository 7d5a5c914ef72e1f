"""The pages that open an account: password, app and code; then the backup codes, once."""

import segno
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ...accounts import enrollment, second_factor
from .sessions import remember_device


class EnrollmentForm(SetPasswordForm):
    """A password twice, and a code that proves that the app has the secret."""

    secret = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("The six digits your app shows now"),
        max_length=9,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, user, link: str, *arguments, **words):
        super().__init__(user, *arguments, **words)
        self.link = link
        self.step: int | None = None

    def clean_secret(self) -> str:
        return enrollment.read_signed_secret(self.cleaned_data["secret"], self.link)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("secret") and cleaned.get("code"):
            code = cleaned["code"].replace(" ", "")
            self.step = enrollment.find_totp_step(cleaned["secret"], code)
            if self.step is None:
                self.add_error("code", _("This is not the code your app shows now. Try the next."))
        return cleaned


class AuthenticatorCodeForm(forms.Form):
    """Asks once more for a code before backup codes are replaced."""

    otp_token = forms.CharField(
        label=_("Code from your app"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def __init__(self, user, *arguments, **words):
        super().__init__(*arguments, **words)
        self.user = user

    def clean_otp_token(self) -> None:
        if second_factor.find_device_by_code(self.user, self.cleaned_data["otp_token"]) is None:
            raise ValidationError(
                _("The code is wrong or was used. Wait until your app shows the next one.")
            )


@never_cache
@sensitive_post_parameters()
def enrollment_page(request: HttpRequest, context: dict) -> HttpResponse:
    """The link alone decides whose page it is, whoever is logged in."""
    link = request.GET.get("link", "")
    try:
        user = enrollment.user_of_enrollment_link(link)
        if request.method == "POST":
            form = EnrollmentForm(user, link, request.POST)
            if form.is_valid():
                codes = finish_enrollment(form)
                response = render_backup_codes(request, codes, context | {"account": user})
                remember_device(request, response, user, timezone.now())
                return response
            sealed = form["secret"].value()
        else:
            sealed = enrollment.sign_new_secret(link)
            form = EnrollmentForm(user, link, initial={"secret": sealed})
        secret = enrollment.read_signed_secret(sealed, link)
    except enrollment.InvalidEnrollmentLink:
        title = {"title": _("This link no longer works")}
        return render(request, "admin/accounts/enroll_invalid.html", context | title, status=410)
    app_address = enrollment.build_totp_device(user, secret).config_url
    more = {
        "title": _("Begin your account"),
        "account": user,
        "form": form,
        "secret": enrollment.format_secret(secret),
        "square": qr_code_image(app_address),
        "app_address": app_address,
    }
    return render(request, "admin/accounts/enroll.html", context | more)


def finish_enrollment(form: EnrollmentForm) -> list[str]:
    cleaned = form.cleaned_data
    return enrollment.complete_enrollment(
        form.link, cleaned["new_password1"], cleaned["secret"], form.step
    )


@never_cache
def backup_codes_page(request: HttpRequest, context: dict) -> HttpResponse:
    form = AuthenticatorCodeForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return render_backup_codes(
            request, second_factor.replace_backup_codes(request.user), context
        )
    more = {
        "title": _("Backup codes"),
        "form": form,
        "left": second_factor.backup_codes_left(request.user),
    }
    return render(request, "admin/accounts/backup_codes.html", context | more)


def render_backup_codes(request: HttpRequest, codes: list[str], context: dict) -> HttpResponse:
    more = {"title": _("Your backup codes"), "codes": codes}
    return render(request, "admin/accounts/new_backup_codes.html", context | more)


def qr_code_image(address: str) -> str:
    """Draw a QR code on a white ground, so that it can be scanned in dark mode too."""
    square = segno.make_qr(address, error="m")
    return mark_safe(square.svg_inline(scale=5, border=4, light="#fff", svgclass=None))
