"""Where a local list and another source state different things of a facility, in sentences."""

from collections.abc import Collection, Iterable, Iterator

from django.utils.translation import gettext as _

from ..facts.leave_out_numbers import remove_numbers_from_value
from ..facts.registry import PRIVATE_FACTS, display_value, fact_label
from ..models import Conflict, Facility


def source_disagreements(
    facility: Facility,
    conflicts: Iterable[Conflict],
    checked: Collection[str],
    language: str,
    suspended: Collection[str] = (),
) -> Iterator[str]:
    """Yield a sentence for each fact that no person has settled.

    ``checked``: the facts that people checked. ``suspended``: numbers that no page shows. What one
    of SAMHSA's files says against another is not told here: that is how an old edition differs from
    a new one.
    """
    hidden = PRIVATE_FACTS if facility.is_address_confidential else frozenset()
    first = facility.source_release
    for conflict in conflicts:
        if conflict.fact in checked or conflict.fact in hidden or conflict.fact == "status":
            continue
        values = (conflict.shown_value, conflict.source_value)
        if any(
            remove_numbers_from_value(conflict.fact, each, suspended) != each for each in values
        ):
            continue
        if conflict.release.is_of_samhsa and (first is None or first.is_of_samhsa):
            continue
        yield _(
            "Our sources differ on “%(fact)s”: we show %(ours)s, %(source)s says %(theirs)s."
        ) % {
            "fact": fact_label(conflict.fact, language),
            "ours": display_value(conflict.fact, conflict.shown_value),
            "theirs": display_value(conflict.fact, conflict.source_value),
            "source": conflict.release.get_source_display(),
        }
