"""Reads the head of a page as a search engine or a messenger would."""

import json
from dataclasses import dataclass, field

from .html import Page


@dataclass
class Head:
    """``named``: meta elements by name or property; ``alternates``: addresses by language."""

    title: str = ""
    named: dict[str, str] = field(default_factory=dict)
    alternates: dict[str, str] = field(default_factory=dict)
    canonical: str | None = None
    structured: dict = field(default_factory=dict)


def head_of(html: str) -> Head:
    page = Page(html)
    return Head(
        title=page.one("head title").text(),
        named={
            meta.attributes.get("name") or meta.attributes["property"]: meta.attributes["content"]
            for meta in page.all("head meta[content]")
        },
        alternates={
            link.attributes["hreflang"]: link.attributes["href"]
            for link in page.all("head link[hreflang]")
        },
        canonical=next(iter(page.links("head link[rel=canonical]")), None),
        structured={
            name: value
            for script in page.all('head script[type="application/ld+json"]')
            for name, value in json.loads(script.text()).items()
        },
    )
