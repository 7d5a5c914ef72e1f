"""The filter groups of the search page: which boxes they have, ticked or not, with their counts."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.utils.html import escape, format_html

from ..search.filter_types import FilterGroup
from .card import cached_by_language


class FilterBox(NamedTuple):
    """One check box; ``count`` is "" where the search could not be run.

    What is the same in every search is HTML, escaped once: a page has some 160 boxes.
    """

    attributes: str
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
    """Leave out the boxes of the slugs in ``hidden``; return None if no box is left.

    ``counts`` (slug -> facilities) is empty if the search could not be run.
    """
    common, rare = (
        tuple(
            FilterBox(attributes, label, help_text, counts.get(slug, ""), slug in ticked)
            for slug, attributes, label, help_text in texts
            if slug not in hidden
        )
        for texts in _texts(group, language)
    )
    return FilterPanelGroup(group, len(ticked), common, rare) if common or rare else None


@cached_by_language
def _texts(group: FilterGroup, language: str) -> list[list[tuple[str, str, str, str]]]:
    """Return (slug, attributes, label, help) of its common options, and of its rare ones."""
    attributes = 'id="{0}-{1}" name="{0}" value="{1}"'
    return [
        [
            (
                each.slug,
                format_html(attributes, group.name, each.slug),
                escape(each.label(language)),
                # The help of a service is said once, where the service is given.
                escape("" if each.label_service else each.help(language)),
            )
            for each in options
        ]
        for options in (group.primary, group.secondary)
    ]
