"""Terms and disclaimer: the operator by name, no promise, notices by setting, no patients."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from facilities.guidance.privacy_statements import ABOUT_PATIENTS

from ..support.factories import make_facility
from ..support.html import Page
from ..support.self_service_client import address_for

pytestmark = pytest.mark.django_db


def notice(kind: str, language: str, text: str) -> dict[str, str]:
    return {"kind": kind, "language": language, "text": text}


class TestTerms:
    @pytest.mark.parametrize("prefix", ["", "/es"])
    def test_are_linked_from_the_foot_of_a_page(self, client, prefix):
        foot = client.get(f"{prefix}/").content.decode().partition('<footer class="site">')[2]

        assert f'href="{prefix}/terms/"' in foot

    def test_name_the_operator_and_the_way_to_reach_them(self, client, settings):
        settings.OPERATOR_NAME = "Ohio <b>Recovery</b> Office"
        settings.CONTACT_URL = "mailto:help@example.org"
        html = client.get("/terms/").content.decode()

        assert "Ohio &lt;b&gt;Recovery&lt;/b&gt; Office runs this site and answers for it." in html
        assert '<a href="mailto:help@example.org">help@example.org</a>' in html

    def test_say_where_nobody_is_named(self, client, settings):
        settings.OPERATOR_NAME = ""

        assert "has not given a name yet" in client.get("/terms/").content.decode()

    def test_promise_nothing_and_lead_to_help(self, client):
        page = Page(client.get("/terms/"))

        assert "no medical or legal advice" in page.text
        assert "We promise neither that they are right" in page.text
        assert {"tel:911", "tel:988", "tel:+18006624357"} <= {
            link.attributes["href"] for link in page.all("main a")
        }


class TestNotices:
    def test_are_left_out_without_the_setting(self, client, settings):
        settings.LEGAL_NOTICES = []
        html = client.get("/terms/").content.decode()

        assert 'id="nondiscrimination"' not in html
        assert 'id="accessibility"' in html
        assert 'id="languages"' in html

    def test_are_shown_in_the_language_of_the_page(self, client, settings):
        settings.LEGAL_NOTICES = [
            notice("nondiscrimination", "en", "We treat all alike.\n\nSecond part."),
            notice("nondiscrimination", "es", "Tratamos a todos por igual."),
            notice("accessibility", "en", "Ask for large print."),
        ]
        english, spanish = (Page(client.get(path)) for path in ("/terms/", "/es/terms/"))

        assert english.texts("#nondiscrimination ~ [lang=en] p") == [
            "We treat all alike.", "Second part.",
        ]  # fmt: skip
        assert spanish.texts("#nondiscrimination ~ [lang]") == ["Tratamos a todos por igual."]
        assert spanish.texts("#accessibility ~ [lang=en]") == ["Ask for large print."]

    def test_on_language_help_are_shown_in_every_language_the_pages_own_first(
        self, client, settings
    ):
        settings.LEGAL_NOTICES = [
            notice("language-help", "vi", "Trợ giúp"), notice("language-help", "es", "Ayuda"),
        ]  # fmt: skip

        said = Page(client.get("/es/terms/")).texts("#languages ~ [lang]")
        assert said == ["Ayuda", "Trợ giúp"]

    def test_are_text_whatever_is_in_them(self, client, settings):
        settings.LEGAL_NOTICES = [notice("nondiscrimination", "en", "<script>alert(1)</script>")]

        assert "<script>alert" not in client.get("/terms/").content.decode()


class TestFormsWithFreeText:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_ask_not_to_write_about_a_patient(self, client, language):
        prefix = "" if language == "en" else "/es"
        with override(language):
            asked = str(ABOUT_PATIENTS)
        listing = make_facility()
        report = Page(client.get(f"{prefix}/facility/{listing.slug}/report/"))
        update = Page(client.get(prefix + address_for(listing, timezone.now())))

        assert [asked in text for text in report.texts("#id_words_helptext")] == [True]
        # beside changes and disputes; availability has no free text
        assert update.text.count(asked) == 2
