"""Reads the head of a page as a search engine or a messenger would."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Head:
    """``named``: meta elements by name or property; ``alternates``: addresses by language."""

    title: str = ""
    named: dict[str, str] = field(default_factory=dict)
    alternates: dict[str, str] = field(default_factory=dict)
    canonical: str | None = None
    structured: dict = field(default_factory=dict)


class HeadReader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.head, self.inside = Head(), ""

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.inside = given.get("type") or tag
        if tag == "meta" and "content" in given:
            self.head.named[given.get("name") or given["property"]] = given["content"]
        elif tag == "link" and given["rel"] == "canonical":
            self.head.canonical = given["href"]
        elif tag == "link" and "hreflang" in given:
            self.head.alternates[given["hreflang"]] = given["href"]

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside == "title":
            self.head.title += data
        elif self.inside == "application/ld+json":
            self.head.structured = json.loads(data)


def head_of(html: str) -> Head:
    reader = HeadReader()
    reader.feed(html.partition("</head>")[0])
    return reader.head
