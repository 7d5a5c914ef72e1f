"""How single values read on a page: services in its language, numbers as a phone dials them."""

import json
from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def label(named) -> str:
    """A service's or category's plain name in the page's language."""
    return named.label(get_language())


@register.filter
def get_item(found: Mapping, key: str):
    """What is there under a key that is not a word, such as "service:detox"; None if nothing."""
    return found.get(key)


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"


@register.filter(name="help")
def help_text(service) -> str:
    """One sentence on what a service is, in the page's language."""
    return service.help(get_language())


@register.filter
def dial(number: str) -> str:
    """What a tap calls: "888-PARNEXT" is +18887276398; short public lines stay short."""
    digits = "".join(sign for sign in number.upper().translate(KEYPAD) if sign.isdigit())
    return f"+1{digits}" if len(digits) == 10 else digits


@register.filter
def page_title(words: SafeString) -> SafeString:
    """A page's title, also for who shows a link to it. The block's words are escaped already."""
    return format_html(
        '<title>{0}</title>\n  <meta property="og:title" content="{0}">', join_lines(words)
    )


@register.filter
def page_description(words: SafeString) -> SafeString:
    template = (
        '<meta name="description" content="{0}">\n  <meta property="og:description" content="{0}">'
    )
    return format_html(template, join_lines(words))


def join_lines(words: SafeString) -> SafeString:
    """A block's words in one line; a translation's quotation marks end no attribute."""
    return mark_safe(" ".join(words.replace('"', "&quot;").split()))


@register.filter
def ld_json(described: dict) -> SafeString:
    """Structured data for a script element; no text in it can end the element."""
    text = json.dumps(described, ensure_ascii=False)
    return mark_safe(text.translate(HARMLESS))
