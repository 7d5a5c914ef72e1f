"""Log-in through an identity provider: the real conversation with one on this machine."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from facilities.accounts.provider_accounts import PROVIDER_BACKEND
from facilities.admin.accounts import identity_provider
from facilities.admin.accounts.identity_provider import ProviderClient
from facilities.models import NewDevice, ProviderAccount

from ..support.accounts import PASSWORD, client_of, code_of, staff_client, staff_member
from ..support.html import Page
from ..support.identity_provider import START, come_back_address, log_in, set_claims

pytestmark = [pytest.mark.django_db, pytest.mark.server]
EDITOR = {"preferred_username": "ana", "groups": ["all", "dir-editors"]}


@pytest.fixture(scope="module")
def issuer():
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def site(issuer, settings):
    """The settings of a site that has this provider."""
    settings.ROOT_URLCONF = "tests.support.identity_provider"
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, PROVIDER_BACKEND]
    settings.OIDC_ISSUER, settings.OIDC_NAME = issuer, "County login"
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = "directory", "a secret"
    settings.OIDC_VERIFY_KID = False  # this provider has one key, without a name
    settings.OIDC_ROLES = {"dir-editors": "editor", "dir-staff": "curator"}
    return settings


def refusal(answer) -> str:
    assert "_auth_user_id" not in answer.client.session
    return Page(answer).text


def roles(name: str) -> list[str]:
    return [group.name for group in User.objects.get(username=name).groups.all()]


def verified_by(client_id: str):
    """Return the check of a token by a site of that name."""
    check = ProviderClient.verify_token

    def verify_token(self, token, **words):
        self.OIDC_RP_CLIENT_ID = client_id
        return check(self, token, **words)

    return verify_token


class TestLogin:
    def test_leads_to_the_page_that_was_asked_for(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        page = "/es/admin/facilities/facility/"
        [link] = Page(client.get(client.get(page).url)).all("a.button")

        answer = log_in(client, "person-1", start=link.attributes["href"])

        assert answer.url == page
        assert client.get(page).status_code == 200
        assert roles("ana") == ["editor"]
        assert client.get("/admin/auth/user/").status_code == 403

    def test_brings_the_address_to_which_new_devices_are_told(self, client, issuer):
        for claims in ({"email": "ana@example.org"}, {"email": "x@x.x", "email_verified": False}):
            set_claims(issuer, "person-1", **EDITOR | claims)
            log_in(Client(), "person-1")

        assert [device.user.email for device in NewDevice.objects.all()] == ["ana@example.org"] * 2

    def test_lasts_no_longer_than_any_other(self, client, issuer, site):
        set_claims(issuer, "person-1", **EDITOR)

        log_in(client, "person-1")

        assert client.session.get_expiry_age() == site.SESSION_COOKIE_AGE
        assert not [name for name in client.session.load() if name.startswith("oidc")]

    def test_knows_the_person_again_under_another_name(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        log_in(client, "person-1")
        set_claims(issuer, "person-1", **EDITOR | {"preferred_username": "ana-maria"})

        log_in(Client(), "person-1")

        assert [user.username for user in User.objects.all()] == ["ana"]

    def test_goes_to_no_other_site_afterwards(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)

        answer = log_in(client, "person-1", start=START + "?next=https://example.org/")

        assert answer.url == "/admin/"

    @pytest.mark.parametrize("page", ["/", "/es/help-now/"])
    def test_sets_no_cookie_on_public_pages(self, client, page):
        assert not client.get(page).cookies

    def test_keeps_the_strict_policy(self, client, issuer):
        answer = client.get("/admin/login/")

        assert "localhost" not in answer.headers["Content-Security-Policy"]
        assert client.get(START).headers["Content-Security-Policy"]

    def test_is_offered_beside_the_password(self, client):
        page = Page(client.get("/admin/login/"))

        assert "County login" in page.text
        assert page.all("input[name=password]")


class TestGroups:
    def test_give_the_highest_of_their_roles(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR | {"groups": ["dir-staff", "dir-editors"]})

        log_in(client, "person-1")

        assert roles("ana") == ["editor"]

    @pytest.mark.parametrize("groups", [["all"], [], "dir-editor", None])
    def test_that_have_no_role_open_nothing(self, client, issuer, groups):
        set_claims(issuer, "person-1", preferred_username="ana", groups=groups)

        answer = log_in(client, "person-1", start=START + "?next=/es/admin/")

        assert answer.status_code == 403
        assert "ninguno de los grupos" in refusal(answer)
        assert not User.objects.exists()

    def test_that_a_person_left_take_the_role_away(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        log_in(client, "person-1")
        set_claims(issuer, "person-1", **EDITOR | {"groups": ["all"]})

        answer = log_in(Client(), "person-1")

        assert "none of the groups" in refusal(answer)
        assert roles("ana") == []
        assert client.get("/admin/facilities/facility/").status_code == 403

    def test_that_change_are_in_the_history_of_the_account(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        log_in(client, "person-1")
        set_claims(issuer, "person-1", **EDITOR | {"groups": "dir-staff"})

        log_in(Client(), "person-1")

        assert roles("ana") == ["curator"]
        [entry] = LogEntry.objects.all()
        assert entry.change_message == "Role by the identity provider: curator."


class TestAnswer:
    """What comes back from the provider, and proves nothing."""

    def test_for_another_browser_is_refused(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        address = come_back_address(client, "person-1")

        answer = Client().get(address)

        assert answer.status_code == 400
        assert "another browser" in refusal(answer)

    def test_with_a_changed_state_is_refused(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        address = come_back_address(client, "person-1")

        assert client.get(address + "x").status_code == 400

    def test_is_taken_once(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        address = come_back_address(client, "person-1")
        client.get(address)
        client.logout()

        assert client.get(address).status_code == 400

    def test_with_a_wrong_code_is_refused(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        address = come_back_address(client, "person-1")

        answer = client.get(address.replace("code=", "code=x"))

        assert answer.status_code == 403
        assert "does not prove who you are" in refusal(answer)

    def test_of_another_issuer_is_refused(self, client, issuer, site, caplog):
        """The same server under its other name signs with the same key."""
        set_claims(issuer, "person-1", **EDITOR)
        other = identity_provider.fetch_provider_configuration(
            issuer.replace("localhost", "127.0.0.1")
        )
        address = come_back_address(client, "person-1")
        site.OIDC_ISSUER = "https://login.example.org"
        identity_provider.fetch_provider_configuration.cache_clear()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(identity_provider, "fetch_provider_configuration", lambda issuer: other)
            answer = client.get(address)

        assert answer.status_code == 403
        assert "another issuer" in caplog.text
        assert "does not prove" in refusal(answer)

    def test_for_another_site_is_refused(self, client, issuer, site, caplog):
        """A token that the provider made for another of its sites, and that site gave away."""
        set_claims(issuer, "person-1", **EDITOR)
        site.OIDC_RP_CLIENT_ID = "another site"
        address = come_back_address(client, "person-1")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                identity_provider.ProviderClient, "verify_token", verified_by("directory")
            )
            answer = client.get(address)

        assert answer.status_code == 403
        assert "for another site" in caplog.text

    def test_that_the_person_canceled_is_told(self, client):
        answer = log_in(client, "person-1", action="deny")

        assert answer.status_code == 400
        assert refusal(answer)

    def test_does_not_open_the_password_door(self, client, issuer):
        """The library would take code and state from any log-in, without a nonce."""
        set_claims(issuer, "person-1", **EDITOR)
        address = come_back_address(client, "person-1")
        form = {"username": "ana", "password": "x", "otp_token": "000000"}

        client.post(address.replace(START + "callback/", "/admin/login/"), form)

        assert "_auth_user_id" not in client.session


class TestProvider:
    def test_that_names_itself_otherwise_is_refused(self, client, issuer, site):
        site.OIDC_ISSUER = issuer + "/"

        answer = client.get(START)

        assert answer.status_code == 403

    def test_that_does_not_answer_leaves_the_password(self, client, site):
        site.OIDC_ISSUER = "http://localhost:9"

        answer = client.get(START)

        assert answer.status_code == 503
        assert "does not answer" in refusal(answer)
        assert client.get("/admin/login/").status_code == 200

    def test_that_is_slow_is_not_told_as_a_false_answer(self, client, issuer, site):
        set_claims(issuer, "person-1", **EDITOR)
        address = come_back_address(client, "person-1")
        site.OIDC_TIMEOUT = 0.0001

        answer = client.get(address)

        assert answer.status_code == 503
        assert "does not answer" in refusal(answer)

    def test_is_asked_so_often_an_hour_from_one_connection(self, client, monkeypatch):
        monkeypatch.setattr(identity_provider, "STARTS_PER_HOUR", 1)
        client.get(START)

        answer = client.get(START)

        assert answer.status_code == 429
        assert "in an hour" in refusal(answer)

    def test_whose_log_in_was_broken_off_shortens_no_other(self, client, issuer, site):
        user = staff_member()
        client.get(START)
        form = {"username": user.username, "password": PASSWORD, "otp_token": code_of(user)}

        client.post("/admin/login/?next=/admin/", form)

        assert client.session.get_expiry_age() == site.SESSION_COOKIE_AGE

    def test_that_took_the_place_of_another_knows_the_same_people(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        log_in(client, "person-1")
        ProviderAccount.objects.update(issuer="https://former.example.org", subject="a")

        answer = log_in(Client(), "person-1")

        assert answer.url == "/admin/"
        assert ProviderAccount.objects.get().issuer == issuer

    def test_that_is_there_no_more_leaves_accounts_to_links(self, client, issuer, site):
        set_claims(issuer, "person-1", **EDITOR)
        log_in(client, "person-1")
        site.OIDC_ISSUER = ""
        page = f"/admin/auth/user/{User.objects.get().pk}/"
        administrator = staff_client("administrator")

        assert "link/" in administrator.get(page + "change/").text
        assert administrator.post(page + "link/").status_code == 200

    def test_need_not_answer_for_those_who_are_logged_in(self, client, issuer, site):
        set_claims(issuer, "person-1", **EDITOR)
        log_in(client, "person-1")
        site.OIDC_ISSUER = "http://localhost:9"

        assert client.get("/admin/").status_code == 200


class TestAccount:
    def test_with_a_password_is_not_taken_over(self, client, issuer):
        staff_member("administrator", name="ana")
        set_claims(issuer, "person-1", **EDITOR)

        answer = log_in(client, "person-1")

        assert "has a password" in refusal(answer)
        assert roles("ana") == ["administrator"]

    def test_without_a_password_is_taken_over(self, client, issuer):
        ana = staff_member("administrator", name="ana")
        ana.set_unusable_password()
        ana.save()
        set_claims(issuer, "person-1", **EDITOR)

        log_in(client, "person-1")

        assert ProviderAccount.objects.get().user == ana
        assert roles("ana") == ["editor"]

    def test_of_one_person_is_not_given_to_another_of_the_same_name(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        set_claims(issuer, "person-2", **EDITOR)
        log_in(client, "person-1")

        answer = log_in(Client(), "person-2")

        assert answer.status_code == 403
        assert ProviderAccount.objects.get().subject == "person-1"

    def test_switched_off_here_is_refused(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        log_in(client, "person-1")
        User.objects.update(is_active=False)

        set_claims(issuer, "person-1", **EDITOR | {"groups": ["dir-staff"]})
        answer = log_in(Client(), "person-1")

        assert "switched off" in refusal(answer)
        assert roles("ana") == ["editor"]  # nothing of it changes
        assert client.get("/admin/").status_code == 302

    def test_that_lost_its_role_can_be_switched_off(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        log_in(client, "person-1")
        set_claims(issuer, "person-1", **EDITOR | {"groups": []})
        log_in(Client(), "person-1")
        page = f"/admin/auth/user/{User.objects.get().pk}/change/"

        answer = staff_client("administrator").post(page, {"email": ""})

        assert answer.status_code == 302
        assert not User.objects.get(username="ana").is_active

    def test_gets_neither_role_nor_link_here(self, client, issuer):
        set_claims(issuer, "person-1", **EDITOR)
        log_in(client, "person-1")
        page = f"/admin/auth/user/{User.objects.get().pk}/"
        administrator = staff_client("administrator")

        administrator.post(page + "change/", {"role": "administrator", "is_active": "on"})

        assert roles("ana") == ["editor"]
        assert administrator.post(page + "link/").status_code == 403
        assert "link/" not in administrator.get(page + "change/").text
        assert "County login" in administrator.get("/admin/auth/user/").text

    def test_of_a_local_administrator_must_remain(self, client, issuer, site):
        site.OIDC_ROLES = {"dir-editors": "administrator"}
        set_claims(issuer, "person-1", **EDITOR)
        log_in(client, "person-1")
        root = staff_member("administrator", name="root")

        answer = client.post(f"/admin/auth/user/{root.pk}/change/", {"role": "editor"})

        assert "only administrator" in answer.text
        assert client_of(root).get("/admin/").status_code == 200
