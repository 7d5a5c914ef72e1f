"""Keys of records as they come in addresses and forms."""

NOT_A_KEY = 0  # no record has this key


def read_primary_key(text: str | None) -> int:
    """Return the key that ``text`` states, or 0, which no record has, for anything else.

    Keys are positive and fit into 63 bits. A longer number would raise OverflowError in SQLite.

    >>> [read_primary_key(text) for text in ("12", "9" * 30, "²", "-1", None)]
    [12, 0, 0, 0, 0]
    """
    if not (text and text.isascii() and text.isdecimal() and len(text) < 20):
        return NOT_A_KEY
    key = int(text)
    return key if key < 2**63 else NOT_A_KEY
