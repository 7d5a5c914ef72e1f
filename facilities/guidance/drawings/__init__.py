"""Line drawings of steps to take, each with a description for those who cannot see it.

A drawing is a file of SVG shapes beside this module, without colors: ``guides.css`` draws all of it
in the ink of the text, "hot" parts in the color of actions, and fills in the color of the page.
"""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from django.utils.translation import gettext_lazy as _

FOLDER = Path(__file__).parent
DESCRIPTIONS = {
    "call": _("A phone that calls 911."),
    "spray": _(
        "A person lies on the back. The tip of the spray is in one side of the nose; an arrow "
        "points at the plunger."
    ),
    "breaths": _("A person lies on the back. Air goes into the mouth."),
    "wait": _("A clock: two to three minutes. Then a new spray."),
    "roll": _("A person lies on the back, seen from above. An arrow turns the body to the side."),
    "knee": _("The person lies on the side. The knee of the top leg is bent to the front."),
    "hand": _(
        "The person lies on the side with the top knee bent. The upper hand is under the head, "
        "and the face looks to the side."
    ),
}


def drawing(name: str) -> ElementTree.Element:
    element = ElementTree.fromstring(_source(name))
    element.attrib |= {"class": "drawing", "role": "img", "aria-label": str(DESCRIPTIONS[name])}
    return element


@cache
def _source(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
