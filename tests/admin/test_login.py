"""Who gets into the staff's site, and what is kept of those who do not."""

import datetime as dt
import hashlib

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from facilities.accounts.lockout import FAILURES_OF_ONE_ACCOUNT
from facilities.accounts.second_factor import replace_backup_codes

from ..support.accounts import PASSWORD, code_of, staff_member

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"


def attempt(client: Client, user, *, password=PASSWORD, code="", **headers):
    given = {"username": user.username, "password": password, "otp_token": code}
    return client.post(LOGIN + "?next=/admin/", given, headers=headers)


def fail_often(client: Client, user, *, times=10, **headers):
    for _ in range(times):
        answer = attempt(client, user, password="wrong", code="000000", **headers)
    return answer


class TestLogin:
    def test_bears_the_name_of_the_site_and_not_of_its_host(self, client):
        html = client.get(LOGIN).text

        assert "<title>Log in | Open Treatment Directory</title>" in html
        assert "testserver" not in html

    def test_follows_a_new_name_of_the_site(self, client, settings):
        settings.SITE_NAME = "Prairie Directory"

        html = client.get(LOGIN).text

        assert "<title>Log in | Prairie Directory</title>" in html
        assert "Open Treatment Directory" not in html

    def test_takes_a_password_and_a_code(self, client):
        user = staff_member()

        answer = attempt(client, user, code=code_of(user))

        assert answer.url == "/admin/"
        assert client.get("/admin/").status_code == 200

    def test_refuses_a_password_without_a_code(self, client):
        user = staff_member()

        answer = attempt(client, user)

        assert answer.status_code == 200
        assert "_auth_user_id" not in client.session

    def test_says_the_same_of_a_wrong_code_and_a_wrong_password(self, client):
        user = staff_member()

        wrong_code = attempt(client, user, code="000000")
        wrong_password = attempt(client, user, password="wrong", code=code_of(user))

        errors = [one.context["form"].non_field_errors() for one in (wrong_code, wrong_password)]
        assert errors[0] == errors[1]
        assert "do not go together" in errors[0][0]

    def test_takes_a_code_once(self, client):
        user = staff_member()
        code = code_of(user)
        attempt(client, user, code=code)

        answer = attempt(Client(), user, code=code)

        assert answer.status_code == 200

    def test_with_an_app_does_not_slow_down_backup_codes(self, client):
        user = staff_member()
        (first, *_) = replace_backup_codes(user)
        attempt(client, user, code=code_of(user))

        answer = attempt(Client(), user, code=f"{first[:4]} {first[4:]}".upper())

        assert answer.status_code == 302

    def test_takes_a_backup_code_once(self, client):
        user = staff_member()
        (first, *_) = replace_backup_codes(user)
        attempt(client, user, code=first)

        answer = attempt(Client(), user, code=first)

        assert answer.status_code == 200

    def test_without_a_second_factor_in_the_session_opens_nothing(self, client):
        client.force_login(staff_member())

        answer = client.get("/admin/")

        assert answer.url == "/admin/login/?next=/admin/"

    def test_is_in_spanish_under_es(self, client):
        answer = client.get("/es" + LOGIN)

        assert '<html lang="es"' in answer.text
        assert 'href="/admin/login/"' in answer.text

    @pytest.mark.parametrize("code", ["000000", "not-a-code"])
    def test_hashes_as_often_whether_the_password_is_right_or_not(self, client, monkeypatch, code):
        """A hash takes 40 ms: who could count them would know that a password is right."""
        user, scrypt, calls = staff_member(), hashlib.scrypt, []
        replace_backup_codes(user)
        monkeypatch.setattr(hashlib, "scrypt", lambda *a, **k: calls.append(1) or scrypt(*a, **k))

        counts = []
        for password in (PASSWORD, "wrong"):
            attempt(client, user, password=password, code=code)
            counts.append(len(calls))
            calls.clear()

        assert counts[0] == counts[1]


