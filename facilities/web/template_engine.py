"""Jinja2 for the public pages: what the language decides, is decided when a template is compiled.

A page says some 300 constant words and addresses. Looking them up at each rendering took a sixth of
a page's time, so each language has an environment of its own, whose templates hold them as text.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.template.backends.jinja2 import Jinja2
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner, escape

PARAMETER = re.compile(r"%\((\w+)\)s")
INDENTATION = re.compile(r"\s*\n\s*")


class JinjaByLanguage(Jinja2):
    """Django's backend, with an environment for each language."""

    @property
    def env(self) -> "LanguageEnvironment":
        language = get_language() or settings.LANGUAGE_CODE
        if language not in self.by_language:
            self.by_language[language] = self.shared.in_language(language)
        return self.by_language[language]

    @env.setter
    def env(self, shared: "LanguageEnvironment") -> None:
        self.shared = shared
        self.by_language: dict[str, LanguageEnvironment] = {}


class HTMLGenerator(CodeGenerator):
    """Writes "environment.to_html(…)" where Jinja2 writes "escape(…)"."""

    def _output_child_pre(self, node, frame, finalize):
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write(f"environment.to_html({finalize.src or ''}")
        else:
            super()._output_child_pre(node, frame, finalize)


class LanguageEnvironment(Environment):
    """Compiles templates for one language.

    ``constants`` are functions whose answer depends on nothing but their arguments and the
    language: a call with constant arguments is replaced by its answer.
    """

    code_generator_class = HTMLGenerator
    language = settings.LANGUAGE_CODE
    constants: Mapping[str, Callable[..., str]] = {}

    def in_language(self, language: str) -> "LanguageEnvironment":
        env = self.overlay()
        env.language = language
        return env

    def make_globals(self, d):
        """Return the globals of a template in one dict.

        Jinja2 compares them at every import, and a chain of dicts takes ten times as long.
        """
        return {**self.globals, **(d or {})}

    def compile(self, source, name=None, filename=None, **options):
        if isinstance(source, str):
            source = self.parse(source, name, filename)
        with override(self.language):
            source = ConstantFolding(self.constants).visit(source)
        return super().compile(source, name, filename, **options)

    @staticmethod
    def to_html(value: Any) -> str:
        """Return what "escape" returns, as a plain text: it makes an object of each."""
        kind = type(value)
        if kind is str:
            return _escape_inner(value)
        if kind is Markup or kind is SafeString:
            return value
        return str(value) if kind is int else escape(value)


class ConstantFolding(NodeTransformer):
    """Replaces calls in a template's tree by what they return."""

    def __init__(self, constants: Mapping[str, Callable[..., str]]):
        self.constants = constants

    def visit_TemplateData(self, node: nodes.TemplateData):
        """Leave out what indents the lines of a template: some of a page, and for nobody."""
        node.data = INDENTATION.sub("\n", node.data)
        return node

    def visit_CallBlock(self, node: nodes.CallBlock):
        """Leave what stands in another language, which is found at each rendering."""
        is_foreign = getattr(node.call.node, "name", "") == "in_language"
        return node if is_foreign else self.generic_visit(node)

    def visit_Call(self, node: nodes.Call):
        self.generic_visit(node)
        function = self.constants.get(getattr(node.node, "name", ""))
        if function is None or node.kwargs or not all_constant(node.args):
            return node
        try:
            return nodes.Const(function(*(each.value for each in node.args)), lineno=node.lineno)
        except (NoReverseMatch, ValueError):  # no such address or file: said when it is rendered
            return node

    def visit_Output(self, node: nodes.Output):
        """Turn a message with parameters into its translated words and the parameters' values."""
        node.nodes = [part for each in node.nodes for part in message_parts(each)]
        return self.generic_visit(node)


def all_constant(arguments: list[nodes.Expr]) -> bool:
    return all(isinstance(each, nodes.Const) for each in arguments)


def message_parts(node: nodes.Expr) -> list[nodes.Expr]:
    if not isinstance(node, nodes.Call) or getattr(node.node, "name", "") != "gettext":
        return [node]
    if not all_constant(node.args):
        return [node]
    values = {each.key: each.value for each in node.kwargs}
    pieces = PARAMETER.split(
        translation.gettext(node.args[0].value)
    )  # words, name, words, name … words
    return [
        values[piece] if number % 2 else nodes.TemplateData(piece.replace("%%", "%"))
        for number, piece in enumerate(pieces)
    ]
