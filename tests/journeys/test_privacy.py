"""A whole journey in Chromium, as a visitor takes it, and what it left: nothing anywhere else."""

import re
from dataclasses import dataclass, field

import pytest

from ..support.privacy_proofs import proves

SEARCH = "/search/?place=11206&within=50"
# Pages of a journey that nothing was chosen on; the rest of it is found on the way.
PAGES = (
    "/choose/", "/guides/", "/guides/overdose-and-naloxone/", "/how-it-works/", "/quality/",
    "/privacy/", "/help-now/", "/clear/", "/receipt/", "/worksheets/emergency-plan/",
    "/es/privacy/", "/es/help-now/", "/nowhere/",
)  # fmt: skip
KEPT = """async () => [
  localStorage.length, sessionStorage.length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length, (await indexedDB.databases()).length,
]"""
NOTE_POSITION = """
  const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  navigator.geolocation.getCurrentPosition = (...rest) => { notePosition(); ask(...rest); };
"""
LINE = re.compile(
    r"\[\d{2}/\w{3}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\]"
    r" (GET|HEAD|POST|OPTIONS|-) (-|/[^?\s]*) \d{3} (\d+|-|None) bytes \d+ ms"
)


@dataclass
class Journey:
    """What a browser asked for and kept, and the lines that the log gained."""

    requests: list[str] = field(default_factory=list)
    positions: list[bool] = field(default_factory=list)
    cookies: list = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)


def travel(page, url: str) -> None:
    """From the first page to a search, a facility, a comparison, its sheets and all the rest."""
    page.goto(f"{url}/")
    page.locator("#q").fill("11206")
    page.locator(".find .primary").click()
    page.wait_for_url("**/search/?place=11206*")
    page.locator("#filters").evaluate("filters => filters.open = true")
    page.locator("#payment-medicaid").check()
    page.wait_for_url("**payment=medicaid**")
    links = page.locator("article.card h2 a")
    slugs = [links.nth(number).get_attribute("href") for number in range(2)]
    codes = ",".join(slug.rstrip("/")[-8:] for slug in slugs)
    found = (slugs[0], f"{slugs[0]}report/", f"/compare/{codes}/", f"/call/{codes}/",
             f"/handout/{codes}/")  # fmt: skip
    for path in (*found, *PAGES):
        page.goto(url + path, wait_until="networkidle")


@pytest.fixture(scope="module")
def journey(browser, served) -> Journey:
    context, found = browser.new_context(), Journey()
    context.expose_function("notePosition", lambda: found.positions.append(True))
    context.add_init_script(NOTE_POSITION)
    page = context.new_page()
    page.on("request", lambda request: found.requests.append(request.url))
    before = len(served.log_text())
    travel(page, served.url)
    found.cookies, found.kept = context.cookies(), page.evaluate(KEPT)
    entries = context.new_cdp_session(page).send("Page.getNavigationHistory")["entries"]
    found.history = [entry["url"] for entry in entries]
    found.lines = [line for line in served.log_text()[before:].splitlines() if line.startswith("[")]
    context.close()
    return found


@pytest.mark.browser
class TestJourney:
    @proves("one-origin")
    def test_asks_no_other_origin_for_anything(self, journey, served):
        assert len(journey.requests) > len(PAGES)
        assert [url for url in journey.requests if not url.startswith(f"{served.url}/")] == []

    @proves("no-cookies")
    def test_brings_home_no_cookie(self, journey):
        assert journey.cookies == []

    @proves("nothing-unasked")
    def test_leaves_nothing_on_the_device(self, journey):
        assert journey.kept == [0, 0, 0, 0, 0]

    @proves("log", "log-not")
    def test_leaves_lines_of_when_what_how_and_how_long(self, journey):
        access = [line for line in journey.lines if " ms" in line]

        assert [line for line in access if not LINE.fullmatch(line)] == []
        assert any(" GET /search/ 200 " in line for line in access)
        assert [line for line in journey.lines if re.search(r"11206|medicaid|Chrom", line)] == []

    @proves("location-asked")
    def test_asks_for_no_position(self, journey):
        assert journey.positions == []

    @proves("history")
    def test_stays_in_the_browsers_own_history(self, journey, served):
        assert any(url.startswith(f"{served.url}/search/?place=11206") for url in journey.history)


@pytest.mark.browser
class TestLocation:
    @proves("location-asked", "location-rounded")
    def test_leaves_the_device_when_asked_and_rounded(self, browser, served):
        context = browser.new_context(
            geolocation={"latitude": 40.706912, "longitude": -73.943567},
            permissions=["geolocation"],
        )
        page, sent = context.new_page(), []
        page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
        page.goto(f"{served.url}/")
        assert "lat=" not in "".join(sent)

        page.locator("#locate").click()
        page.wait_for_url("**/search/?**")

        assert page.url == f"{served.url}/search/?lat=40.71&lon=-73.94"
        assert [each for each in sent if "40.706" in each or "73.943" in each] == []
        context.close()


@pytest.mark.browser
class TestPlans:
    @proves("plans")
    def test_are_neither_kept_nor_sent(self, page, served):
        page.goto(f"{served.url}/worksheets/emergency-plan/", wait_until="networkidle")
        sent = []
        page.on("request", lambda request: sent.append(request.url))

        page.locator("main :is(input, textarea)").first.fill("Doctor Example, 555-0101")
        page.locator("main :is(input, textarea)").first.press("Enter")
        page.wait_for_timeout(300)

        assert sent == []
        assert page.evaluate(KEPT) == [0, 0, 0, 0, 0]
        page.goto(f"{served.url}/worksheets/emergency-plan/")
        assert page.locator("main :is(input, textarea)").first.input_value() == ""
