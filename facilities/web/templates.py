"""The environment of the public pages' templates, which are Jinja2's; the staff's are Django's."""

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from xml.etree import ElementTree

from django.conf import settings
from django.template.defaultfilters import floatformat, linebreaks_filter, linebreaksbr, urlencode
from django.templatetags.static import static
from django.urls import reverse
from django.utils import dateformat, formats, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.timezone import template_localtime
from django.utils.translation import (
    get_language,
    get_language_info,
    gettext,
    ngettext,
    npgettext,
    override,
    pgettext,
)
from django_htmx.jinja import htmx_script
from jinja2 import ChainableUndefined, Environment, pass_environment
from markupsafe import Markup

from ..guidance import drawings
from ..taxonomy import Category, Service
from .template_engine import LanguageEnvironment

KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def environment(**options) -> Environment:
    """Names that a page is not given are empty, as in Django's templates."""
    options |= {"undefined": ChainableUndefined, "extensions": ["jinja2.ext.i18n"]}
    env = LanguageEnvironment(**options)
    env.constants = {"_": translate, "drawing": drawing, "static": static, "url": url}
    env.install_gettext_callables(
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals |= env.constants | {
        "htmx_script": htmx_script,
        "in_language": in_language,
        "quick_exit_url": lambda: settings.QUICK_EXIT_URL,
    }
    env.filters |= {
        "capfirst": capfirst,
        "date": format_date,
        "dial": dial,
        "floatformat": floatformat,
        "help": service_help,
        "label": service_label,
        "language_name": lambda code: get_language_info(code)["name"],
        "ld_json": ld_json,
        "linebreaks": linebreaks_filter,
        "linebreaksbr": linebreaksbr,
        "page_description": page_description,
        "page_title": page_title,
        "urlencode": urlencode,
    }
    return env


def url(name: str, *args) -> str:
    return reverse(name, args=args) if args else _page_url(name, get_language())


@cache
def _page_url(name: str, language: str) -> str:
    """Return the address of a page that takes no arguments; a page links to some 25 of them."""
    with override(language):
        return reverse(name)


def translate(message: str) -> Markup:
    """Return a message without parameters.

    Jinja2's own "_" formats every message again, which is most of what a short one costs.
    """
    return Markup(translation.gettext(message))


def in_language(code: str, caller: Callable[[], str]) -> str:
    """``{% call in_language("es") %}…{% endcall %}`` renders what it encloses in that language."""
    with override(code):
        return caller()


@pass_environment
def service_label(environment: LanguageEnvironment, one: Service | Category) -> str:
    return one.label(environment.language)


@pass_environment
def service_help(environment: LanguageEnvironment, service: Service) -> str:
    return service.help(environment.language)


def format_date(day: date | None, format_name: str) -> str:
    """``format_name`` is one of Django's formats or a pattern."""
    if not day:
        return ""
    if format_name.isupper():
        return formats.date_format(template_localtime(day), format_name)
    return dateformat.format(template_localtime(day), format_name)


def dial(number: str) -> str:
    """Return what a tap calls: "888-PARNEXT" is +18887276398; short public lines stay short."""
    digits = "".join(sign for sign in number.upper().translate(KEYPAD) if sign.isdigit())
    return f"+1{digits}" if len(digits) == 10 else digits


def drawing(name: str) -> Markup:
    return Markup(ElementTree.tostring(drawings.drawing(name), encoding="unicode"))


def page_title(words: str) -> SafeString:
    return format_html(
        '<title>{0}</title>\n  <meta property="og:title" content="{0}">', join_lines(words)
    )


def page_description(words: str) -> SafeString:
    template = (
        '<meta name="description" content="{0}">\n  <meta property="og:description" content="{0}">'
    )
    return format_html(template, join_lines(words))


def join_lines(words: str) -> SafeString:
    """Put a block's words in one line; a translation's quotation marks end no attribute."""
    return mark_safe(" ".join(words.replace('"', "&quot;").split()))


def ld_json(described: dict) -> SafeString:
    """Return structured data for a script element; no text in it can end the element."""
    text = json.dumps(described, ensure_ascii=False)
    return mark_safe(text.translate(HARMLESS))
