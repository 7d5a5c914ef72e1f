"""Which languages the site speaks, and the address of a page in each of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language_from_path, get_language_info


@dataclass(frozen=True)
class Language:
    """A language by its code and its own name, and the address of one page in it."""

    code: str
    name: str
    address: str


def codes() -> tuple[str, ...]:
    """The language at the root of the site first."""
    others = (code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    return (settings.LANGUAGE_CODE, *others)


def of_path(path: str) -> str:
    """The language that a path is in."""
    return get_language_from_path(path) or settings.LANGUAGE_CODE


def in_each(address: str) -> Iterator[Language]:
    """The same page in every language: the first at the root, the others under their code."""
    root = address
    for code in codes()[1:]:
        if address == f"/{code}" or address.startswith(f"/{code}/"):
            root = address.removeprefix(f"/{code}") or "/"
    for code in codes():
        start = "" if code == settings.LANGUAGE_CODE else f"/{code}"
        yield Language(code, capfirst(get_language_info(code)["name_local"]), start + root)
