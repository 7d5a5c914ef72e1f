"""Makes .venv with exactly the packages of the requirements.

Run it as ``python3.11 -m directory.bootstrap.install``. Needs nothing but Python's own library,
since it runs before anything is installed. uv does the work where there is one, else venv and pip.
A second run with the same requirements does nothing.
"""

from __future__ import annotations  # an older Python shall get as far as the sentence in main

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
RUNTIME = ROOT / "requirements.txt"
TESTS = ROOT / "tests" / "requirements.txt"


def install(*requirements: Path) -> None:
    """Bring .venv to ``requirements``, unless it was brought there before."""
    stamp = ENVIRONMENT / f"installed-{requirements_fingerprint(*requirements)}"
    if stamp.exists() and PYTHON.exists():
        return
    uv = shutil.which("uv")
    if not runs_python(PYTHON):
        make_environment(uv)
    command = [uv, "pip", "install", "--quiet", "--python", PYTHON]
    if not uv:
        command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    print("Installing the packages into .venv ...", flush=True)
    files = [argument for file in requirements for argument in ("-r", file)]
    subprocess.run([*command, "--require-hashes", *files], check=True)
    stamp.touch()


def make_environment(uv: str | None) -> None:
    """Make .venv afresh with the Python that runs this."""
    if uv:
        command = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, ENVIRONMENT]
    else:
        command = [sys.executable, "-m", "venv", "--clear", ENVIRONMENT]
    if subprocess.run(command).returncode:
        sys.exit(
            "This Python cannot make an environment. On Debian and Ubuntu install python3-venv, "
            "or install uv, then try again."
        )


def runs_python(python: Path) -> bool:
    """Whether ``python`` is there, is new enough and can install (an interrupted .venv may not)."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return not subprocess.run([python, "-c", check], stderr=subprocess.DEVNULL).returncode
    except OSError:
        return False


def requirements_fingerprint(*requirements: Path) -> str:
    digest = hashlib.sha256()
    for file in requirements:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def main() -> None:
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    wants_tests = parser.parse_args().tests
    os.chdir(ROOT)
    try:
        install(*([RUNTIME, TESTS] if wants_tests else [RUNTIME]))
    except subprocess.CalledProcessError:
        sys.exit("The packages could not be installed: the lines above say why.")


if __name__ == "__main__":
    main()
