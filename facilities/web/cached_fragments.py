"""Parts that a page repeats: each is rendered once per language and outline, then only filled in.

The outline is which of the values are there. A template used so may ask whether a value is there
and say where it goes; to filters and comparisons it would show a stand-in. Twenty cards rendered
one by one would be the largest part of the time that a search takes.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from html import escape

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

MARK = "\x00"  # on both sides of a value's name; no template holds it


def cache_rendered(*, maxsize: int) -> Callable[[Callable], Callable]:
    """Keep what the decorated function renders, except under DEBUG: templates are edited there."""

    def decorate(function: Callable) -> Callable:
        cached = lru_cache(maxsize)(function)

        @wraps(function)
        def call(*args, **kwargs):
            return (function if settings.DEBUG else cached)(*args, **kwargs)

        return call

    return decorate


def filled(template: str, values: Mapping[str, str], language: str) -> SafeString:
    """The template with each value, escaped, in its place. ``language`` is that of the page."""
    outline = frozenset(name for name, value in values.items() if value)
    pieces = [*_pieces(template, outline, language)]
    pieces[1::2] = [_escaped(values[name]) for name in pieces[1::2]]
    return mark_safe("".join(pieces))


def _escaped(value: str) -> str:
    return value if isinstance(value, SafeString) else escape(value)


@cache_rendered(maxsize=1_000)
def _pieces(template: str, outline: frozenset[str], language: str) -> tuple[str, ...]:
    """Text and names of values in turns, text first and last."""
    marks = {name: mark_safe(f"{MARK}{name}{MARK}") for name in outline}
    return tuple(render_to_string(template, marks).split(MARK))
