"""How single values read on staff pages."""

from django import template

from ..web.templates import dial

register = template.Library()
register.filter("dial", dial)


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"
