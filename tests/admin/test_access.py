"""Who may open which page of the staff's site: every address, each role, and a stranger.

A new page fails here until it stands in the table of ``access.py``.
"""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.urls.resolvers import URLResolver
from django.utils import translation

from facilities.accounts.enrollment import create_enrollment_link
from facilities.admin import staff_site
from facilities.models import Audit, LikelyPair, Merge, Proposal
from facilities.roles import ROLES, make_roles

from ..support.accounts import client_of, staff_client, staff_member
from ..support.factories import make_facility, make_release, make_verification
from ..support.permissions_matrix import OF_SOMETHING, OPEN_TO, PUBLIC

pytestmark = pytest.mark.django_db

OWN_PAGES = {
    "index", "backup_codes", "sessions", "keys", "password_change", "password_change_done",
    "jsi18n",
}  # fmt: skip
NOW = datetime(2024, 3, 1, tzinfo=UTC)


def routes(patterns) -> dict[str, list[str]]:
    """The names of all addresses of the staff's site, and what each is filled in with."""
    found = {}
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns)
        elif pattern.name:
            found[pattern.name] = list(pattern.pattern.converters) or list(
                pattern.pattern.regex.groupindex
            )
    return found


ROUTES = routes(staff_site.get_urls())
APART = sorted(OPEN_TO.keys() - PUBLIC - {"logout"})  # leaving and arriving are tested elsewhere


@pytest.fixture
def filling() -> dict[str, dict[str, object]]:
    """Table of a route -> what to put into its address; "" for those of no table."""
    facility = make_facility(status="draft")
    check = make_verification(fact="phone", facility=facility, value_after="518-555-0101")
    staff = staff_member("curator", name="somebody")
    proposal = Proposal.objects.create(facility=facility, fact="phone", method="phone", made_at=NOW)
    suspended = facility.suspended_numbers.create(number="518-555-0101", suspended_at=NOW)
    hold = facility.legal_holds.create(reason="A letter", placed_at=NOW)
    facility.calls.create(pk=proposal.pk, made_at=NOW, assignment_before={})
    dispute = facility.disputes.create(fact="phone", made_at=NOW)
    report = facility.reports.create(topic="phone", receipt="x", reported_on=NOW.date())
    link = facility.update_links.create(token_hash="x", made_at=NOW, expires_at=NOW)
    credential = facility.credentials.create(kind="license", issuer="NY", checked_on=NOW)
    audit = Audit.objects.create(seed=1, size=1, sampled_on=NOW)
    audit.calls.create(pk=audit.pk, facility=facility)
    release = make_release()
    first, second = sorted((facility, make_facility()), key=lambda one: one.pk)
    pair = LikelyPair.objects.create(first=first, second=second, score=90, found_at=NOW)
    conflict = facility.conflicts.create(fact="phone", release=release)
    merge = Merge.objects.create(kept=first, absorbed=second, made_at=NOW)
    shared = {
        "key": proposal.pk, "code": facility.code, "check": check.pk, "proposal": proposal.pk,
        "app_label": "facilities", "token": "none", "release": release.pk, "slug": facility.slug,
        "suspended": suspended.pk, "hold": hold.pk,
        "content_type_id": ContentType.objects.get_for_model(type(facility)).pk,
    }  # fmt: skip
    rows = {
        "": facility, "facilities_facility": facility, "facilities_credential": credential,
        "facilities_conflict": conflict, "facilities_likelypair": pair,
        "facilities_merge": merge, "facilities_proposal": proposal, "facilities_updatelink": link,
        "facilities_audit": audit,
        "facilities_report": report, "facilities_dispute": dispute,
        "facilities_release": release, "auth_user": staff,
    }  # fmt: skip
    keys = {table: {"object_id": row.pk, "key": row.pk} for table, row in rows.items()}
    return {table: shared | keys[table] for table in keys} | {"": shared | {"object_id": "0"}}


def address(name: str, filling: dict) -> str:
    table = name.rpartition("_")[0]
    values = filling.get(table, filling[""])
    with translation.override("en"):
        return reverse(f"admin:{name}", kwargs={key: values[key] for key in ROUTES[name]})


