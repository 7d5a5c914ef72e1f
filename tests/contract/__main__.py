"""Run tools of others against the served API and the published files: ``make contract``.

schemathesis asks every operation what its document allows and what it does not, and compares the
answers with it, of the API and of HSDS. A client made by openapi-python-client does a search, which
must find as many facilities as the page. Frictionless validates the published files, and Datasette
serves the database and counts a facet.
"""

import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from selectolax.lexbor import LexborHTMLParser

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ENVIRONMENT = ROOT / ".cache" / "contract"
PROGRAMS = ENVIRONMENT / "bin"
DOCUMENT = "/api/v1/openapi.json"
HSDS_DOCUMENT = "/api/hsds/openapi.json"
PAGE = "/search/?medication=methadone&payment=medicaid"
EXAMPLES = 50
PATIENCE = 60  # seconds until the server answers


def main() -> None:
    install()
    with tempfile.TemporaryDirectory(prefix="contract-") as name:
        folder = Path(name)
        environment = prepare_site(folder)
        with serving(environment) as address:
            ask_all(address + DOCUMENT)
            ask_all(address + HSDS_DOCUMENT)
            use_client(address, folder)
        read_files(environment)


def install() -> None:
    """Make the environment, or bring it up to what is required."""
    if not PROGRAMS.is_dir():
        venv.create(ENVIRONMENT, with_pip=True)
    run(PROGRAMS / "python", "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt")


def prepare_site(folder: Path) -> dict[str, str]:
    """Prepare an installation with demonstration data; return its environment."""
    environment = os.environ | {
        "API_REQUESTS_PER_MINUTE": "0",
        "DATA_DIR": str(folder / "published"),
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "directory.settings",
        "HTTPS": "no",
        "SECRET_KEY": "a-key-of-the-served-site-0123456789-abcdefghijklmnopqrstuvwxyz",
        "STATIC_ROOT": str(folder / "static"),
    }
    prepare = (sys.executable, "-m", "directory.bootstrap.run", "--prepare-only")
    for words in (prepare, (sys.executable, "manage.py", "load_demonstration")):
        subprocess.run(words, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """Serve the site on a free port, give its address, and end the server afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = "{}:{}".format(*probe.getsockname())
    command = [sys.executable, "-m", "gunicorn", "--config", "directory/gunicorn.py"]
    command += ["--bind", host, "--access-logfile", os.devnull, "directory.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield wait_for(f"http://{host}")
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> str:
    for _ in range(PATIENCE):
        try:
            urlopen(address + DOCUMENT).close()
        except URLError:
            time.sleep(1)
        else:
            return address
    raise TimeoutError(address)


def ask_all(document: str) -> None:
    run(
        PROGRAMS / "schemathesis", "--config-file", HERE / "schemathesis.toml", "run",
        document, "--max-examples", EXAMPLES, "--workers", 1,
    )  # fmt: skip


def use_client(address: str, folder: Path) -> None:
    """Let the generated client search. Raises AssertionError if the page finds another number."""
    run(
        PROGRAMS / "openapi-python-client", "generate", "--meta", "none",
        "--url", f"{address}{DOCUMENT}", "--output-path",
        folder / "open_treatment_directory_client",
    )  # fmt: skip
    found = subprocess.run(
        [PROGRAMS / "python", HERE / "use_client.py", address],
        env=os.environ | {"PYTHONPATH": str(folder)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    with urlopen(address + PAGE) as response:
        page = LexborHTMLParser(response.read())
    total = page.css_first("[data-total]").attributes["data-total"]
    assert found.stdout.strip() == total, (found.stdout, total)


def read_files(environment: dict[str, str]) -> None:
    """Publish the data, and let Frictionless and Datasette read them."""
    publish = (sys.executable, "manage.py", "publish_data")
    subprocess.run(publish, cwd=ROOT, env=environment, check=True)
    newest = Path(environment["DATA_DIR"]) / "latest"
    run(PROGRAMS / "frictionless", "validate", newest / "datapackage.json")
    with tempfile.TemporaryDirectory(prefix="hsds-") as folder:
        shutil.unpack_archive(newest / "hsds.zip", folder)
        run(PROGRAMS / "frictionless", "validate", Path(folder) / "datapackage.json")
    table = "/directory/answers.json?answer=yes&_facet=service&_size=0"
    counted = subprocess.run(
        [PROGRAMS / "datasette", newest / "directory.sqlite", "-m", newest / "datasette.json",
         "--get", table], check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    with (newest / "facilities.csv").open(encoding="utf-8", newline="") as file:
        services = [row["services_yes"].split("; ") for row in csv.DictReader(file)]
    facet = json.loads(counted.stdout)["facet_results"]["service"]["results"]
    for result in facet:
        assert result["count"] == sum(result["label"] in each for each in services), result
    assert facet


def run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True)


if __name__ == "__main__":
    main()
