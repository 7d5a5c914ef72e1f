"""Pages as a test reads them: elements by selector, text as a person sees it, search results."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode


def text_of(node: LexborNode) -> str:
    """What an element says, with each run of spaces and line breaks as one space."""
    return " ".join(node.text().split())


class Page:
    """An HTML page, from an answer of the test client or from its text."""

    def __init__(self, answer) -> None:
        html = answer if isinstance(answer, str) else answer.content.decode()
        self.tree = LexborHTMLParser(html)

    @property
    def text(self) -> str:
        return text_of(self.tree.body)

    @property
    def language(self) -> str:
        return self.tree.root.attributes["lang"]

    @property
    def form_token(self) -> str:
        """The token that each public form of the page sends."""
        [token] = set(self.attributes("input[name=form_token]", "value"))
        return token

    def all(self, selector: str) -> list[LexborNode]:
        return self.tree.css(selector)

    def one(self, selector: str) -> LexborNode:
        """The only element that the selector finds."""
        [node] = self.all(selector)
        return node

    def texts(self, selector: str) -> list[str]:
        return [text_of(node) for node in self.all(selector)]

    def attributes(self, selector: str, name: str) -> list[str]:
        """The values of an attribute that each element found must have."""
        return [node.attributes[name] for node in self.all(selector)]

    def attribute(self, selector: str, name: str) -> str:
        [value] = self.attributes(selector, name)
        return value

    def links(self, selector: str = "a") -> list[str]:
        return self.attributes(selector, "href")

    def form(self, selector: str) -> dict[str, str]:
        """What a browser would send of a form, nothing changed."""
        sent = {}
        for field in self.one(selector).css("input[name], textarea[name], select[name]"):
            name, kind = field.attributes["name"], field.attributes.get("type", "")
            if kind in ("checkbox", "radio") and "checked" not in field.attributes:
                continue
            if field.tag == "textarea":
                # A browser drops the line break that a template puts first.
                sent[name] = field.text().removeprefix("\n")
            elif field.tag == "select":
                chosen = field.css("option[selected]") or field.css("option")
                sent[name] = chosen[0].attributes.get("value") or text_of(chosen[0])
            else:
                sent[name] = field.attributes.get("value") or ""
        return sent


@dataclass(frozen=True)
class Card:
    """A facility among the results of a search."""

    name: str
    address: str


class SearchPage(Page):
    @property
    def total(self) -> int:
        return int(self.attribute("[data-total]", "data-total"))

    @property
    def names(self) -> list[str]:
        return [card.name for card in self.cards()]

    def cards(self) -> list[Card]:
        return [
            Card(text_of(link), link.attributes["href"]) for link in self.all("article.card h2 a")
        ]

    def count(self, group: str, option: str) -> int:
        """How many facilities the page promises with the box of an option ticked."""
        return int(self.attribute(f"#{group}-{option}", "data-count"))
