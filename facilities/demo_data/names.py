"""Invents names, streets and telephone numbers that nobody can take for real ones."""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from random import Random

from .profiles import DemoProfile
from .tables import DemoPlace

MAX_NAME_LENGTH = 38  # SAMHSA's workbook cuts names and streets here
NUMBERS_IN_AREA = 100  # 555-0100 to 555-0199 are kept for invention


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split("|"))


WORDS = _split(
    "Velvet|Gingham|Copper|Marble|Paper|Striped|Velour|Tin|Wicker|Quilted|Checkered|Corduroy|"
    "Porcelain|Spotted|Woolen|Cardboard|Lilac|Crimson|Mint|Apricot|Turquoise|Ivory|Saffron|Plaid"
)
THINGS = _split(
    "Umbrella|Teapot|Accordion|Windmill|Thimble|Rowboat|Weathervane|Lampshade|Typewriter|Abacus|"
    "Wheelbarrow|Telescope|Tricycle|Metronome|Hammock|Doorbell|Sundial|Gramophone|Bookcase|Kite"
)
SPANISH_THINGS = _split("Paraguas|Molino|Acordeón|Farol|Telescopio|Reloj|Buzón|Columpio|Velero")
SPANISH_WORDS = _split("de Papel|de Añil|de Cobre|Rayado|de Mármol")
STREETS = _split(
    "Example Avenue|Sample Street|Invented Road|Placeholder Lane|Imaginary Boulevard|"
    "Make Believe Drive|Fictional Way|Pretend Place|Specimen Street|Made Up Court"
)
SPANISH_STREETS = _split("Calle Ejemplo|Calle Imaginaria|Avenida Inventada|Calle Muestra")
SUITES = _split("Suite 100|Suite 210|2nd Floor|Unit B|Building 3|Suite 4-F")


def is_spanish_speaking_place(place: DemoPlace) -> bool:
    return place.state == "PR"


def invent_name(rng: Random) -> Iterator[str]:
    """Yield names of two words, such as "Paper Windmill", each once."""
    pairs = [f"{word} {thing}" for word, thing in product(WORDS, THINGS)]
    rng.shuffle(pairs)
    return iter(pairs)


def invent_spanish_name(rng: Random) -> Iterator[str]:
    pairs = [f"Centro {thing} {word}" for thing, word in product(SPANISH_THINGS, SPANISH_WORDS)]
    rng.shuffle(pairs)
    return iter(pairs)


def invent_full_name(coined_name: str, place: DemoPlace, profile: DemoProfile, rng: Random) -> str:
    """Add what the facility is. Cut the name, as SAMHSA does, only where nothing shorter fits."""
    words = rng.choice(profile.words)
    if is_spanish_speaking_place(place):
        return coined_name
    fitting = [
        kind for kind in (words, *profile.words) if len(coined_name + kind) < MAX_NAME_LENGTH
    ]
    return f"{coined_name} {fitting[0] if fitting else words}"[:MAX_NAME_LENGTH].strip()


def invent_street(place: DemoPlace, rng: Random) -> str:
    number = rng.randrange(12, 4800)
    if is_spanish_speaking_place(place):
        return f"{number} {rng.choice(SPANISH_STREETS)}"
    return f"{number} {rng.choice(STREETS)}"


def invent_suite(rng: Random) -> str:
    return rng.choice(SUITES) if rng.random() < 0.3 else ""


class InventedPhoneNumbers:
    """Gives out the invented numbers of each area code, each once."""

    def __init__(self):
        self._given = Counter()

    def next_number(self, area_code: str) -> str:
        line = self._given[area_code]
        if line == NUMBERS_IN_AREA:
            raise ValueError(f"area code {area_code} has no more invented numbers")
        self._given[area_code] += 1
        return f"{area_code}-555-{100 + line:04d}"
