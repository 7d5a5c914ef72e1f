"""Reading without a connection: only what somebody kept, and what clearing leaves of it."""

import re

import pytest
from playwright.sync_api import expect

from ..support.navigation import follow
from ..support.privacy_proofs import proves

NEAR = "/search/?place=11206&within=50"
GUIDE, HELP = "/guides/overdose-and-naloxone/", "/help-now/"
PAGES_KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(request.url);
  const paths = found.map((url) => url.replace(location.origin, ""));
  return paths.filter((path) => !path.startsWith("/static/")).sort();
}"""
URLENCODED = "application/x-www-form-urlencoded"
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"


@pytest.fixture
def visitor(browser):
    """A browser of its own, on the line again at the end."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def codes(visitor, served) -> list[str]:
    """The codes of the first three facilities near a place."""
    visitor.goto(served.url + NEAR)
    links = visitor.locator("article.card h2 a")
    return [links.nth(number).get_attribute("href").rstrip("/")[-8:] for number in range(3)]


def keep(page, address: str) -> None:
    page.goto(address, wait_until="networkidle")
    page.locator("[data-keep-it]").click()
    expect(page.locator("[data-keep-no-more]")).to_be_visible(timeout=20_000)
    page.evaluate("navigator.serviceWorker.ready")


def kept(page) -> list[str]:
    return page.evaluate(PAGES_KEPT)


@pytest.mark.browser
class TestKeeping:
    @proves("kept-pages", "kept-last")
    def test_makes_readable_what_was_kept_and_no_more(self, visitor, served, codes):
        sheet = f"/call/{codes[0]},{codes[1]}/"
        keep(visitor, served.url + sheet)
        visitor.goto(served.url + NEAR)  # a search with a worker at work
        assert kept(visitor) == sorted([sheet, GUIDE, HELP, "/offline/"])

        visitor.context.set_offline(True)
        for path, words in ((sheet, "Call sheet"), (GUIDE, "Overdose"), (HELP, "Help right now")):
            visitor.goto(served.url + path)
            expect(visitor.locator("h1")).to_contain_text(words)
            expect(visitor.locator("html")).to_have_attribute("data-kept", re.compile("."))
            # Style, script and letters came along: the page says which copy it is, and looks so.
            expect(visitor.locator("[data-said]")).to_contain_text("You are reading the copy")
            assert visitor.evaluate("document.fonts.check('16px \"Public Sans\"')")
        for path in (NEAR, f"{sheet}?all=1", "/quality/"):
            visitor.goto(served.url + path)
            expect(visitor.locator("h1")).to_have_text("There is no connection")
        expect(visitor.locator("[data-readable] a")).to_have_count(3)

    @proves("kept-last")
    def test_of_another_comparison_takes_the_place_of_the_last(self, visitor, served, codes):
        one, other = f"{codes[0]},{codes[1]}", f"{codes[0]},{codes[2]}"
        keep(visitor, f"{served.url}/compare/{one}/")
        keep(visitor, f"{served.url}/call/{one}/")
        keep(visitor, f"{served.url}/compare/{other}/")
        keep(visitor, f"{served.url}/es/compare/{other}/")

        assert kept(visitor) == sorted([
            f"/call/{one}/", f"/compare/{other}/", f"/es/compare/{other}/", GUIDE, HELP,
            "/offline/", f"/es{GUIDE}", f"/es{HELP}", "/es/offline/",
        ])  # fmt: skip
        visitor.context.set_offline(True)
        visitor.goto(f"{served.url}/es/search/")
        expect(visitor.locator("h1")).to_have_text("No hay conexión")

    @proves("kept-last")
    def test_does_so_in_every_language_of_the_site(self, browser, served, codes):
        def answer_in_french(route):
            response = route.fetch(url=route.request.url.replace("/fr/", "/"))
            french = '<link rel="alternate" hreflang="fr" href="/fr/"></head>'
            route.fulfill(response=response, body=response.text().replace("</head>", french))

        # A worker would ask past the route.
        context = browser.new_context(service_workers="block")
        context.route("**/fr/**", answer_in_french)
        page = context.new_page()
        for last in codes[1:]:
            page.goto(f"{served.url}/fr/compare/{codes[0]},{last}/")
            page.locator("[data-keep-it]").click()
            expect(page.locator("[data-said]")).not_to_be_empty(timeout=20_000)

        assert [path for path in kept(page) if "compare" in path] == [
            f"/fr/compare/{codes[0]},{codes[2]}/"
        ]
        context.close()

    def test_is_offered_and_undone_by_a_button(self, visitor, served):
        visitor.goto(served.url + HELP)
        assert kept(visitor) == []
        assert visitor.evaluate(WORKERS) == 0
        keep(visitor, served.url + HELP)

        visitor.locator("[data-keep-no-more]").click()
        expect(visitor.locator("[data-said]")).to_have_text("Deleted from this device.")

        assert kept(visitor) == []
        assert visitor.evaluate(WORKERS) == 0


