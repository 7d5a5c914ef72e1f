"""The filter groups of the search page as HTML.

Groups and check boxes are rendered once per language and state and then kept: from search to
search only the counts differ, and 150 boxes would be most of the time that a page takes.
"""

from collections.abc import Collection, Iterable, Mapping

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from ..search.filter_types import FilterGroup, FilterOption
from ..web.cached_fragments import cache_rendered, render_cached

GROUP_TEMPLATE = "facilities/search/_filter_group.html"
CHECKBOX_TEMPLATE = "facilities/search/_filter_checkbox.html"
COUNT = "\x00"  # stands where the count goes; no label can hold it


def render_filter_group(
    group: FilterGroup,
    counts: Mapping[str, int],
    ticked: Collection[str],
    language: str,
    *,
    hidden: Collection[str] = (),
) -> SafeString:
    """Return the group with its heading and check boxes; it is open where one is ticked.

    ``counts`` (slug -> facilities) is empty where the search could not be run. Boxes of the slugs
    in ``hidden`` are left out; "" where no box is left.
    """
    common = _checkboxes(group.name, group.primary, counts, ticked, hidden, language)
    rare = _checkboxes(group.name, group.secondary, counts, ticked, hidden, language)
    if not (common or rare):
        return SafeString()
    values = {
        "name": group.name,
        "heading": str(group.heading),
        "takes_all": "1" if group.takes_all else "",
        "is_open": "1" if group.is_open else "",
        "chosen": str(len(ticked) or ""),
        "common": common,
        "rare": rare,
        "shows_rare": "1" if any(option.slug in ticked for option in group.secondary) else "",
    }
    return render_cached(GROUP_TEMPLATE, values, language)


def _checkboxes(
    group: str,
    options: Iterable[FilterOption],
    counts: Mapping[str, int],
    ticked: Collection[str],
    hidden: Collection[str],
    language: str,
) -> SafeString:
    parts = []
    for option in options:
        if option.slug in hidden:
            continue
        count, is_ticked = counts.get(option.slug), option.slug in ticked
        before, between, after = _box(
            group, option, language, is_ticked=is_ticked, is_disabled=count == 0 and not is_ticked
        )
        shown = "" if count is None else str(count)
        parts += (before, shown, between, shown, after)
    return mark_safe("".join(parts))


@cache_rendered(maxsize=2_000)
def _box(
    group: str, option: FilterOption, language: str, *, is_ticked: bool, is_disabled: bool
) -> tuple[str, str, str]:
    """What stands before, between and after the two places of the count."""
    html = render_to_string(
        CHECKBOX_TEMPLATE,
        {
            "group": group,
            "slug": option.slug,
            "label": option.label(language),
            "help": ""
            if option.label_service
            else option.help(language),  # said once, where it is given
            "count": COUNT,
            "is_ticked": is_ticked,
            "is_disabled": is_disabled,
        },
    )
    before, between, after = html.split(COUNT)
    return before, between, after
