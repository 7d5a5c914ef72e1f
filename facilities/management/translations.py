"""Where the site's messages stand, and how a .po file is brought up to them without gettext."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.utils.translation.template import templatize
from jinja2 import Environment

FOLDERS = ("directory", "facilities", "templates")
# What each function takes first; "_lazy" and "_noop" forms take the same.
PARAMETERS = {
    "gettext": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}
IN_TEMPLATES = {"_": "gettext"} | {name: name for name in PARAMETERS}
PUBLIC_TEMPLATES = "templates/public/"  # Jinja2's; all others are Django's
_JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
_JINJA.newstyle_gettext = True  # keeps a percent sign doubled, as the pages ask for it
_STRING = r'"(?:\\.|[^"\\])*"' + "|" + r"'(?:\\.|[^'\\])*'"
_CALL = re.compile(rf"\b(?:_|n?p?gettext)\((?:{_STRING}|[^\"'()])*\)")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


class MessageNotLiteralError(ValueError):
    """A message that is not written out where it is translated, so that nobody can find it."""


@dataclass(frozen=True, order=True)
class Message:
    """One text to translate, and the file it was found in."""

    file: str
    text: str
    plural: str = ""
    context: str = ""


def translatable_messages(root: Path) -> list[Message]:
    found = set()
    for folder in FOLDERS:
        for path in (root / folder).rglob("*"):
            if path.suffix in (".py", ".html"):
                source, file = path.read_text(encoding="utf-8"), str(path.relative_to(root))
                found.update(
                    (python_messages if path.suffix == ".py" else template_messages)(source, file)
                )
    return sorted(found)


def python_messages(source: str, file: str) -> Iterator[Message]:
    tree = ast.parse(source)
    functions = {
        alias.asname or alias.name: re.sub("_(lazy|noop)$", "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    return _in_calls(tree, functions, file)


def template_messages(source: str, file: str) -> Iterator[Message]:
    """Read a template's calls; Django itself rewrites the tags of its templates as calls."""
    if file.startswith(PUBLIC_TEMPLATES):
        yield from _public_messages(source, file)
        return
    for call in _CALL.findall(templatize(source, origin=file)):
        yield from _in_calls(ast.parse(call), IN_TEMPLATES, file)


def _public_messages(source: str, file: str) -> Iterator[Message]:
    for line, function, words in _JINJA.extract_translations(source):
        texts = (words,) if isinstance(words, str | None) else words
        parameters = PARAMETERS[IN_TEMPLATES[function]]
        if None in texts[: len(parameters)]:
            raise MessageNotLiteralError(f"{file}, line {line}: write the message out")
        yield Message(file, **dict(zip(parameters, texts, strict=False)))


def _in_calls(tree: ast.AST, functions: dict[str, str], file: str) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            parameters = PARAMETERS.get(functions.get(node.func.id, ""))
            if parameters:
                texts = (_text(argument, file) for argument in node.args)
                yield Message(file, **dict(zip(parameters, texts, strict=False)))


def _text(argument: ast.expr, file: str) -> str:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    where = f"{file}, line {argument.lineno}"
    raise MessageNotLiteralError(f"{where}: write the message out, {ast.unparse(argument)} is none")


def update_catalog(catalog: polib.POFile, messages_found: Iterable[Message]) -> polib.POFile:
    """Return a catalog of exactly what was found, with the translations that ``catalog`` has.

    New messages have no translation. Entries are in the order of their first file, then text.
    """
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in catalog}
    entries: dict[tuple[str, str], polib.POEntry] = {}
    for message in sorted(messages_found):
        key = (message.context, message.text)
        entry = entries.setdefault(key, _entry(message))
        entry.occurrences.append((message.file, ""))
        if message.plural and not entry.msgid_plural:
            entry.msgid_plural = message.plural
    updated = polib.POFile(wrapwidth=98)
    updated.header, updated.metadata = catalog.header, catalog.metadata
    for key, entry in entries.items():
        _take_translation(entry, known.get(key))
        updated.append(entry)
    return updated


def _entry(message: Message) -> polib.POEntry:
    has_placeholder = _PLACEHOLDER.search(message.text + message.plural)
    return polib.POEntry(
        msgid=message.text,
        msgctxt=message.context or None,
        flags=["python-format"] if has_placeholder else [],
    )


def _take_translation(entry: polib.POEntry, known: polib.POEntry | None) -> None:
    if entry.msgid_plural:
        is_same = known is not None and known.msgid_plural == entry.msgid_plural
        entry.msgstr_plural = known.msgstr_plural if is_same else {0: "", 1: ""}
    elif known is not None and not known.msgid_plural:
        entry.msgstr = known.msgstr
