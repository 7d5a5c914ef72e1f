"""What Lighthouse says of the pages that people meet first, on its phone.

``make checkers WITH=lighthouse`` gets it once; ``python benchmarks/lighthouse.py`` serves SAMHSA's
real directory by gunicorn as in production, asks Lighthouse about each page three times and prints
the medians with what kept a score down. ``--url`` asks about a site that is running. Performance
hangs on what else this machine does: its load is printed beside the scores.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import servers, weight
from tests.support.live_server import CHROMIUM_ARGUMENTS

PROGRAM = servers.CACHE / "checkers" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# Results of a search are kept out of indexes on purpose.
ON_PURPOSE = {"is-crawlable"}
TRIES = 3  # on a busy machine it misses the start of a page now and then
NARROW = weight.SEARCH + "&substance=opioid-detox"


def ask(address: str) -> dict:
    """Lighthouse's report on one page, opened on its phone with an empty cache."""
    command = ["node", str(PROGRAM), address, "--output=json", "--quiet"]
    command += [f"--only-categories={','.join(CATEGORIES)}"]
    command += [f"--chrome-flags=--headless=new {' '.join(CHROMIUM_ARGUMENTS)}"]
    browser = {"CHROME_PATH": shutil.which("chromium") or shutil.which("chromium-browser") or ""}
    for _ in range(TRIES):
        ended = subprocess.run(command, capture_output=True, text=True, env=os.environ | browser)
        if not ended.returncode:
            return json.loads(ended.stdout)
    sys.exit(ended.stderr)


def faults(report: dict) -> Iterator[str]:
    """The checks that took points in the categories that are to be without fault."""
    for name in CATEGORIES[1:]:
        for each in report["categories"][name]["auditRefs"]:
            score = report["audits"][each["id"]]["score"]
            if each["weight"] and score is not None and score < 1:
                yield each["id"]


def row(name: str, reports: list[dict]) -> str:
    """One page's medians, when it showed its largest text, and what took points."""
    scores = (
        median(each["categories"][category]["score"] for each in reports) for category in CATEGORIES
    )
    largest = median(each["audits"]["largest-contentful-paint"]["numericValue"] for each in reports)
    shift = max(each["audits"]["cumulative-layout-shift"]["numericValue"] for each in reports)
    found = sorted({each for report in reports for each in faults(report)} - ON_PURPOSE)
    cells = "".join(f"{score * 100:>16.0f}" for score in scores)
    return f"{name:<12}{cells}{largest / 1000:>9.1f} s{shift:>8.3f}  {' '.join(found)}".rstrip()


def pages(site: str) -> list[tuple[str, str]]:
    """(name, path) of what is asked about: the pages weighed, with a search as people make it."""
    with weight.chromium() as browser:
        found = dict(weight.addresses(browser, site))
    return list((found | {"search": NARROW}).items())


def table(site: str, times: int) -> Iterator[str]:
    heads = "".join(f"{category:>16}" for category in CATEGORIES)
    yield f"{'page':<12}{heads}{'largest':>11}{'shift':>8}  faults"
    for name, path in pages(site):
        yield row(name, [ask(site + path) for _ in range(times)])
    yield f"Load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors."


def show(site: str, times: int) -> None:
    for line in table(site, times):
        print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", help="a running site, such as http://127.0.0.1:8000")
    parser.add_argument("--times", type=int, default=3, help="runs a page (default: 3)")
    wanted = parser.parse_args()
    if not PROGRAM.is_file():
        sys.exit("Lighthouse is not here: make checkers WITH=lighthouse")
    if wanted.url:
        show(wanted.url.rstrip("/"), wanted.times)
        return
    log = Path(tempfile.mkdtemp()) / "log"
    with servers.ours(servers.on_sqlite(), log) as port:
        show(f"http://127.0.0.1:{port}", wanted.times)


if __name__ == "__main__":
    main()
