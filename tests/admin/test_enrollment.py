"""How an account of staff begins: one link, a password, an app, backup codes."""

import re
from base64 import b32decode, b32encode
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from facilities.accounts import second_factor
from facilities.accounts.enrollment import create_account, create_enrollment_link

from ..support.accounts import PASSWORD, client_of, code_for, code_of, staff_member
from ..support.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> str:
    """The page of a new curator's link."""
    return f"/admin/enroll/?link={create_enrollment_link(create_account('ana', 'curator'))}"


def secret_on(answer) -> tuple[str, bytes]:
    """The sealed secret in the form, and what the person's app takes from the page."""
    page = Page(answer)
    sealed = page.attribute("input[name=secret]", "value")
    [letters] = page.texts(".secret code")
    return sealed, b32decode(letters.replace(" ", ""))


def begin(client: Client, page: str, *, password=PASSWORD, **changes):
    sealed, key = secret_on(client.get(page))
    form = {"new_password1": password, "new_password2": password, "secret": sealed}
    return client.post(page, form | {"code": code_for(key)} | changes)


class TestEnrolment:
    def test_ends_with_ten_backup_codes_and_an_account_that_can_log_in(self, client, page):
        answer = begin(client, page)

        user = User.objects.get(username="ana")
        codes = Page(answer).texts("li code")
        assert len(set(codes)) == 10
        assert {len(code) for code in codes} == {8}
        given = {"username": "ana", "password": PASSWORD, "otp_token": code_of(user, steps=1)}
        assert client.post("/admin/login/", given).status_code == 302

    def test_draws_the_secret_as_a_square_and_in_letters(self, client, page):
        answer = client.get(page)

        assert int(Page(answer).attribute(".square svg", "width")) > 0
        assert len(secret_on(answer)[1]) == 20

    def test_opens_the_app_of_the_phone_it_is_read_on(self, client, page):
        answer = client.get(page)

        letters = b32encode(secret_on(answer)[1]).decode()
        address = Page(answer).attribute('a[href^="otpauth://totp/"]', "href")
        assert f"secret={letters}" in address

    def test_tells_a_password_manager_whose_password_it_is(self, client, page):
        shown = Page(client.get(page))

        assert shown.attribute("input[autocomplete=username]", "value") == "ana"

    def test_is_never_kept_by_the_browser(self, client, page):
        kept = client.get(page)["Cache-Control"], begin(client, page)["Cache-Control"]

        assert all("no-store" in words for words in kept)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"code": "000000"}, "not the code"),
            ({"code": "abc"}, "not the code"),
            ({"new_password2": "another-password-1"}, "didn’t match"),
            ({"new_password1": "short", "new_password2": "short"}, "at least 12"),
            ({"new_password1": "password1234", "new_password2": "password1234"}, "too common"),
        ],
    )
    def test_goes_on_with_the_same_secret_after_a_mistake(self, client, page, changes, words):
        answer = begin(client, page, **changes)

        assert words in answer.text
        sealed, key = secret_on(answer)
        passwords = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        form = passwords | {"secret": sealed, "code": code_for(key)}
        assert "backup codes" in client.post(page, form).text

    def test_takes_no_secret_but_its_own(self, client, page):
        assert begin(client, page, secret="0" * 40).status_code == 410


class TestLink:
    def test_works_once(self, client, page):
        begin(client, page)

        assert client.get(page).status_code == 410
        assert client.post(page, {}).status_code == 410

    def test_ends_after_two_days(self, client, page, settings):
        settings.PASSWORD_RESET_TIMEOUT = -1

        assert client.get(page).status_code == 410

    def test_is_void_once_there_is_a_newer_one(self, client, page):
        create_enrollment_link(User.objects.get(username="ana"))

        assert client.get(page).status_code == 410

    @pytest.mark.parametrize("link", ["", "x", "1-", "zzzzzzzzzzzzzzzzzz-1-2", "1-a-b", "\0-\0"])
    def test_that_makes_no_sense_is_refused(self, client, link):
        assert client.get("/admin/enroll/", {"link": link}).status_code == 410

    def test_of_another_account_opens_only_that(self, client, page):
        other = staff_member("editor")
        token = page.partition("link=")[2].partition("-")[2]

        assert client.get(f"/admin/enroll/?link={other.pk}-{token}").status_code == 410

    def test_for_an_account_switched_off_is_void(self, client, page):
        User.objects.update(is_active=False)

        assert client.get(page).status_code == 410

    def test_ends_password_app_codes_and_sessions_of_an_account(self):
        user = staff_member()
        client = client_of(user)

        create_enrollment_link(user)

        user.refresh_from_db()
        assert not user.has_usable_password()
        assert not user.totpdevice_set.exists()
        assert client.get("/admin/").status_code == 302


def run(*words: str, **options) -> str:
    printed = StringIO()
    call_command("invite_staff", *words, stdout=printed, **options)
    return printed.getvalue()


class TestEnrollCommand:
    def test_prints_a_link_that_works(self, client, settings):
        settings.ALLOWED_HOSTS = ["127.0.0.1", "testserver"]

        link = re.search(r"http://127\.0\.0\.1:8000(/\S+)", run("ana", "--role", "editor"))[1]

        assert client.get(link).status_code == 200
        assert [group.name for group in User.objects.get().groups.all()] == ["editor"]

    def test_prints_the_address_of_the_site_and_of_its_language(self):
        printed = run("ana", "--language=es", "--address=https://example.org/")

        assert "https://example.org/es/admin/enroll/?link=" in printed

    def test_makes_no_account_twice(self):
        run("ana")

        with pytest.raises(CommandError, match="--again"):
            run("ana")

    def test_opens_an_account_again(self, client):
        user = staff_member()

        run("curator", "--again")

        user.refresh_from_db()
        assert not user.has_usable_password()

    @pytest.mark.parametrize("words", [("no spaces here",), ("nobody", "--again"), ("<b>",)])
    def test_refuses_what_cannot_be(self, words):
        with pytest.raises(CommandError):
            run(*words)

        assert not User.objects.exists()


class TestBackupCodes:
    def test_are_made_anew_for_a_code(self):
        user = staff_member()

        answer = client_of(user).post("/admin/backup-codes/", {"otp_token": code_of(user)})

        codes = Page(answer).texts("li code")
        digests = {second_factor.hash_backup_code(code, user.pk) for code in codes}
        assert digests == set(StaticToken.objects.values_list("token", flat=True))

    def test_are_not_to_be_read_in_the_database(self):
        user = staff_member()
        codes = second_factor.replace_backup_codes(user)

        kept = [*StaticToken.objects.values_list("token", flat=True)]

        assert [len(token) for token in kept] == [16] * 10
        assert second_factor.find_device_by_code(user, kept[0]) is None
        StaticDevice.objects.update(throttling_failure_count=0)
        assert second_factor.find_device_by_code(user, codes[0])

    def test_of_before_work_after_the_update(self):
        user = staff_member()
        device = StaticDevice.objects.create(user=user, name="backup codes")
        StaticToken.objects.create(device=device, token="abcd2345")

        import_module("facilities.migrations.0004_hashed_backup_codes").hash_codes(apps, None)

        assert not StaticToken.objects.filter(token="abcd2345").exists()
        assert second_factor.find_device_by_code(user, "ABCD-2345") == device

    def test_are_not_made_without_a_code(self):
        client = client_of(staff_member())

        answer = client.post("/admin/backup-codes/", {"otp_token": "000000"})

        assert "wrong or was used" in answer.text
        assert not StaticToken.objects.exists()
