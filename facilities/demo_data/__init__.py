"""About 400 invented facilities, written in the form of SAMHSA's own workbook.

Nothing here is real but cities, ZIP codes and area codes: names, streets, telephone numbers
(555-01xx) and what each place offers are made up, always the same from one seed.
"""

from random import Random

from .edge_cases import DIFFICULTIES, make_difficult
from .listings import SEED, Listing, draw_listings
from .workbook import write_demonstration

__all__ = ["DIFFICULTIES", "SEED", "Listing", "invent", "write_demonstration"]


def invent(seed: int = SEED) -> list[Listing]:
    """The invented facilities in the order of their rows, the same for the same seed."""
    rng = Random(seed)
    return make_difficult(draw_listings(rng), rng)
