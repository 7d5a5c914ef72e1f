"""Splits what was typed into words, and takes out numbers that mean something by themselves."""

import re
from dataclasses import dataclass

from ...text_normalization import normalize_text

LONGEST = 400  # characters; what is typed beyond them is not read
_APOSTROPHES = re.compile("['`´‘’ʻʼ]")
_WORDS = re.compile(r"[^\W_]+(?:\.[^\W_]\.?)*")
_QUOTED = re.compile(r'^\s*["“](?P<text>[^"“”]+)["”]\s*$')


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as it was typed, normalized, and whether a comma stands between it and the last."""

    typed: str
    word: str
    after_comma: bool = False

    @property
    def is_capitals(self) -> bool:
        return self.typed.isupper() and self.typed.isalpha()


def quoted_text(text: str) -> str:
    """Return what stands in quotation marks if they hold all of it: it is taken literally."""
    match = _QUOTED.match(text)
    return match["text"].strip() if match else ""


def tokenize(text: str) -> list[Token]:
    """Return the words of a text.

    >>> [token.word for token in tokenize("Women's detox, Coeur d'Alene 24/7")]
    ['womens', 'detox', 'coeur', 'dalene', '24', '7']
    """
    text = _APOSTROPHES.sub("", text[:LONGEST]).replace("&", " and ")
    text = text.replace("w/d", "withdrawal").replace("w/", "with ")
    tokens, end = [], 0
    for match in _WORDS.finditer(text):
        word = normalize_text(match[0].replace(".", ""))
        if word:
            tokens.append(Token(match[0], word, "," in text[end : match.start()]))
        end = match.end()
    return tokens


def expression_key(text: str) -> tuple[str, ...]:
    """Return the normalized words of an expression, to be compared with words that were typed."""
    return tuple(token.word for token in tokenize(text))
