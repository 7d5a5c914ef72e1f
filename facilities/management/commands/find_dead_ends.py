"""Searches every common need and every answer of /choose/ at every ZIP code."""

import random
from collections import Counter
from urllib.parse import urlencode

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from facilities.data_quality.dead_ends import (
    COMMON_NEEDS,
    EndingKind,
    endings_at_zip_code,
    nearest_miles,
    need_of_parameters,
    read_need,
    unit_vectors,
)
from facilities.guidance.care_finder.outcomes import distinct_searches
from facilities.places.tables import zips as zip_rows
from facilities.search.area import DEFAULT_MILES
from facilities.search.query import SearchQuery

MAX_SHOWN = 20
ROUNDING_MILES = 0.01


class Command(BaseCommand):
    help = (
        "Proves that no search is a dead end. The distance from every ZIP code to the nearest "
        "place that fits is worked out for each common need and each outcome of /choose/. At a "
        "sample of ZIP codes the pages' own search must say the same: a place with its distance, "
        "or the honest next step. Changes nothing."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--sample", type=int, default=200, help="ZIP codes that the pages' search is asked for"
        )
        parser.add_argument("--seed", type=int, default=1, help="of the sample")
        parser.add_argument(
            "--no-choose", action="store_false", dest="choose", help="leave out /choose/"
        )

    def handle(self, *, sample: int, seed: int, choose: bool, **options) -> None:
        searches = {words: read_need(words) for words in COMMON_NEEDS}
        for parameters in distinct_searches() if choose else ():
            searches[f"/choose/ {urlencode(parameters)}"] = need_of_parameters(parameters)
        points = {row.zip_code: row.point for row in zip_rows() if row.point}
        vectors = unit_vectors(points.values())
        miles = np.array(
            [nearest_miles(need, vectors) for need in tqdm(searches.values(), disable=None)]
        )
        self.report(len(points), len(searches), miles)
        failures = self.disagreements(
            searches, dict(zip(points, miles.T, strict=True)), sample, seed
        )
        if failures:
            raise CommandError("\n".join(["Dead ends:", *failures[:MAX_SHOWN]]))

    def report(self, zip_count: int, need_count: int, miles: np.ndarray) -> None:
        self.stdout.write(f"{miles.size:,} searches: {need_count} needs at {zip_count:,} ZIP codes")
        counts = {
            EndingKind.WITHIN_REACH: np.count_nonzero(miles <= DEFAULT_MILES),
            EndingKind.FARTHER: np.count_nonzero(np.isfinite(miles) & (miles > DEFAULT_MILES)),
            EndingKind.NOWHERE: np.count_nonzero(np.isinf(miles)),
        }
        for ending, count in counts.items():
            self.stdout.write(f"{count:>12,}  {count / miles.size:>6.1%}  {ending.value}")
        if np.isfinite(miles).any():
            farthest = miles[np.isfinite(miles)].max()
            self.stdout.write(f"The farthest nearest place lies {farthest:,.0f} miles away.")

    def disagreements(
        self,
        searches: dict[str, SearchQuery],
        miles_at: dict[str, np.ndarray],
        sample: int,
        seed: int,
    ) -> list[str]:
        """Return where the pages' search ends otherwise than the distances say, or in nothing."""
        counts, failures = Counter(), []
        for zip_code in tqdm(draw_zips(sample, seed), unit=" ZIP codes", disable=None):
            ended = endings_at_zip_code(zip_code, searches.values())
            for words, found, miles in zip(searches, ended, miles_at[zip_code], strict=True):
                counts[found.ending] += 1
                expected = None if np.isinf(miles) else miles
                is_same = found.miles == expected or (
                    None not in (found.miles, expected)
                    and abs(found.miles - expected) < ROUNDING_MILES
                )
                if found.ending is EndingKind.DEAD_END or not is_same:
                    failures.append(f"{zip_code}: {words}: {found}, {miles:.1f} miles measured")
        self.stdout.write(f"The pages say the same in {sum(counts.values()) - len(failures):,}:")
        for ending in EndingKind:
            self.stdout.write(f"{counts[ending]:>12,}  {ending.value}")
        return failures


def draw_zips(count: int, seed: int) -> list[str]:
    """Return ZIP codes that have a position, in order; all of them if ``count`` is larger."""
    with_position = sorted(row.zip_code for row in zip_rows() if row.point)
    if count >= len(with_position):
        return with_position
    return sorted(random.Random(seed).sample(with_position, count))
