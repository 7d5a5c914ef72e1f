"""Accounts of staff are an administrator's to keep, and one of them always remains."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.urls import reverse

from ..support.accounts import client_of, staff_client, staff_member
from ..support.html import Page
from .test_login import attempt, fail_often

pytestmark = pytest.mark.django_db
ACCOUNTS = "/admin/auth/user/"


def change(client, user, **values):
    return client.post(f"{ACCOUNTS}{user.pk}/change/", {"is_active": "on"} | values)


class TestAccounts:
    def test_begin_with_a_link_shown_once(self, client):
        form = {"username": "ana", "role": "editor"}

        answer = staff_client("administrator").post(f"{ACCOUNTS}add/", form)

        [link] = Page(answer).texts(".secret code")
        assert link.startswith("http://testserver/admin/enroll/")
        assert client.get(link).status_code == 200
        ana = User.objects.get(username="ana")
        assert [group.name for group in ana.groups.all()] == ["editor"]
        assert ana.is_staff
        assert not ana.is_superuser

    def test_take_no_more_from_the_form_than_name_role_and_state(self):
        user = staff_member()

        change(
            staff_client("administrator"), user, role="editor", username="other",
            is_superuser="on", user_permissions="1", password="x" * 20,
        )  # fmt: skip

        after = User.objects.get(pk=user.pk)
        assert (after.username, after.is_superuser, after.password) == (
            user.username, False, user.password,
        )  # fmt: skip
        assert [group.name for group in after.groups.all()] == ["editor"]

    @pytest.mark.parametrize("role", ["curator", "editor"])
    def test_are_closed_to_other_roles(self, role):
        user = staff_member(role)
        client = client_of(user)

        answers = [
            client.get(ACCOUNTS),
            client.post(f"{ACCOUNTS}add/", {"username": "ana", "role": "administrator"}),
            change(client, user, role="administrator"),
            client.post(f"{ACCOUNTS}{user.pk}/link/"),
        ]

        assert [answer.status_code for answer in answers] == [403] * 4
        assert [group.name for group in user.groups.all()] == [role]

    def test_are_switched_off_and_not_deleted(self):
        user = staff_member()
        client = staff_client("administrator")

        deleted = client.post(f"{ACCOUNTS}{user.pk}/delete/", {"post": "yes"})
        change(client, user, role="curator", is_active="")

        assert deleted.status_code == 403
        assert not User.objects.get(pk=user.pk).is_active

    def test_of_superusers_are_a_superusers_to_change(self):
        root = staff_member("editor", name="root")
        User.objects.filter(pk=root.pk).update(is_superuser=True)
        client = staff_client("administrator")

        assert change(client, root, role="curator").status_code == 403
        assert client.post(f"{ACCOUNTS}{root.pk}/link/").status_code == 403


class TestTheLastAdministrator:
    @pytest.mark.parametrize("values", [{"role": "editor"}, {"is_active": ""}])
    def test_stays_one(self, values):
        user = staff_member("administrator")

        answer = change(client_of(user), user, **({"role": "administrator"} | values))

        assert "only administrator" in answer.text
        user.refresh_from_db()
        assert user.is_active
        assert user.groups.filter(name="administrator").exists()

    def test_is_no_longer_the_last_once_another_is_enrolled(self):
        user = staff_member("administrator")
        staff_member("administrator", name="second")

        change(client_of(user), user, role="editor")

        assert user.groups.filter(name="editor").exists()

    def test_is_the_last_while_the_other_has_not_used_the_link(self):
        user = staff_member("administrator")
        second = staff_member("administrator", name="second")
        client = client_of(user)
        client.post(f"{ACCOUNTS}{second.pk}/link/")

        assert "only administrator" in change(client, user, role="editor").text


class TestANewLink:
    def test_is_asked_about_first(self):
        user = staff_member()

        staff_client("administrator").get(f"{ACCOUNTS}{user.pk}/link/")

        assert User.objects.get(pk=user.pk).has_usable_password()

    def test_ends_what_the_person_had(self):
        user = staff_member()

        answer = staff_client("administrator").post(f"{ACCOUNTS}{user.pk}/link/")

        assert "/admin/enroll/?link=" in answer.text
        assert not User.objects.get(pk=user.pk).has_usable_password()
        assert not user.totpdevice_set.exists()

    def test_is_not_made_for_oneself(self):
        user = staff_member("administrator")

        assert client_of(user).post(f"{ACCOUNTS}{user.pk}/link/").status_code == 403


class TestALock:
    def test_is_lifted_by_an_administrator(self, client):
        user = staff_member()
        fail_often(client, user)
        form = {"action": "lift_lock", "_selected_action": user.pk}

        staff_client("administrator").post(reverse("admin:auth_user_changelist"), form)

        assert not AccessAttempt.objects.exists()
        assert attempt(client, user, password="wrong").status_code == 200