@pytest.mark.browser
class TestClearing:
    @proves("clear")
    def test_deletes_what_was_kept_after_saying_what_it_is(self, visitor, served, codes):
        keep(visitor, f"{served.url}/call/{codes[0]}/")
        visitor.locator("[data-note]").first.fill("Ask for Sam")
        visitor.goto(served.url + NEAR)
        visitor.locator(".choose input").first.check()
        visitor.goto(f"{served.url}/clear/")
        expect(visitor.locator("[data-held] li")).to_have_count(3)

        follow(visitor.locator("[data-clear-device] button"))

        held = "Nothing of this site is kept on this device."
        expect(visitor.locator("[data-held]")).to_contain_text(held)
        assert visitor.evaluate("localStorage.length + sessionStorage.length") == 0
        assert kept(visitor) == []
        assert visitor.evaluate(WORKERS) == 0

    @proves("clear")
    def test_works_without_scripts(self, browser, served, codes, visitor):
        keep(visitor, f"{served.url}/call/{codes[0]}/")
        visitor.evaluate("localStorage.setItem('chosen', '[]')")
        visitor.context.route("**/device*.js", lambda route: route.abort())
        visitor.goto(f"{served.url}/clear/")
        visitor.context.unroute("**/device*.js")

        follow(visitor.locator("[data-clear-device] button"))

        expect(visitor.locator("h1")).to_have_text("This device is cleared")
        assert visitor.evaluate("localStorage.length") == 0
        assert kept(visitor) == []


@pytest.mark.django_db
class TestAnswers:
    def test_of_clearing_ask_the_browser_to_delete_and_set_no_cookie(self, client):
        answer = client.post("/es/clear/", {}, URLENCODED, headers={"origin": "http://testserver"})

        assert answer["Clear-Site-Data"] == '"cache", "storage"'
        assert answer.cookies == {}
        assert "Clear-Site-Data" not in client.get("/clear/")

    def test_of_another_sites_form_clear_nothing(self, client):
        answer = client.post("/clear/", headers={"origin": "https://elsewhere.example"})

        assert answer.status_code == 403
        assert "Clear-Site-Data" not in answer

    def test_of_the_worker_are_a_script_at_the_root_asked_for_anew(self, client):
        answer = client.get("/service-worker.js")

        assert answer["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer["Cache-Control"] == "no-cache"
        assert not re.search(rb"\.(put|add|addAll|open)\(", answer.content)  # it only reads
        assert "worker-src 'self'" in answer["Content-Security-Policy"]

    def test_of_the_worker_knows_every_language_of_the_site(self, client, settings):
        settings.LANGUAGES = [("en", "English"), ("es", "Spanish"), ("fr", "French")]

        script = client.get("/service-worker.js").content.decode()

        assert 'const LANGUAGES = ["es", "fr"];' in script
