"""Hostile words in every field that people or files may fill: words on every page, never markup."""

from datetime import timedelta

import pytest
from django.utils import timezone

from facilities.curation import FactCheck, record_checks
from facilities.curation.duplicates.detect import detect_duplicates
from facilities.models import (
    Audit,
    AuditCall,
    Availability,
    Conflict,
    Credential,
    Facility,
    Proposal,
    Release,
    Report,
    UpdateLink,
)

from ..support.accounts import client_of, staff_member
from ..support.factories import make_listing, make_release, make_report
from ..support.html import Page

pytestmark = pytest.mark.django_db
BAD = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{ 7|add:7 }}"
WORDS = ("name", "program_name", "street", "street2", "city", "admission_hours",
         "referral_requirements", "admission_exclusions")  # fmt: skip
PUBLIC = [
    "/search/?q=img", "/facility/x-{code}/", "/facility/x-{code}/history/",
    "/facility/x-{code}/report/", "/call/{code}/", "/quality/",
    "/handout/{code}/", "/search/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
]  # fmt: skip
LISTS = ("facility", "conflict", "proposal", "report", "updatelink", "likelypair", "merge",
         "release", "audit", "credential")  # fmt: skip
STAFF = [
    "/admin/", "/admin/queue/", "/admin/facilities/release/undo/",
    "/admin/facilities/facility/export/",
    "/admin/facilities/facility/?q=%22%3E%3Cscript%3Ealert(1)",
    *(f"/admin/facilities/{name}/" for name in LISTS),
]  # fmt: skip


@pytest.fixture
def chief():
    return staff_member("administrator")


@pytest.fixture
def pages(chief) -> list[str]:
    """Two look-alikes of which everything that can be said is hostile; where it all stands."""
    release = make_release()
    Release.objects.update(file_name=BAD)
    cells = {"name1": BAD, "name2": BAD, "street1": f"1 {BAD}", "city": BAD[:90]}
    facility, twin = (make_listing(release=release, **cells) for _ in range(2))
    now = timezone.now()
    checks = [FactCheck(fact, "corrected", f"{BAD} {fact}"[:99], note=BAD) for fact in WORDS]
    record_checks(facility, checks, by=chief, now=now)
    say_of_today(facility, chief, now)
    Conflict.objects.create(
        facility=facility, fact="name", shown_value=BAD, source_value=BAD + "x", release=release
    )
    Credential.objects.create(
        facility=facility, kind="license", issuer=BAD, number=BAD, scope=BAD, checked_on=now.date()
    )
    make_report(facility=facility, message=BAD, contact=BAD)
    audit = Audit.objects.create(seed=1, size=1, sampled_on=now.date())
    AuditCall.objects.create(
        audit=audit, facility=facility, note=BAD, outcome="wrong", called_at=now
    )
    detect_duplicates(now=now)
    pair = f"/admin/facilities/likelypair/compare/?first={facility.code}&second={twin.code}"
    public = (page.replace("{code}", facility.code) for page in PUBLIC)
    both = f"/compare/{facility.code},{twin.code}/"
    return [*public, both, *STAFF, f"/admin/queue/{facility.code}/", pair, *of_records()]


def say_of_today(facility, chief, now) -> None:
    """What comes in through a link: the link, its proposal, and whether it can admit."""
    link = UpdateLink.objects.create(
        facility=facility, token_hash="x", sent_to=BAD, made_by=chief, made_at=now,
        expires_at=now + timedelta(days=9),
    )  # fmt: skip
    Availability.objects.create(
        facility=facility, can_admit=True, words=BAD, link=link, stated_at=now,
        expires_at=now + timedelta(hours=2),
    )  # fmt: skip
    Proposal.objects.create(
        facility=facility, fact="admission_exclusions", value=BAD, value_before=BAD, note=BAD,
        link=link, method="facility", origin="facility", made_at=now,
    )  # fmt: skip


def of_records() -> list[str]:
    """The pages of each record."""
    models = (Facility, Report, Proposal, UpdateLink, Audit, Credential, Release)
    return [
        f"/admin/facilities/{model._meta.model_name}/{record_checks.pk}/change/"
        for model in models
        for record_checks in model.objects.all()
    ]


def harm_in(text: str) -> list[str]:
    """What a browser would make of a page, as far as it could do harm."""
    page = Page(text)
    harm = [
        f"{node.tag} {name}"
        for node in page.all("*")
        for name in node.attributes
        if name.startswith("on")
    ]
    harm += ["img x" for _ in page.all('img[src="x"]')]
    harm += ["script inline" for _ in page.all('script:not([src], [type="application/ld+json"])')]
    harm += [
        f"href {address}"
        for address in page.links("[href]")
        if (address or "").strip().lower().startswith(("javascript:", "data:"))
    ]
    return harm


@pytest.mark.slow
class TestEveryPage:
    def test_shows_hostile_words_as_words(self, chief, pages):
        client = client_of(chief)
        told, harmed = 0, {}
        for language in ("", "/es"):
            for page in pages:
                answer = client.get(language + page, follow=True)
                assert answer.status_code == 200, page
                told += "onerror=alert" in answer.text
                if found := harm_in(answer.text):
                    harmed[language + page] = found

        assert harmed == {}
        assert told > len(pages)  # the words do stand on most of these pages

    def test_would_be_noticed_otherwise(self):
        assert harm_in(f"<p>{BAD}</p>") == ["img onerror", "img x", "script inline"]
