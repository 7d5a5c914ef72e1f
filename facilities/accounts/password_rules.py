"""Passwords that Django's own validators let through and a guesser tries early."""

import string

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MIN_OWN_CHARACTERS = 8
MIN_DIFFERENT_CHARACTERS = 6
AROUND_A_WORD = string.digits + string.punctuation + string.whitespace


class CommonWordValidator(CommonPasswordValidator):
    """Refuse Django's 20,000 common passwords, also with digits or signs around them.

    Fewer than 200 of them have the twelve characters that are required, so alone the list would
    refuse little.
    """

    def validate(self, password: str, user=None) -> None:
        super().validate(password, user)
        super().validate(password.strip(AROUND_A_WORD), user)


class RepetitionValidator:
    """Refuse a password of few characters, or of an account's name repeated."""

    def validate(self, password: str, user=None) -> None:
        text = password.casefold()
        name = user.get_username().casefold() if user else ""
        own = text.replace(name, "") if name else text
        if len(own) < MIN_OWN_CHARACTERS or len(set(text)) < MIN_DIFFERENT_CHARACTERS:
            raise ValidationError(self.get_help_text(), code="password_repeats")

    def get_help_text(self) -> str:
        return _("Your password can’t be mostly your name or the same few characters.")
