"""About 400 invented facilities, written in the form of SAMHSA's own workbook.

Nothing here is real but cities, ZIP codes and area codes: names, streets, telephone numbers
(555-01xx) and what each place offers are made up, always the same from one seed.
"""

from random import Random

from .edge_cases import EDGE_CASES, apply_edge_cases
from .listings import SEED, DemoListing, draw_listings
from .workbook import write_demonstration

__all__ = [
    "EDGE_CASES",
    "SEED",
    "DemoListing",
    "invent",
    "write_demonstration",
]


def invent_listings(seed: int = SEED) -> list[DemoListing]:
    rng = Random(seed)
    return apply_edge_cases(draw_listings(rng), rng)
