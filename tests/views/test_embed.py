"""The search in a frame of another site, and the page that explains it."""

import re

import pytest

from ..conventions.test_colors import contrast
from ..support.factories import log_changes, make_facility
from ..support.html import Page
from ..support.real_data import ROOT

pytestmark = pytest.mark.django_db
COUNTY = "https://county.example.org"
STYLE = ROOT / "facilities" / "static" / "facilities" / "embed.css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")


@pytest.fixture
def alder():
    made = make_facility(
        name="Alder House", services="methadone methadone-maintenance", phone="518-555-0101",
        latitude=42.65, longitude=-73.75, city="Albany", state="NY", zip="12207",
    )  # fmt: skip
    log_changes()
    return made


class TestFrame:
    def test_lists_what_the_search_lists(self, client, alder):
        make_facility(name="Far Away", state="CA")
        page = Page(client.get("/embed/?place=12207"))

        assert page.attributes("li[data-facility]", "data-facility") == [str(alder.uuid)]
        assert page.attribute("h1[data-total]", "data-total") == "1"
        assert "tel:+15185550101" in page.links()

    @pytest.mark.parametrize(
        "query", ["", "?place=12207", "?place=zzqqzz", "?ask=where&alert=a1", "?place=Springfield"]
    )
    def test_has_a_heading_of_the_first_level(self, client, alder, query):
        assert len(Page(client.get(f"/embed/{query}")).all("h1")) == 1

    def test_opens_other_pages_in_a_tab_of_their_own(self, client, alder):
        page = Page(client.get("/embed/?place=12207"))
        links = page.all("a:not([hreflang])")
        outward = [link for link in links if not link.attributes["href"].startswith("tel:")]

        assert outward
        assert {link.attributes.get("target") for link in outward} == {"_blank"}

    def test_says_what_the_search_says_of_detox_and_of_little_found(self, client, alder):
        page = Page(client.get("/embed/?place=12207&substance=opioid-detox&theme=dark"))
        offer = "/embed/?theme=dark&accent=green&place=12207&starts=start-buprenorphine"

        assert "Start medication instead: no detox is needed first 1 facility" in page.text
        assert f"{offer}&starts=start-methadone" in page.links()
        assert "/search/?place=12207&substance=opioid-detox#no-place" in page.links()

    def test_has_the_help_lines_and_no_script(self, client, alder):
        page = Page(client.get("/embed/"))

        assert {"tel:911", "tel:988"} <= {*page.links()}
        assert page.all("script") == []

    def test_may_be_shown_by_the_sites_named_and_no_other(self, client, settings):
        settings.EMBED_ORIGINS = [COUNTY]
        response = client.get("/embed/?place=12207")
        policy = response["Content-Security-Policy"]

        assert f"frame-ancestors 'self' {COUNTY};" in f"{policy};"
        assert "X-Frame-Options" not in response.headers
        assert not response.cookies
        settings.EMBED_ORIGINS = []
        policy = client.get("/embed/")["Content-Security-Policy"]
        assert "frame-ancestors 'self';" in f"{policy};"

    def test_keeps_its_look_from_page_to_page(self, client):
        for number in range(11):
            make_facility(name=f"House {number}", latitude=42.65, longitude=-73.75)
        log_changes()
        page = Page(client.get("/embed/?theme=dark&accent=blue&lat=42.65&lon=-73.75"))

        assert page.tree.root.attributes["class"] == "theme-dark accent-blue"
        assert page.form("form")["theme"] == "dark"
        (following,) = [link for link in page.links() if "page=2" in link]
        assert following.startswith("/embed/?theme=dark&accent=blue&")
        assert len(Page(client.get(following)).all("li[data-facility]")) == 1

    def test_reads_free_words_and_keeps_its_look(self, client, alder):
        response = client.get("/embed/?accent=red&place=methadone+12207", follow=True)

        address, _status = response.redirect_chain[-1]
        assert address.startswith("/embed/?theme=auto&accent=red&")
        assert "Alder House" in Page(response).text

    def test_answers_words_of_danger_first(self, client):
        page = Page(client.get("/embed/?place=my+son+is+overdosing+12207", follow=True))

        assert page.attribute("section.alert", "data-danger") == "now"
        assert "tel:911" in page.links("section.alert a")

    @pytest.mark.parametrize(
        ("query", "status"),
        [("place=zzqqzz", 400), ("place=Springfield", 200), ("colour=red", 400),
         ("theme=x&accent=y", 200), ("ask=where&medication=methadone", 200)],
    )  # fmt: skip
    def test_lists_nothing_where_it_is_not_sure(self, client, alder, query, status):
        response = client.get(f"/embed/?{query}")

        assert response.status_code == status
        assert Page(response).all("li[data-facility]") == []

    def test_of_no_other_page_is_allowed(self, client, settings):
        settings.EMBED_ORIGINS = [COUNTY]
        for address in ("/", "/search/", "/embed/webmasters/", "/admin/login/"):
            policy = client.get(address)["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in policy


class TestWebmasters:
    def test_shows_what_its_code_makes(self, client):
        page = Page(client.get("/embed/webmasters/?theme=dark&accent=purple"))

        code = page.one("#frame-code").text()
        assert 'src="http://testserver/embed/?theme=dark&amp;accent=purple"' in code
        assert page.attribute("iframe", "src") in code.replace("&amp;", "&")
        assert page.attribute(".shown-live form", "action") == "http://testserver/search/"

    def test_may_show_its_own_frame(self, client):
        assert "frame-src 'self'" in client.get("/embed/webmasters/")["Content-Security-Policy"]

    def test_has_a_form_that_finds_something(self, client, alder):
        form = Page(client.get("/embed/webmasters/")).form(".shown-live form")

        assert [*form] == ["place"]
        page = Page(client.get("/search/", {"place": "12207"}))
        assert "Alder House" in page.text

    def test_is_there_in_spanish(self, client):
        page = Page(client.get("/es/embed/webmasters/"))

        assert "/es/search/" in page.one("#form-code").text()
        assert "/es/embed/" in page.attribute("iframe", "src")


class TestColors:
    @pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
    def test_read_on_each_other(self, scheme):
        named = [(name, pair[scheme]) for name, *pair in PAIR.findall(STYLE.read_text())]
        ground, caution, ink, soft = (
            dict(named)[name] for name in ("ground", "ground-caution", "ink", "ink-soft")
        )
        accents = [color for name, color in named if name == "accent"]
        on_accents = [color for name, color in named if name == "on-accent"]

        assert len(accents) == len(on_accents) == 5
        pairs = [(each, on) for each in (ink, soft, *accents) for on in (ground, caution)]
        pairs += zip(on_accents, accents, strict=True)
        assert [pair for pair in pairs if contrast(*pair) < 4.5] == []
