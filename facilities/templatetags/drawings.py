"""Line drawings in templates."""

from xml.etree import ElementTree

from django import template
from django.utils.safestring import SafeString, mark_safe

from ..guidance import drawings

register = template.Library()


@register.simple_tag
def drawing(name: str) -> SafeString:
    """``{% drawing "spray" %}`` is the drawing as SVG, described in the page's language."""
    return mark_safe(ElementTree.tostring(drawings.drawing(name), encoding="unicode"))