class TestFailures:
    def test_lock_a_name_after_ten(self, client):
        user = staff_member()
        before = fail_often(client, user, times=9)
        after = fail_often(client, user, times=1)

        refused = attempt(client, user, code=code_of(user))

        assert (before.status_code, after.status_code, refused.status_code) == (200, 429, 429)
        assert "Log-in is locked" in refused.text

    def test_lock_for_an_hour(self, client):
        user = staff_member()
        fail_often(client, user)
        AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=61))

        assert attempt(client, user, code=code_of(user)).status_code == 302

    def test_lock_a_name_for_a_whole_ipv6_household(self, client, settings):
        settings.TRUSTED_PROXY_COUNT = 1
        user = staff_member()

        answers = [
            fail_often(client, user, times=1, x_forwarded_for=f"2001:db8:0:1::{last:x}")
            for last in range(10)
        ]
        next_door = attempt(client, user, code=code_of(user), x_forwarded_for="2001:db8:0:2::1")

        assert [answer.status_code for answer in answers] == [200] * 9 + [429]
        assert next_door.status_code == 302

    def test_from_many_addresses_lock_a_name_for_all(self, client, settings):
        settings.TRUSTED_PROXY_COUNT = 1
        user, other = staff_member(), staff_member("editor")
        for last in range(FAILURES_OF_ONE_ACCOUNT):
            fail_often(client, user, times=1, x_forwarded_for=f"192.0.2.{last}")

        refused = attempt(client, user, code=code_of(user), x_forwarded_for="203.0.113.9")
        taken = attempt(client, other, code=code_of(other), x_forwarded_for="203.0.113.9")

        assert (refused.status_code, taken.status_code) == (429, 302)

    def test_of_a_locked_name_do_not_lock_it_for_longer(self, client):
        user = staff_member()
        fail_often(client, user)
        AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=30))

        fail_often(client, user)

        waited = timezone.now() - AccessAttempt.objects.get().attempt_time
        assert waited >= dt.timedelta(minutes=30)

    def test_of_one_name_lock_no_other(self, client):
        fail_often(client, staff_member())
        other = staff_member("editor")

        assert attempt(client, other, code=code_of(other)).status_code == 302

    def test_with_the_right_password_lock_too(self, client):
        user = staff_member()

        answers = [attempt(client, user, code="000000").status_code for _ in range(10)]

        assert answers == [200] * 9 + [429]

    def test_leave_address_time_and_account_behind_and_nothing_else(self, client):
        fail_often(client, staff_member(), user_agent="Browser 1", accept="text/html")

        (kept,) = AccessAttempt.objects.values(
            "username", "ip_address", "user_agent", "http_accept", "get_data", "post_data"
        )
        words = kept.pop("get_data") + kept.pop("post_data")

        assert set(words) <= set("-\n")
        assert kept == {
            "username": "curator", "ip_address": "127.0.0.1", "user_agent": "", "http_accept": "",
        }  # fmt: skip

    def test_of_names_that_are_none_do_not_keep_them(self, client):
        slip = {"username": "my-password-by-mistake", "password": "x", "otp_token": "000000"}
        client.post(LOGIN, slip)

        assert "mistake" not in AccessAttempt.objects.get().username

    def test_print_no_address(self, client, capfd):
        fail_often(client, staff_member())

        assert "127.0.0.1" not in "".join(capfd.readouterr())


class TestClientAddress:
    def test_is_not_taken_from_a_header_without_proxies(self, client):
        user = staff_member()
        for last in range(10):
            answer = fail_often(client, user, times=1, x_forwarded_for=f"192.0.2.{last}")

        assert answer.status_code == 429
        assert AccessAttempt.objects.get().ip_address == "127.0.0.1"

    def test_is_what_the_outermost_own_proxy_saw(self, client, settings):
        settings.TRUSTED_PROXY_COUNT = 2
        user = staff_member()

        fail_often(client, user, times=1, x_forwarded_for="203.0.113.9, 192.0.2.1, 10.0.0.2")

        assert AccessAttempt.objects.get().ip_address == "192.0.2.1"

    @pytest.mark.parametrize("words", ["", "unknown", "192.0.2.1:5000, <script>", "a, b"])
    def test_is_the_last_hop_where_the_header_makes_no_sense(self, client, settings, words):
        settings.TRUSTED_PROXY_COUNT = 1
        user = staff_member()

        fail_often(client, user, times=1, x_forwarded_for=words)

        assert AccessAttempt.objects.get().ip_address == "127.0.0.1"
