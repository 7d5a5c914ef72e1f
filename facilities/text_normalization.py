"""How two spellings are told to be the same: without case, accents and stray spaces."""

import unicodedata


def normalize(text: str) -> str:
    """Return `text` lower-cased, unaccented and with single spaces, for names to be compared by.

    >>> normalize("  Clínica   San JOSÉ ")
    'clinica san jose'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    unaccented = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(unaccented.casefold().split())
