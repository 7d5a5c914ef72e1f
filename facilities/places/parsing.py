"""Reads places as people write them: folds names to keys and lists what a text may mean."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from .tables import aliases, states

MAX_PLACE_LENGTH = 200  # characters
MAX_STATE_WORDS = 7  # words: "Islas Vírgenes de los Estados Unidos"
AREA_WORDS = ("county", "parish", "borough", "municipio", "census area", "municipality", "city")
_STATE_WORDS = ("state", "estado", "territory", "territorio")
_WORDS = {"ft": "fort", "mt": "mount", "ste": "sainte", "st": "saint"}
_LAST_WORDS = {"bch": "beach", "ctr": "center", "hts": "heights", "jct": "junction"} | {
    "pk": "park",
    "spgs": "springs",
    "vlg": "village",
}
_FIRST_WORDS = {"n": "north", "s": "south", "e": "east", "w": "west"}
_APOSTROPHES = re.compile("['`´‘’ʻʼ]")
_SEPARATORS = re.compile(r"[\W_]+")
_INITIALS = re.compile(r"\b(?:[a-z]\.\s?){2,}")
_PREFIXES = re.compile(r"\b(mc|d|o) (?=[a-z])")  # "Mc Lean", "Coeur d Alene", "O Fallon"
_COUNTRY = re.compile(r"[\s,]+(?:u\.?\s?s\.?\s?a\.?|united states|estados unidos|ee\.?\s?uu\.?)$")
_ZIP = re.compile(r"(?<![0-9])([0-9]{5})(?:\s?-\s?[0-9]{4}| [0-9]{4}$|[0-9]{4})?(?![0-9])")
_STATE_SAID = re.compile(
    r"^(?:state of|commonwealth of|estado del?) (?P<after>.+)|(?P<before>.+) state$"
)
_BRACKETS = re.compile(r"\(([^()]*)\)\s*$")
_OF = {
    re.compile(r"^(?:near|around|close to|cerca del?) (.+)$"): r"\1",
    re.compile(r"^(?:city|town|village|ciudad|pueblo) (?:of|de) (.+)$"): r"\1",
    re.compile(r"^(?:county of|condado del?) (.+)$"): r"\1 county",
    re.compile(r"^(?:parish of|parroquia de) (.+)$"): r"\1 parish",
    re.compile(r"^municipio de (.+)$"): r"\1 municipio",
    re.compile(r"^(.+) co$"): r"\1 county",
}


@dataclass(frozen=True, slots=True)
class ParsedPlace:
    """One meaning of a text: a key, and where the text says so a state, kind or county."""

    key: str
    state: str = ""
    kind: str = ""
    detail: str = ""


ReadingTier = tuple[ParsedPlace, ...]


@dataclass(frozen=True, slots=True)
class ParsedPlaceText:
    """A ZIP code with the words around it, or tiers of readings: the first that exists wins."""

    zip_code: str = ""
    tiers: tuple[ReadingTier, ...] = ()

    @property
    def readings(self) -> list[ParsedPlace]:
        return [reading for tier in self.tiers for reading in tier]


def fold_place_name(name: str) -> str:
    """Return the form of a name that is searched: "St. Louis", "Saint-Louis" -> "saint louis".

    Case, accents, apostrophes, punctuation and a leading "the" fall away; the usual
    abbreviations are spelled out. "" if no letter or digit is left.
    """
    return _spelled_out(_words(name))


def parse_place(text: str) -> ParsedPlaceText:
    """List what a text of at most MAX_PLACE_LENGTH characters may mean. Asks no database."""
    text = _COUNTRY.sub("", _plain(text).strip())
    zip_codes = _ZIP.findall(text)
    if len(zip_codes) == 1:
        without = _ZIP.sub(" ", text).replace("(", " ").replace(")", " ")
        return ParsedPlaceText(zip_codes[0], _tiers(without.strip(" ,-"), bracketed=""))
    brackets = _BRACKETS.search(text)
    if brackets:
        return ParsedPlaceText(
            tiers=_tiers(text[: brackets.start()], bracketed=fold_place_name(brackets[1]))
        )
    return ParsedPlaceText(tiers=_tiers(text, bracketed=""))


@cache
def state_codes() -> dict[str, str]:
    """Return folded state names in English and Spanish, abbreviations and postal codes -> code."""
    return {
        fold_place_name(name): state.code
        for state in states()
        for name in (state.code, state.name, state.name_es, *state.also)
        if name
    }


@cache
def state_names_by_code() -> dict[str, str]:
    """Return postal code -> folded English name, the key of the state's row."""
    return {state.code: fold_place_name(state.name) for state in states()}


