"""The values of a row at the time of export, packed into its last cell.

They tell a changed cell from one that is only out of date: without them, a sheet of last month
would undo what others corrected since. The cell also names its facility, so that columns that
were sorted apart from each other are noticed.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...facts.stored_values import DENIED, OFFERED
from ...taxonomy import ServiceSet
from .columns import renamed_column_key

MAX_CELL_LENGTH = 32_000  # characters that one cell of a spreadsheet holds
MAX_UNPACKED_SIZE = 100_000  # bytes
_MARK = "v1."


class DamagedSnapshot(ValueError):
    """The cell is not as it was exported."""


@dataclass(frozen=True)
class ExportSnapshot:
    """The facts of one row at the time of export; ``offered`` is None without services."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    offered: ServiceSet | None = None
    denied: ServiceSet = field(default_factory=ServiceSet)

    def answer(self, service) -> str | None:
        if service in self.offered:
            return OFFERED
        return DENIED if service in self.denied else None

    def pack(self) -> str:
        """Return text for a cell. It holds a checksum, which finds damage."""
        sets = None if self.offered is None else [_hex(self.offered), _hex(self.denied)]
        written = json.dumps([self.code, self.values, sets], separators=(",", ":"))
        return _MARK + base64.urlsafe_b64encode(zlib.compress(written.encode(), 6)).decode()


def unpack_snapshot(cell: str) -> ExportSnapshot:
    cell = cell.strip()
    if not cell.startswith(_MARK) or len(cell) > MAX_CELL_LENGTH:
        raise DamagedSnapshot
    try:
        packer = zlib.decompressobj()
        written = packer.decompress(
            base64.urlsafe_b64decode(cell.removeprefix(_MARK)), MAX_UNPACKED_SIZE
        )
        if not packer.eof:
            raise DamagedSnapshot
        code, values, sets = json.loads(written)
        offered, denied = (None, ServiceSet()) if sets is None else map(_from_hex, sets)
        values = {renamed_column_key(key): value for key, value in dict(values).items()}
        return ExportSnapshot(str(code), values, offered, denied)
    except (zlib.error, ValueError, TypeError, RecursionError) as error:
        raise DamagedSnapshot from error


def _hex(services: ServiceSet) -> str:
    return ".".join(f"{word:x}" for word in services.words())


def _from_hex(written: str) -> ServiceSet:
    return ServiceSet.from_words([int(word, 16) for word in written.split(".")])
