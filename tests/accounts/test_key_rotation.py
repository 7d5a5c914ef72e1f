"""A new SECRET_KEY beside the old one keeps everybody in."""

import pytest
from django.test import Client

from facilities.accounts.second_factor import replace_backup_codes

from ..admin.test_login import attempt
from ..support.accounts import staff_member

pytestmark = pytest.mark.django_db
NEW_KEY = "a-new-key-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM"


class TestBackupCode:
    def test_of_before_the_change_works_once_while_the_old_key_is_kept(self, settings):
        user = staff_member()
        code = replace_backup_codes(user)[0]
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = NEW_KEY

        assert attempt(Client(), user, code=code).status_code == 302
        assert attempt(Client(), user, code=code).status_code == 200

    def test_of_before_is_void_without_the_old_key(self, settings):
        user = staff_member()
        code = replace_backup_codes(user)[0]
        settings.SECRET_KEY = NEW_KEY

        assert attempt(Client(), user, code=code).status_code == 200


class TestSession:
    def test_of_before_the_change_goes_on(self, client, settings):
        user = staff_member()
        code = replace_backup_codes(user)[0]
        attempt(client, user, code=code)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = NEW_KEY

        assert client.get("/admin/").status_code == 200
