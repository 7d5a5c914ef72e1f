"""The filter groups of the search page: which boxes they have, ticked or not, with their counts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from ..search.filter_types import FilterGroup, FilterOption


class FilterBox(NamedTuple):
    """One check box; ``count`` is "" where the search could not be run."""

    slug: str
    label: str
    help: str
    count: int | str
    is_ticked: bool


class FilterPanelGroup(NamedTuple):
    """One group with its common boxes, and the rare ones that stand behind "More choices"."""

    group: FilterGroup
    ticked: int
    common: tuple[FilterBox, ...]
    rare: tuple[FilterBox, ...]

    @property
    def shows_rare(self) -> bool:
        return any(box.is_ticked for box in self.rare)


def build_filter_group(
    group: FilterGroup,
    counts: Mapping[str, int],
    ticked: Collection[str],
    language: str,
    *,
    hidden: Collection[str] = (),
) -> FilterPanelGroup | None:
    """Leave out the boxes of the slugs in `hidden`; return None if no box is left.

    `counts` (slug -> facilities) is empty if the search could not be run.
    """
    common = tuple(_boxes(group.primary, counts, ticked, hidden, language))
    rare = tuple(_boxes(group.secondary, counts, ticked, hidden, language))
    return FilterPanelGroup(group, len(ticked), common, rare) if common or rare else None


def _boxes(
    options: Iterable[FilterOption],
    counts: Mapping[str, int],
    ticked: Collection[str],
    hidden: Collection[str],
    language: str,
) -> Iterator[FilterBox]:
    for option in options:
        if option.slug not in hidden:
            yield FilterBox(
                option.slug,
                option.label(language),
                # The help of a service is said once, where the service is given.
                "" if option.label_service else option.help(language),
                counts.get(option.slug, ""),
                option.slug in ticked,
            )
