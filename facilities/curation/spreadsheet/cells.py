"""Escapes cells that a spreadsheet would run as a formula. No I/O.

A text that begins with a sign that starts a formula gets a quote before it, which spreadsheets
do not show and do not run. Reading takes that quote off again, so that a text which had one of
its own comes back as it was.
"""

from typing import Any

from ...sources.cleaners import text as cleaned_text

FORMULA_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def escape_formula(text: str) -> str:
    """Return the text as a cell that no spreadsheet runs."""
    return f"'{text}" if _is_risky(text) else text


def unescape_cell(cell: Any) -> str:
    """Return the text of a cell: without our quote, lines kept, numbers as written.

    >>> bare(1234.0), bare("'=SUM(A1)"), bare("'tis")
    ('1234', '=SUM(A1)', "'tis")
    """
    if not isinstance(cell, str):
        return cleaned_text(cell)
    text = cell.replace("\r\n", "\n")
    return text[1:] if text.startswith("'") and _is_risky(text[1:]) else text


def is_unchanged(text: str, exported: str) -> bool:
    """Whether a cell is as exported.

    Spreadsheets drop zeros at the front of a number: "02130" comes back as "2130".
    """
    text, exported = text.strip(), exported.strip()
    if text == exported:
        return True
    return exported.isdigit() and text.isdigit() and text == exported.lstrip("0")


def _is_risky(text: str) -> bool:
    return text.lstrip("' ").startswith(FORMULA_STARTERS) or text.startswith(FORMULA_STARTERS)
