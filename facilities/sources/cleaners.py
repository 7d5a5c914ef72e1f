"""How one cell becomes one value. Each cleaner takes a cell and raises ValueError with a reason."""

import re
from urllib.parse import urlsplit

from .states import STATES

LONGEST = {"name": 200, "street": 200, "city": 100, "website": 500, "extension": 10}
KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_CONTROL = dict.fromkeys((*range(32), *range(127, 160)), " ")
_EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension)\s*(\d+)\s*$", re.IGNORECASE)


def text_cell(cell: object) -> str:
    """Return a cell as text, with single spaces and without control characters.

    Excel keeps some numbers as numbers: 2130.0 is "2130".
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    written = str(cell)
    if not written.isprintable():
        written = written.translate(_CONTROL)
    return " ".join(written.split())


def short_text_cell(cell: object, *, longest: int = LONGEST["name"]) -> str:
    cleaned = text_cell(cell)
    if len(cleaned) > longest:
        raise ValueError(f"longer than {longest} characters")
    return cleaned


def zip_cell(cell: object) -> str:
    """Return five digits: leading zeros kept or restored, the four more of ZIP+4 cut.

    >>> zip_cell(2130.0), zip_cell("02130-1234"), zip_cell("021301234")
    ('02130', '02130', '02130')
    """
    written = text_cell(cell)
    number = re.fullmatch(r"(\d{3,5})(?:-\d{4})?|(\d{5})\d{4}", written)
    if not number:
        raise ValueError(f"ZIP code not understood: {written!r}" if written else "no ZIP code")
    return (number[1] or number[2]).zfill(5)


def state_cell(cell: object) -> str:
    code = text_cell(cell).upper()
    if code not in STATES:
        raise ValueError(f"state not known: {code!r}" if code else "no state")
    return code


def phone_cell(cell: object) -> dict[str, str] | None:
    """Return {"number": "256-734-4688", "extension": "111"}, or None for an empty cell.

    Numbers written in letters are given as digits to dial and, under "shown", as written:

    >>> phone_cell("888-PARNEXT")
    {'number': '888-727-6398', 'extension': '', 'shown': '888-PARNEXT'}
    """
    written = text_cell(cell) if cell else ""
    if not written:
        return None
    extension = _EXTENSION.search(written)
    main = written[: extension.start()] if extension else written
    spelled = re.sub(r"[^0-9A-Z]", "", main.upper())
    digits = spelled.translate(KEYPAD).removeprefix("+")
    if len(digits) == 11 and digits[0] == "1":
        digits, spelled = digits[1:], spelled[1:]
    if len(digits) != 10 or not spelled[:3].isdigit():
        raise ValueError(f"phone not understood: {written!r}")
    number = {
        "number": f"{digits[:3]}-{digits[3:6]}-{digits[6:]}",
        "extension": extension[1][: LONGEST["extension"]] if extension else "",
    }
    return number if spelled.isdigit() else number | {"shown": main}


def website_cell(cell: object) -> str:
    """Return an http or https address; one without a scheme becomes https."""
    written = text_cell(cell)
    if not written:
        return ""
    address = written if "//" in written else f"https://{written}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        usable = False
    if not usable or " " in address or len(address) > LONGEST["website"]:
        raise ValueError(f"website not understood: {written[:80]!r}")
    return address
