"""Reads the guides' files: a head of facts up to the first empty line, then Markdown.

The head is "key: value"; indented lines below a key are more of its values. "contents: no" leaves
out the table of contents, where the first lines must be seen at once. A line ``[[name]]`` of the
body stands for the body of ``_name.md``, whose sources join the guide's own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import markdown
from django.utils.safestring import SafeString, mark_safe
from markdown.extensions.toc import TocExtension, slugify

from .links import DrawingProcessor, LinkProcessor, resolve_link

FOLDER = Path(__file__).parent
SHARED = re.compile(r"^\[\[([a-z]+)\]\]$", re.MULTILINE)
FALLBACK = "en"
LONG = 4  # headings of the second level, from which a guide gets a table of contents

FrontMatter = dict[str, list[str]]


@dataclass(frozen=True)
class GuideSource:
    """A public page, and what of the guide it stands for."""

    name: str
    address: str
    supports: str


@dataclass(frozen=True)
class GuideLink:
    """Words and the address they lead to."""

    label: str
    address: str


@dataclass(frozen=True)
class GuideHeading:
    """A part of a guide: the anchor and the title."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Guide:
    """One guide in one language, rendered."""

    slug: str
    title: str
    description: str
    reviewed_on: date
    order: int
    sources: tuple[GuideSource, ...]
    next_steps: tuple[GuideLink, ...]
    headings: tuple[GuideHeading, ...]
    has_contents: bool
    html: SafeString
    language: str  # of the text: English where nobody has translated it


@cache
def all_guides(language: str) -> tuple[Guide, ...]:
    """Return every guide of a language, in the order to read them; rendered once per process."""
    names = [path.name for path in (FOLDER / FALLBACK).glob("[!_]*.md")]
    read_all = (read_guide(guide_text_path(name, language), language) for name in names)
    return tuple(sorted(read_all, key=lambda guide: guide.order))


def find_guide(slug: str, language: str) -> Guide | None:
    """Not cached: the name comes from the address, so anybody could fill the cache with misses."""
    return next((guide for guide in all_guides(language) if guide.slug == slug), None)


@cache
def safety_notice(language: str) -> SafeString:
    """What every text about detox must say, without a heading."""
    _, body = split_front_matter(
        guide_text_path("_safety.md", language).read_text(encoding="utf-8")
    )
    html, _ = render_markdown(body, language)
    return html


def guide_text_path(name: str, language: str) -> Path:
    """Fall back to English if the language has no such text."""
    path = FOLDER / language / name
    return path if path.is_file() else FOLDER / FALLBACK / name


def read_guide(path: Path, language: str) -> Guide:
    head, body = split_front_matter(path.read_text(encoding="utf-8"))
    lines = list(head["sources"])
    for name in SHARED.findall(body):
        shared_head, shared_body = split_front_matter(
            guide_text_path(f"_{name}.md", language).read_text(encoding="utf-8")
        )
        body = body.replace(f"[[{name}]]", shared_body)
        lines += shared_head["sources"]
    html, headings = render_markdown(body, language)
    return Guide(
        slug=path.stem,
        title=head["title"][0],
        description=head["description"][0],
        reviewed_on=date.fromisoformat(head["reviewed"][0]),
        order=int(head["order"][0]),
        sources=tuple(merge_sources(lines)),
        next_steps=tuple(guide_next_steps(head["next"], language)),
        headings=headings,
        has_contents=len(headings) >= LONG and head.get("contents") != ["no"],
        html=html,
        language=path.parent.name,
    )


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    r"""Split a file into head and body.

    >>> split_front_matter("title: Tonight\nsources:\n  a\n  b\n\nText")
    ({'title': ['Tonight'], 'sources': ['a', 'b']}, 'Text')
    """
    lines, _, body = text.partition("\n\n")
    head: FrontMatter = {}
    values: list[str] = []
    for line in lines.splitlines():
        if line.startswith(" "):
            values.append(line.strip())
        else:
            key, _, value = line.partition(":")
            values = head[key] = [value.strip()] if value.strip() else []
    return head, body


def split_source_line(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def merge_sources(lines: list[str]) -> Iterator[GuideSource]:
    supported: dict[str, tuple[str, list[str]]] = {}
    for name, where, what in map(split_source_line, lines):
        supported.setdefault(where, (name, []))[1].append(what)
    for where, (name, supports) in supported.items():
        yield GuideSource(name, where, "; ".join(dict.fromkeys(supports)))


def guide_next_steps(lines: list[str], language: str) -> Iterator[GuideLink]:
    for label, link in map(split_source_line, lines):
        yield GuideLink(label, resolve_link(link, language))


def render_markdown(body: str, language: str) -> tuple[SafeString, tuple[GuideHeading, ...]]:
    """Return the body as HTML, and its headings of the second level.

    Markup in our texts is shown as typed: nothing in them can be anything but text.
    """
    text = markdown_converter(language)
    html = mark_safe(text.convert(body))
    headings = (GuideHeading(token["id"], token["name"]) for token in text.toc_tokens)
    return html, tuple(headings)


def markdown_converter(language: str) -> markdown.Markdown:
    """Threads share none, so each text gets its own."""
    contents = TocExtension(toc_depth="2-2", slugify=heading_anchor)
    text = markdown.Markdown(extensions=["sane_lists", contents])
    text.preprocessors.deregister("html_block")
    text.inlinePatterns.deregister("html")
    text.treeprocessors.register(LinkProcessor(text, language), "links", 1)
    text.treeprocessors.register(DrawingProcessor(text, language), "drawings", 0)
    return text


def heading_anchor(title: str, separator: str) -> str:
    """Return "part-stay-safe", apart from the anchors of the page around it."""
    return f"part-{slugify(title, separator)}"
