"""Forms of a word that count as the same: English endings, and Spanish spelled as it sounds."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("ier", "y"), ("iest", "y"), ("ily", "y"), ("iness", "y"),
    ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("d", ""), ("ing", ""), ("ing", "e"),
    ("er", ""), ("er", "e"), ("est", ""), ("ly", ""), ("ness", ""),
)  # fmt: skip
_DOUBLED = re.compile(r"(?P<stem>.+(?P<last>[bdgklmnprt]))(?P=last)(?:ed|ing|er)")
_SHORTEST_STEM = 3
_CONJUGATION = {
    infinitive: tuple(endings.split())
    for infinitive, endings in (
        (
            "ar",
            "o as a amos an ando ado ada ados adas aba abas abamos aban e aste aron are ara aran"
            " aremos aria arian es emos en ar",
        ),
        (
            "er",
            "o es e emos en iendo ido ida ia ias iamos ian i iste io ieron ere era eran eremos"
            " eria erian a as amos an er",
        ),
        (
            "ir",
            "o es e imos en iendo ido ida ia ias iamos ian i iste io ieron ire ira iran iremos"
            " iria irian a as amos an ir",
        ),
    )
}
_PRONOUNS = re.compile(r"(?<=[rdo])(?:me|te|se|lo|la|le|los|las|les|nos)(?:lo|la|los|las)?$")
_SOUNDS = (
    (re.compile(r"gu(?=[ei])"), "G"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"c(?=[ei])|z"), "s"),
    (re.compile(r"qu(?=[ei])|c(?!h)|q"), "k"),
    (re.compile(r"(?<!c)h"), ""),
    (re.compile("v"), "b"),
    (re.compile("ll"), "y"),
    (re.compile(r"(.)\1"), r"\1"),
)


@cache
def singular(word: str) -> str:
    """Return a normalized word without its plural ending, in English or in Spanish.

    >>> [singular(word) for word in ("clinics", "babies", "pastillas", "methadone", "ms")]
    ['clinic', 'baby', 'pastilla', 'methadone', 'ms']
    """
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]


@cache
def english_words() -> frozenset[str]:
    lines = (FOLDER / "english_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def is_english_word(word: str) -> bool:
    """Return whether a normalized word is common English, with any regular ending.

    >>> is_english_word("stories"), is_english_word("stopped"), is_english_word("methodone")
    (True, True, False)
    """
    return word in english_words() or any(stem in english_words() for stem in english_stems(word))


def english_stems(word: str) -> list[str]:
    """Return what a normalized word may be without a regular ending, which is not always a word.

    >>> "know" in english_stems("knowing"), "stop" in english_stems("stopped")
    (True, True)
    """
    doubled = _DOUBLED.fullmatch(word)
    stems = [doubled["stem"]] if doubled else []
    stems += [
        word.removesuffix(ending) + instead for ending, instead in _ENDINGS if word.endswith(ending)
    ]
    return [stem for stem in stems if len(stem) >= _SHORTEST_STEM]


@cache
def spanish_infinitives(word: str) -> list[str]:
    """Return the infinitives whose regular form a normalized word may be.

    >>> "fumar" in spanish_infinitives("fumando"), "vender" in spanish_infinitives("vendiendolo")
    (True, True)
    """
    word = _PRONOUNS.sub("", word)
    return [
        word.removesuffix(ending) + infinitive
        for infinitive, endings in _CONJUGATION.items()
        for ending in endings
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM - 1
    ]


@cache
def spanish_sound(word: str) -> str:
    """Return how a Spanish word sounds: "nececito" sounds like "necesito", "ijo" like "hijo".

    >>> spanish_sound("alluda") == spanish_sound("ayuda")
    True
    """
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word
