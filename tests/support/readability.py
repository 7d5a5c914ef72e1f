"""How hard a text is to read, by the usual formulas for English and Spanish."""

import re
from collections.abc import Iterable

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.:;?!]+(?:\s|$)")
SILENT_ENDING = re.compile(r"(?<![aeiouyl])e$|(?<![aeiouytd])ed$")
STRONG = "aeoáéíóú"
# A strong vowel, or weak ones that lean on none: "cui-da-do", "a-ten-ción", "dí-a", "a-yu-da".
NUCLEUS = re.compile(rf"[{STRONG}]|(?<![{STRONG}iuü])(?:[iuü]+|y$)(?![{STRONG}iuüy])")


def grade(texts: Iterable[str]) -> float:
    """The US school grade that English texts ask for (Flesch and Kincaid 1975)."""
    sentences, words, syllables = _counted(texts, syllables_in_english)
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def ease(texts: Iterable[str]) -> float:
    """How easy Spanish texts are, 0 to 100 (Fernández Huerta 1959); from 60 on plain."""
    sentences, words, syllables = _counted(texts, syllables_in_spanish)
    return 206.84 - 60 * syllables / words - 1.02 * words / sentences


def _counted(texts: Iterable[str], syllables_in) -> tuple[int, int, int]:
    texts = [text.strip() for text in texts]
    words = [word.lower() for text in texts for word in WORD.findall(text)]
    sentences = sum(max(1, len(SENTENCE_END.findall(text + " "))) for text in texts)
    return sentences, len(words), sum(map(syllables_in, words))


def syllables_in_english(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", SILENT_ENDING.sub("", word))))


def syllables_in_spanish(word: str) -> int:
    return max(1, len(NUCLEUS.findall(word)))
