"""A page's address in each language: one language at the root, each other under its code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import get_language_info


@dataclass(frozen=True)
class Language:
    """A language by its code and its own name, and the address of one page in it."""

    code: str
    name: str
    address: str


def addresses_in_every_language(address: str, codes: Sequence[str]) -> Iterator[Language]:
    for code in codes:
        start = "" if code == codes[0] else f"/{code}"
        name = capfirst(get_language_info(code)["name_local"])
        yield Language(code, name, start + without_language_prefix(address, codes))


def without_language_prefix(address: str, codes: Sequence[str]) -> str:
    """An address without its language.

    >>> without_language_prefix("/es/search/?q=1", ("en", "es"))
    '/search/?q=1'
    """
    for code in codes[1:]:
        if address == f"/{code}" or address.startswith(f"/{code}/"):
            return address.removeprefix(f"/{code}") or "/"
    return address
