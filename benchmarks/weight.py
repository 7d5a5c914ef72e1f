"""What the first visit of a page weighs over the wire, and when it shows something on a slow line.

``python benchmarks/weight.py`` serves SAMHSA's real directory by gunicorn as in production and
opens each page in Chromium with an empty cache: once to add up the bytes that came over the wire,
headers included, and once at 400 kbit/s with 400 ms there and back, to take the times of the first
text and of the largest. ``--url`` measures a site that is running. Bytes are exact; times are those
of this machine beside other work.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import servers
from tests.support.live_server import CHROMIUM_ARGUMENTS

BITS_PER_SECOND = 400_000
ROUND_TRIP = 400  # milliseconds
SEARCH = "/search/?place=11206&within=25"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
# Remembers the largest text or picture so far; the browser tells of it only while it is watched.
WATCH = """
new PerformanceObserver(list => { window.largest = list.getEntries().at(-1).startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
"""
FIRST = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
BLOCKING = """
performance.getEntriesByType("resource")
    .filter(each => each.renderBlockingStatus === "blocking")
    .map(each => new URL(each.name).pathname)
"""


@dataclass
class Visit:
    """One first visit: bytes over the wire by kind, what held the first text back, and when."""

    weights: Counter = field(default_factory=Counter)
    blocking: list[str] = field(default_factory=list)
    first: float = 0.0
    largest: float = 0.0

    @property
    def total(self) -> int:
        return self.weights.total()

    @property
    def without_font(self) -> int:
        return self.total - self.weights["Font"]


def visit(browser: Browser, address: str, *, slowly: bool = False) -> Visit:
    """Open a page as somebody would who was never there, on a phone's screen."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.add_init_script(WATCH)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    found, kinds = Visit(), {}
    wire.on(
        "Network.responseReceived", lambda each: kinds.update({each["requestId"]: each["type"]})
    )
    wire.on("Network.loadingFinished", lambda each: weigh(found, kinds, each))
    if slowly:
        wire.send("Network.emulateNetworkConditions", slow_line())
    page.goto(address, wait_until="networkidle", timeout=120_000)
    found.first = page.evaluate(FIRST)
    found.largest = page.evaluate("window.largest")
    found.blocking = page.evaluate(BLOCKING)
    context.close()
    return found


def weigh(found: Visit, kinds: dict[str, str], ended: dict) -> None:
    found.weights[kinds.get(ended["requestId"], "Other")] += int(ended["encodedDataLength"])


def slow_line() -> dict:
    speed = BITS_PER_SECOND / 8
    return {
        "offline": False,
        "latency": ROUND_TRIP,
        "downloadThroughput": speed,
        "uploadThroughput": speed,
    }


def addresses(browser: Browser, site: str) -> Iterator[tuple[str, str]]:
    """(name, path) of the pages measured; the facilities are those that the search finds first."""
    page = browser.new_page()
    page.goto(site + SEARCH)
    keys = page.eval_on_selector_all(
        "article[data-facility]", "all => all.map(each => each.dataset.facility)"
    )
    facility = page.locator("article[data-facility] a[href*='/facility/']").first
    yield "home", "/"
    yield "search", SEARCH
    yield "facility", facility.get_attribute("href")
    yield "comparison", "/compare/?" + "&".join(f"facility={key}" for key in keys[:3])
    yield "guide", "/guides/tonight/"
    page.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        sys.exit("Chromium is not on this machine (Debian's package: chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def table(browser: Browser, site: str) -> Iterator[str]:
    yield f"{'bytes':<12}{'page':>8}{'style':>8}{'script':>8}{'other':>8}{'sum':>9}{'font':>8}  "
    for name, path in [*addresses(browser, site)]:
        quick, slow = visit(browser, site + path), visit(browser, site + path, slowly=True)
        parts = [quick.weights[kind] for kind in ("Document", "Stylesheet", "Script")]
        other = quick.without_font - sum(parts)
        cells = "".join(f"{number:>8,}" for number in (*parts, other))
        times = f"first {slow.first / 1000:.1f} s, largest {slow.largest / 1000:.1f} s"
        yield (
            f"{name:<12}{cells}{quick.without_font:>9,}{quick.weights['Font']:>8,}"
            f"  {times}; blocking: {len(quick.blocking)}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", help="a running site, such as http://127.0.0.1:8000")
    site = parser.parse_args().url
    with chromium() as browser:
        if site:
            print(*table(browser, site.rstrip("/")), sep="\n")
            return
        log = Path(tempfile.mkdtemp()) / "log"
        with servers.ours(servers.on_sqlite(), log) as port:
            print(*table(browser, f"http://127.0.0.1:{port}"), sep="\n")


if __name__ == "__main__":
    main()
