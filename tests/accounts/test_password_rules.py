"""Passwords that are mostly a name or the same few characters are refused."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


class TestPassword:
    @pytest.mark.parametrize(
        "password", ["timtimtimtim", "Tim-Tim-Tim-Tim", "tim-and-tims", "abababababab"]
    )
    def test_of_a_repeated_name_or_few_characters_is_refused(self, password):
        with pytest.raises(ValidationError, match="mostly your name"):
            validate_password(password, User(username="tim"))

    @pytest.mark.parametrize("password", ["1q2w3e4r5t6y", "Sunshine2026!", "!!!!1234monkey"])
    def test_that_many_people_have_is_refused(self, password):
        """From the list that comes with Django: nothing is asked of another host."""
        with pytest.raises(ValidationError, match="too common"):
            validate_password(password, User(username="tim"))

    @pytest.mark.parametrize("password", ["timber wolf river", "quiet-harbor-9"])
    def test_of_words_of_its_own_is_taken(self, password):
        validate_password(password, User(username="tim"))
