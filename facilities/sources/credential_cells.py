"""Reads one license, accreditation or certification from the cells of a list."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from .cleaners import text_cell, website_cell
from .rows import StatedCredential, UnusableRow

KINDS = ("license", "accreditation", "certification")
DETAILS = ("kind", "issuer", "number", "scope", "issued_on", "expires_on", "proof_url")
ORIGIN = ("source", "checked_on")  # who saw it and when, as we publish both
LONGEST = {"issuer": 200, "number": 100, "scope": 200, "source": 250}
DAYS = ("issued_on", "expires_on", "checked_on")
ISO = "%Y-%m-%d"


def read_credential(cells: Mapping[str, object], date_format: str = ISO) -> StatedCredential:
    """Read cells under the names of DETAILS and ORIGIN. Raises UnusableRow with a reason."""
    values = {name: text_cell(cells.get(name)) for name in (*DETAILS, *ORIGIN)}
    if values["kind"] not in KINDS:
        raise UnusableRow(f"kind is one of {', '.join(KINDS)}, not {values['kind']!r}")
    if not values["issuer"]:
        raise UnusableRow("no issuer")
    for name, longest in LONGEST.items():
        if len(values[name]) > longest:
            raise UnusableRow(f"{name} is longer than {longest} characters")
    days = {name: _day(values[name], date_format) for name in DAYS}
    if days["issued_on"] and days["expires_on"] and days["expires_on"] < days["issued_on"]:
        raise UnusableRow("it expires before it was issued")
    stated: dict[str, Any] = {**values, **days, "proof_url": website_cell(values["proof_url"])}
    return StatedCredential(**stated)


def _day(written: str, date_format: str) -> date | None:
    if not written:
        return None
    try:
        return datetime.strptime(written, date_format).date()
    except ValueError:
        raise UnusableRow(f"date not understood: {written!r}") from None
