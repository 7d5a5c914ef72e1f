"""The name and address of a row, which every format of facilities has under the same names."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .cleaners import LONGEST, short_text_cell, state_cell, zip_cell
from .rows import FacilityRow, UnusableRow
from .states import is_zip_of

_CLEANERS: dict[str, Callable[[object], str]] = {
    "name": short_text_cell,
    "program_name": short_text_cell,
    "street": short_text_cell,
    "street2": short_text_cell,
    "city": partial(short_text_cell, longest=LONGEST["city"]),
    "state": state_cell,
    "zip": zip_cell,
}
REQUIRED = ("name", "city")


def read_postal_address(cells: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields of a FacilityRow from name to ZIP. Raises UnusableRow with all reasons."""
    values, reasons = {}, []
    for field, clean in _CLEANERS.items():
        try:
            values[field] = clean(cells.get(field))
        except ValueError as error:
            reasons.append(str(error))
        else:
            if field in REQUIRED and not values[field]:
                reasons.append(f"no {field}")
    if reasons:
        raise UnusableRow("; ".join(reasons))
    return values


def require_possible_zip(row: FacilityRow) -> None:
    """Raise UnusableRow if the ZIP code cannot lie in the state.

    Only for rows of a file that is being read: a row that is stored already stays as it is.
    """
    if not is_zip_of(row.state, row.zip):
        raise UnusableRow(f"ZIP code {row.zip} does not exist in {row.state}")