def _words(text: str) -> list[str]:
    text = _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", _plain(text))
    return _SEPARATORS.sub(" ", text).split()


def _spelled_out(words: list[str]) -> str:
    if len(words) < 2:
        return " ".join(words)
    words = words[words[0] == "the" :]
    *firsts, last = words
    if firsts:
        firsts = [_WORDS.get(word, word) for word in firsts]
        firsts[0] = _FIRST_WORDS.get(firsts[0], firsts[0])
        last = _LAST_WORDS.get(last, last)
    return _PREFIXES.sub(r"\1", " ".join((*firsts, last)))


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _APOSTROPHES.sub("", bare)


def _tiers(text: str, *, bracketed: str) -> tuple[ReadingTier, ...]:
    key = fold_place_name(text)
    if not key:
        return ()
    if bracketed in _STATE_WORDS:
        return tuple(_state(key))
    if bracketed in state_codes():
        text, bracketed = f"{text}, {bracketed}", ""
    stated = _read_with_state(text, detail=bracketed)
    if stated and "," in text and fold_place_name(text.rpartition(",")[2]) in state_codes():
        return (*stated, *_read_as_one_name(fold_place_name(text)))
    return (*_read_as_one_name(fold_place_name(text)), *stated)


def _read_as_one_name(key: str) -> list[ReadingTier]:
    """Read the text as one name: a common name, a state's, or anything's with that key."""
    said = _STATE_SAID.match(key)
    states_named = _state((said["after"] or said["before"]) if said else key)
    common = [ParsedPlace(to, state) for to, state in _aliases(key)]
    first = (*common, *(reading for tier in states_named for reading in tier), ParsedPlace(key))
    return [first, *((ParsedPlace(name),) for name in _without_affixes(key))]


def _state(key: str) -> list[ReadingTier]:
    code = state_codes().get(key)
    return [(ParsedPlace(state_names_by_code()[code], code, kind="state"),)] if code else []


def _read_with_state(text: str, *, detail: str) -> list[ReadingTier]:
    """Read the text as a name followed by a state, the longest state name first."""
    words = _words(text)
    tiers: list[ReadingTier] = []
    for start in range(max(1, len(words) - MAX_STATE_WORDS), len(words)):
        state = state_codes().get(_spelled_out(words[start:]))
        if not state:
            continue
        name, county = _split_county(text, _spelled_out(words[:start]))
        common = [ParsedPlace(to, state) for to, at in _aliases(name) if at == state]
        tiers.append((*common, ParsedPlace(name, state, detail=detail or county)))
        tiers += [(ParsedPlace(other, state),) for other in _without_affixes(name)]
    return tiers


def _split_county(text: str, name: str) -> tuple[str, str]:
    """Split "Midway, Gadsden County, FL" into ("midway", "gadsden county")."""
    parts = [fold_place_name(part) for part in text.split(",")]
    if len(parts) == 3 and parts[1].endswith(AREA_WORDS):
        return parts[0], parts[1]
    return name, ""


def _without_affixes(key: str) -> list[str]:
    """Return the key without "city of", "condado de", "near" ..."""
    return [pattern.sub(to, key) for pattern, to in _OF.items() if pattern.match(key)]


@cache
def _alias_table() -> dict[str, list[tuple[str, str]]]:
    table: dict[str, list[tuple[str, str]]] = {}
    for alias in aliases():
        table.setdefault(fold_place_name(alias.name), []).append(
            (fold_place_name(alias.city), alias.state)
        )
    return table


def _aliases(key: str) -> list[tuple[str, str]]:
    return _alias_table().get(key, [])
