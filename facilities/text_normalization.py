"""How two spellings are told to be the same: without case, accents and stray spaces."""

import unicodedata


def normalize_text(text: str) -> str:
    """Return ``text`` in lower case, without accents and with single spaces, to compare names.

    >>> normalize_text("  Clínica   San JOSÉ ")
    'clinica san jose'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    unaccented = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(unaccented.casefold().split())
