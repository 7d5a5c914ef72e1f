"""The boxes of the filters as HTML. Each is rendered once per language and state and then kept:
on a search only the counts differ, and 150 boxes would be most of the time that a page takes.
"""

from collections.abc import Collection, Iterable, Mapping

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from ..search.filter_types import FilterOption
from ..web.cached_fragments import cache_rendered

TEMPLATE = "facilities/search/_filter_checkbox.html"
COUNT = "\x00"  # stands where the count goes; no label can hold it


def render_checkboxes(
    group: str,
    options: Iterable[FilterOption],
    counts: Mapping[str, int],
    ticked: Collection[str],
    language: str,
) -> SafeString:
    """The options of one group; without counts where the search could not be run."""
    parts = []
    for option in options:
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
        TEMPLATE,
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
