"""Searches every common need and every answer of /choose/ at many ZIP codes."""

import random
from collections import Counter
from urllib.parse import urlencode

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from facilities.data_quality.dead_ends import (
    COMMON_NEEDS,
    Ending,
    endings,
    need_in_words,
    need_of_parameters,
)
from facilities.guidance.care_finder.outcomes import distinct_searches
from facilities.places.tables import zips as zip_rows

MAX_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Proves that no search is a dead end: at each ZIP code, each common need and each outcome "
        "of /choose/ must find a place with its distance, or the honest next step. Changes nothing."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--zips", type=int, default=2_000, help="how many, drawn at random")
        parser.add_argument("--seed", type=int, default=1, help="of the draw")
        parser.add_argument(
            "--no-choose", action="store_false", dest="choose", help="leave out /choose/"
        )

    def handle(self, *, zips: int, seed: int, choose: bool, **options) -> None:
        searches = {words: need_in_words(words) for words in COMMON_NEEDS}
        for parameters in distinct_searches() if choose else ():
            searches[f"/choose/ {urlencode(parameters)}"] = need_of_parameters(parameters)
        drawn = draw_zips(zips, seed)
        counts, failures, farthest = Counter(), [], 0.0
        for zip_code in tqdm(drawn, unit=" ZIP codes", disable=None):
            for words, ended in zip(searches, endings(zip_code, searches.values()), strict=True):
                counts[ended.ending] += 1
                farthest = max(farthest, ended.miles or 0)
                if ended.ending is Ending.DEAD_END:
                    failures.append(f"{zip_code}: {words}")
        self.report(len(drawn), len(searches), counts, farthest)
        if failures:
            raise CommandError("\n".join(["Dead ends:", *failures[:MAX_SHOWN]]))

    def report(self, zip_count: int, need_count: int, counts: Counter, farthest: float) -> None:
        total = sum(counts.values())
        self.stdout.write(f"{total:,} searches: {need_count} needs at {zip_count:,} ZIP codes")
        for ending in Ending:
            count = counts[ending]
            self.stdout.write(f"{count:>10,}  {count / total:>6.1%}  {ending.value}")
        self.stdout.write(f"The farthest nearest place lies {farthest:,.0f} miles away.")


def draw_zips(count: int, seed: int) -> list[str]:
    """Return ZIP codes that have a position, in order; all of them if `count` is larger."""
    with_position = sorted(row.zip_code for row in zip_rows() if row.point)
    if count >= len(with_position):
        return with_position
    return sorted(random.Random(seed).sample(with_position, count))
