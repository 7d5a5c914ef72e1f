"""Where staff are logged in is theirs to see and end, and a new device is noted to them."""

import datetime as dt

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client

from facilities.accounts.enrollment import create_enrollment_link, read_signed_secret
from facilities.models import NewDevice

from ..support.accounts import PASSWORD, code_for, code_of, staff_client, staff_member
from ..support.background import run_jobs
from ..support.html import Page

pytestmark = pytest.mark.django_db
SESSIONS = "/admin/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
MOMENT = dt.datetime(2026, 3, 4, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(MOMENT, tick=False) as clock:
        yield clock


def log_in(user, clock, *, browser: str = FIREFOX, client: Client | None = None) -> Client:
    """Log in with both factors, a minute after the last time: a code counts once."""
    clock.shift(60)
    client = client or Client(headers={"user-agent": browser})
    form = {"username": user.username, "password": PASSWORD, "otp_token": code_of(user)}
    assert client.post("/admin/login/?next=/admin/", form).status_code == 302
    return client


def rows(client: Client, address: str = SESSIONS) -> list[str]:
    return Page(client.get(address)).texts("tbody tr")


class TestSessions:
    def test_are_listed_with_browser_and_time(self, clock):
        user = staff_member()
        log_in(user, clock, browser=SAFARI)
        client = log_in(user, clock)

        newest, older = rows(client)

        assert "Firefox, Windows" in newest
        assert "9:32 a.m." in newest
        assert "This browser" in newest
        assert "Safari, iPhone" in older

    def test_hold_neither_address_nor_version_nor_key(self, clock):
        client = log_in(staff_member(), clock)

        held = str(Session.objects.get().get_decoded())
        page = client.get(SESSIONS).text

        assert "127.0.0.1" not in held
        assert "140" not in held
        assert client.session.session_key not in page

    def test_of_others_are_not_listed(self, clock):
        log_in(staff_member("editor"), clock, browser=SAFARI)

        assert len(rows(log_in(staff_member(), clock))) == 1

    def test_that_a_new_password_ended_are_not_listed(self, clock):
        user = staff_member()
        client, other = log_in(user, clock), log_in(user, clock)
        form = {"old_password": PASSWORD, "new_password1": "lantern-orbit-9-mossy"}

        client.post("/admin/password_change/", form | {"new_password2": form["new_password1"]})

        assert len(rows(client)) == 1
        assert other.get("/admin/").status_code == 302

    def test_are_ended_one_by_one(self, clock):
        user = staff_member()
        client, phone, third = (log_in(user, clock) for _ in range(3))
        codes = Page(client.get(SESSIONS)).attributes("button[name=session]", "value")

        client.post(SESSIONS, {"session": codes[1]})

        assert [one.get("/admin/").status_code for one in (client, phone, third)] == [200, 302, 200]

    def test_are_ended_all_but_this_one(self, clock):
        user = staff_member()
        client, other = log_in(user, clock), log_in(user, clock)
        stranger = log_in(staff_member("editor"), clock)

        client.post(SESSIONS, {"session": "all"})

        answers = [one.get("/admin/").status_code for one in (client, other, stranger)]
        assert answers == [200, 302, 200]

    def test_of_another_person_are_an_administrators_to_end(self, clock):
        user = staff_member()
        client = log_in(user, clock)
        page = f"/admin/auth/user/{user.pk}/sessions/"
        administrator = staff_client("administrator")
        assert len(rows(administrator, page)) == 1

        administrator.post(page, {"session": "all"})

        assert client.get("/admin/").status_code == 302
        assert [entry.change_message for entry in LogEntry.objects.all()] == ["Sessions ended."]

    def test_of_another_person_are_not_a_curators(self, clock):
        user = staff_member("editor")
        log_in(user, clock)

        answer = staff_client("curator").post(
            f"/admin/auth/user/{user.pk}/sessions/", {"session": "all"}
        )

        assert answer.status_code == 403
        assert Session.objects.count() == 2

    def test_are_in_spanish_under_es(self, clock):
        page = Page(log_in(staff_member(), clock).get("/es" + SESSIONS))

        assert "Este navegador" in page.text
        assert page.language == "es"


class TestNewDevice:
    def test_is_noted_on_the_first_page(self, clock):
        client = log_in(staff_member(), clock)

        assert "Was it you?" in client.get("/admin/").text
        assert "Firefox, Windows" in client.get("/admin/").text

    def test_is_new_once(self, clock):
        user = staff_member()
        client = log_in(user, clock)
        client.post("/admin/logout/")

        log_in(user, clock, client=client)

        assert NewDevice.objects.count() == 1

    def test_stays_known_as_long_as_it_is_used(self, clock):
        user = staff_member()
        client = log_in(user, clock)
        for _year in range(2):
            clock.shift(dt.timedelta(days=300))
            log_in(user, clock, client=client)

        assert NewDevice.objects.count() == 1

    def test_is_new_to_each_person(self, clock):
        client = log_in(staff_member(), clock)
        client.post("/admin/logout/")

        log_in(staff_member("editor"), clock, client=client)

        assert NewDevice.objects.count() == 2

    def test_is_settled_by_a_browser_used_before(self, clock):
        user = staff_member()
        client = log_in(user, clock)
        NewDevice.objects.all().delete()
        log_in(user, clock, browser=SAFARI)
        [button] = Page(client.get("/admin/")).attributes("button[name=device]", "value")

        client.post(SESSIONS, {"device": button})

        assert not NewDevice.objects.exists()

    def test_cannot_settle_itself(self, clock):
        user = staff_member()
        log_in(user, clock)
        NewDevice.objects.all().delete()
        stranger = log_in(user, clock, browser=SAFARI)

        stranger.post(SESSIONS, {"device": NewDevice.objects.get().pk})

        assert NewDevice.objects.exists()
        assert not Page(stranger.get("/admin/")).all("button[name=device]")

    def test_is_not_the_one_on_which_the_account_began(self, clock):
        user = staff_member()
        link = create_enrollment_link(user)
        page = f"/admin/enroll/?link={link}"
        client = Client()
        sealed = Page(client.get(page)).attribute("input[name=secret]", "value")
        secret = bytes.fromhex(read_signed_secret(sealed, link))
        form = {"new_password1": PASSWORD, "new_password2": PASSWORD, "secret": sealed}

        client.post(page, form | {"code": code_for(secret)})
        log_in(user, clock, client=client)

        assert not NewDevice.objects.exists()

    def test_with_a_forged_cookie_is_new(self, clock):
        user = staff_member()
        client = Client()
        client.cookies["staff-device"] = f'{{"{user.pk}": 1}}'

        log_in(user, clock, client=client)

        assert NewDevice.objects.exists()

    def test_is_mailed_in_the_language_of_the_page(self, clock, settings, mailoutbox):
        settings.EMAIL_ENABLED = True
        user = staff_member()
        user.email = "ana@example.org"
        user.save()
        form = {"username": user.username, "password": PASSWORD, "otp_token": code_of(user)}

        Client(headers={"user-agent": FIREFOX}).post("/es/admin/login/", form)
        run_jobs()

        [message] = mailoutbox
        assert message.to == ["ana@example.org"]
        assert "dispositivo nuevo" in message.subject
        assert "Firefox, Windows" in message.body

    def test_is_mailed_nowhere_without_an_address(self, clock, settings, mailoutbox):
        settings.EMAIL_ENABLED = True

        log_in(staff_member(), clock)
        run_jobs()

        assert mailoutbox == []
