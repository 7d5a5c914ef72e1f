"""Where the links of the guides lead, and which drawings stand in them, in the page's language."""

from django.urls import reverse
from django.utils.translation import override
from markdown.treeprocessors import Treeprocessor

from ..drawings import DESCRIPTIONS, drawing

UNCHANGED = ("https:", "tel:")


class UnknownLinkError(ValueError):
    """A guide links to something that is neither a search, a guide, a number nor a secure page, or
    shows something that is no drawing of ours."""


def resolve_link(link: str, language: str) -> str:
    """Return the address that a link of a guide stands for.

    ``search:medication=methadone`` is the search with that query string, ``guide:medications``
    the guide of that name and ``guide:medications#part-methadone`` a part of it; numbers
    (``tel:``) and secure pages (``https:``) stay as they are.
    """
    kind, _, rest = link.partition(":")
    with override(language):
        if kind == "search":
            return reverse("facilities:search") + (f"?{rest}" if rest else "")
        if kind == "guide":
            slug, mark, anchor = rest.partition("#")
            return reverse("facilities:guide", args=[slug]) + mark + anchor
    if link.startswith(UNCHANGED):
        return link
    raise UnknownLinkError(link)


class DrawingProcessor(Treeprocessor):
    """Puts a drawing in the place of each image ``![](drawing:spray)`` of a text."""

    def __init__(self, md, language: str):
        super().__init__(md)
        self.language = language

    def run(self, root):
        for parent in root.iter():
            for place, child in enumerate(parent):
                if child.tag == "img":
                    parent[place] = self.drawn(child)

    def drawn(self, image):
        kind, _, name = image.get("src").partition(":")
        if kind != "drawing" or name not in DESCRIPTIONS:
            raise UnknownLinkError(image.get("src"))
        with override(self.language):
            element = drawing(name)
        element.tail = image.tail
        return element


class LinkProcessor(Treeprocessor):
    """Resolves every link of a text; a page elsewhere is not told where its visitor came from."""

    def __init__(self, md, language: str):
        super().__init__(md)
        self.language = language

    def run(self, root):
        for link in root.iter("a"):
            link.set("href", resolve_link(link.get("href"), self.language))
            if link.get("href").startswith("https:"):
                link.set("rel", "noreferrer")
