"""Escapes cells that a spreadsheet would run as a formula. No I/O.

A line that begins with a sign that starts a formula gets a quote before it, which spreadsheets do
not show and do not run. Every line counts, because some programs take a line break within a cell
for the end of the row. Reading takes the quotes off again, so that a text which had one of its own
comes back as it was.
"""

import re
from typing import Any

from ...sources.cleaners import text_cell as cleaned_text

# What programs skip before they look for a formula: white space, also that without width, and
# quotes. Quotes are among them so that a quote of the text's own does not count as ours.
SKIPPED = r"[\s'\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*"
STARTS_FORMULA = SKIPPED + r"[=+\-@|%＝＋－＠]"
LINE_START = r"(\A|[\n\r\v\f\x85\u2028\u2029])"
RISKY = re.compile(rf"{LINE_START}(?={STARTS_FORMULA})|(\A)(?='*[\t\r\n])")
ESCAPED = re.compile(rf"{LINE_START}'(?={STARTS_FORMULA})|(\A)'(?='*[\t\r\n])")


def escape_formula(text: str) -> str:
    return RISKY.sub(lambda found: f"{found[1] or ''}'", text)


def unescape_cell(cell: Any) -> str:
    """Return the text of a cell: without our quotes, lines kept, numbers as written.

    >>> unescape_cell(1234.0), unescape_cell("'=SUM(A1)"), unescape_cell("'tis")
    ('1234', '=SUM(A1)', "'tis")
    """
    if not isinstance(cell, str):
        return cleaned_text(cell)
    return ESCAPED.sub(lambda found: found[1] or "", cell.replace("\r\n", "\n"))


def is_cell_unchanged(text: str, exported: str) -> bool:
    """Whether a cell is as exported.

    Spreadsheets drop zeros at the front of a number: "02130" comes back as "2130".
    """
    text, exported = text.strip(), exported.strip()
    if text == exported:
        return True
    return exported.isdigit() and text.isdigit() and text == exported.lstrip("0")
