"""A search as plain data: where, with which words and options, in which order, on which page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from django.db.models import QuerySet

from .area import RADIUS_CHOICES, SearchArea
from .filter_groups import GROUPS, PREFERS
from .filter_types import FilterGroup, FilterOption
from .keywords import Keywords
from .sort_orders import SortOrder


class ResultView(Enum):
    """How results are shown; the value is that of the parameter ``view``."""

    CARDS = ""
    TABLE = "table"
    TEXT = "tsv"  # the rows of the table as tab-separated values


@dataclass(frozen=True)
class SearchQuery:
    """One valid search.

    ``raw_params`` holds the single parameters as they were typed. ``chosen`` has the slugs of the
    chosen options for the name of every group, in the group's order. ``phone`` is ten digits, or
    nothing. ``carried`` are parameters that filter nothing and stay in every link of the page:
    what was not understood, which words were corrected, what must be told first.
    """

    raw_params: dict[str, str]
    area: SearchArea
    keywords: Keywords
    chosen: dict[str, tuple[str, ...]]
    sort: str
    page: int
    phone: str = ""
    view: ResultView = ResultView.CARDS
    carried: tuple[tuple[str, str], ...] = ()

    @property
    def options(self) -> Iterator[tuple[FilterGroup, FilterOption]]:
        for group in GROUPS:
            for slug in self.chosen[group.name]:
                yield group, group.options[slug]

    @property
    def is_about_opioids(self) -> bool:
        """Whether detox from opioids or a medication for opioid use disorder is asked for."""
        return any(option.is_about_opioids for _group, option in self.options)

    @property
    def is_filtered(self) -> bool:
        return bool(self.keywords.words) or bool(self.phone) or any(self.chosen.values())

    @property
    def shows_distance(self) -> bool:
        """Whether miles from the searched point mean something."""
        has_point = self.area.point is not None
        return has_point and (self.area.is_near or self.sort == "distance")

    @property
    def sort_order(self) -> SortOrder:
        preferred = tuple(PREFERS.options[slug].predicate for slug in self.chosen[PREFERS.name])
        return SortOrder(
            self.sort, self.area.point, self.area.is_near, self.is_about_opioids, preferred
        )

    def carried_values(self, name: str) -> tuple[str, ...]:
        return tuple(value for carried, value in self.carried if carried == name)

    @property
    def asks_where(self) -> bool:
        """Whether the place is still to be asked for, so that nothing may be listed yet."""
        return self.area.is_everywhere and bool(self.carried_values("ask"))

    def filter_queryset(self, facilities: QuerySet) -> QuerySet:
        facilities = self.area.filter_queryset(facilities)
        return facilities.with_phone(self.phone) if self.phone else facilities

    def with_options(self, **chosen: tuple[str, ...]) -> "SearchQuery":
        return replace(self, chosen=self.chosen | chosen, page=1)

    def with_radius(self, within: str) -> "SearchQuery":
        """``within`` is miles as text, or "state" for the whole state."""
        raw_params = self.raw_params | {"within": within}
        return replace(self, raw_params=raw_params, area=self.area.with_radius(within), page=1)

    def with_wider_radii(self) -> Iterator["SearchQuery"]:
        if self.area.miles is not None:
            for miles in RADIUS_CHOICES:
                if miles > self.area.miles:
                    yield self.with_radius(str(miles))

    def in_whole_country(self) -> "SearchQuery":
        raw_params = self.raw_params | dict.fromkeys(("place", "lat", "lon", "within"), "")
        return replace(self, raw_params=raw_params, area=SearchArea(), page=1)

    def without_keywords(self) -> "SearchQuery":
        raw_params = self.raw_params | {"q": ""}
        return replace(self, raw_params=raw_params, keywords=Keywords(""), page=1)
