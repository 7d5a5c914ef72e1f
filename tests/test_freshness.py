"""How long a check is trusted."""

from datetime import timedelta

import pytest

from facilities.freshness import is_fresh, kind_of

from .factories import TODAY


class TestShelfLife:
    @pytest.mark.parametrize(
        ("fact", "kind"),
        [
            ("phone", "phone"),
            ("intake_phones", "phone"),
            ("name", "other"),
            ("service:methadone", "service"),
            ("service:medicaid", "payment"),
            ("service:gone", "service"),
        ],
    )
    def test_depends_on_the_kind_of_fact(self, fact, kind):
        assert kind_of(fact) == kind

    @pytest.mark.parametrize(("days", "fresh"), [(0, True), (180, True), (181, False)])
    def test_ends(self, days, fresh):
        assert is_fresh("phone", TODAY - timedelta(days=days), TODAY) is fresh