def opens(client: Client, name: str, filling: dict) -> bool:
    """Whether a page, or where it leads, answers; what only takes forms is sent an empty one."""
    page = address(name, filling)
    answer = client.get(page, follow=True)
    if answer.status_code == 405:
        answer = client.post(page)
    return not is_refusal(answer) or (answer.status_code == 404 and name in OF_SOMETHING)


def is_refusal(answer) -> bool:
    if answer.status_code == 302:
        return answer.url.startswith("/admin/login/")
    return answer.status_code in (403, 404, 405)


class TestEveryAddress:
    def test_stands_in_the_table(self):
        assert sorted(ROUTES) == sorted(OPEN_TO)

    @pytest.mark.parametrize("role", ROLES)
    def test_opens_to_those_it_is_for(self, role, filling):
        client = client_of(staff_member(role))

        opened = {name for name in APART if opens(client, name, filling)}

        assert opened == {name for name in APART if role in OPEN_TO[name]}

    @pytest.mark.parametrize("role", ROLES)
    def test_takes_nothing_from_others(self, role, filling):
        client = client_of(staff_member(role))
        closed = [name for name, roles in OPEN_TO.items() if role not in roles]

        taken = [name for name in closed if not is_refusal(client.post(address(name, filling)))]

        assert taken == []

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("language", ["", "/es"])
    def test_leads_strangers_to_the_login_alone(self, filling, method, language):
        for name in APART:
            page = language + address(name, filling)

            answer = getattr(Client(), method)(page)

            assert answer.status_code == 302, name
            assert answer.url == f"{language}/admin/login/?next={page}"

    def test_that_does_not_exist_leads_strangers_to_the_login_too(self, client):
        assert client.get("/admin/nothing/here/").url.startswith("/admin/login/")


class TestARefusal:
    def test_says_so_in_the_sites_own_words(self):
        answer = staff_client("curator").get("/es/admin/auth/user/")

        assert answer.status_code == 403
        assert 'href="/es/admin/"' in answer.text

    def test_of_an_old_form_says_what_to_do(self):
        client = Client(enforce_csrf_checks=True)

        answer = client.post("/admin/login/", {"username": "ana"})

        assert answer.status_code == 403
        assert "load the page again" in answer.text


class TestAnAccountWithoutARole:
    def test_opens_nothing_but_its_own_pages(self, filling):
        user = staff_member("curator", name="nobody")
        user.groups.clear()
        client = client_of(user)

        opened = {name for name in APART if opens(client, name, filling)}

        assert opened == OWN_PAGES


class TestRoles:
    def test_are_those_that_settings_know(self):
        assert tuple(ROLES) == settings.ROLES

    def test_hold_what_the_one_before_holds(self):
        curator, editor, administrator = map(set, ROLES.values())

        assert curator < editor < administrator

    def test_need_no_permission_that_does_not_exist(self):
        assert make_roles(Group.objects, Permission.objects) == []

    def test_are_brought_back_to_the_table(self):
        make_roles(Group.objects, Permission.objects)
        curators = Group.objects.get(name="curator")
        curators.permissions.add(Permission.objects.get(codename="add_user"))

        call_command("make_roles", verbosity=0)

        names = curators.permissions.values_list("codename", flat=True)
        assert "add_user" not in names
        assert len(names) == len(ROLES["curator"])

    def test_of_staff_alone_open_the_site(self):
        user = staff_member("administrator")
        client = client_of(user)
        user.is_staff = False
        user.save()

        assert client.get("/admin/").status_code == 302


class TestTheFirstPage:
    @pytest.mark.parametrize("role", ROLES)
    def test_shows_links_that_open(self, role):
        client = client_of(staff_member(role))

        links = client.get("/admin/").context["links"]

        assert links
        assert all(client.get(link.address).status_code == 200 for link in links)


class TestAnEnrolmentLink:
    def test_opens_to_a_stranger(self, client):
        link = create_enrollment_link(staff_member())

        assert client.get("/admin/enroll/", {"link": link}).status_code == 200
