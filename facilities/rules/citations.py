"""How a published text is named wherever a rule or a sentence of the site rests on it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Citation:
    """A published text: who says so, its name and year, and where it can be read."""

    name: str
    address: str = ""
