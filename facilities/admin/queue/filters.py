"""Which part of the queue a curator asks for: state, zone, whose; and how many calls a day."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...curation.work_queue.ranking import (
    CALLABLE_NOW,
    MINE,
    OPEN,
    RESTING,
    TAKEN,
    QueueQuery,
    WorkQueue,
)
from ...places.timezones import is_time_to_call

ASSIGNEE_CHOICES = (
    (OPEN, gettext_lazy("Waiting for somebody")),
    (MINE, gettext_lazy("In my hands")),
    (TAKEN, gettext_lazy("In anybody's hands")),
    (RESTING, gettext_lazy("Put off")),
)
FILTER_PARAMETERS = ("state", "zone")  # parameters that stay from one call to the next


class QueueFilterForm(forms.Form):
    """The choices are those that the queue has; anything else is refused in words."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)
    whose = forms.ChoiceField(label=gettext_lazy("Show"), required=False, choices=ASSIGNEE_CHOICES)
    a_day = forms.IntegerField(
        label=gettext_lazy("Checks a day"), required=False, min_value=1, max_value=10_000
    )

    def __init__(self, given: QueryDict, queue: WorkQueue):
        super().__init__(given)
        self.fields["state"].choices = [
            ("", _("All states")),
            *((state, state) for state in queue.states),
        ]
        self.fields["zone"].choices = [("", _("All time zones")), *zone_choices(queue)]

    @property
    def wanted(self) -> QueueQuery | None:
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        return QueueQuery(asked["state"], asked["zone"], asked["whose"] or OPEN)

    @property
    def kept(self) -> str:
        """The query string that leads to the next call under the same filter."""
        query = QueryDict(mutable=True)
        query.update({name: self.data[name] for name in FILTER_PARAMETERS if self.data.get(name)})
        return query.urlencode()


def zone_choices(queue: WorkQueue) -> Iterable[tuple[str, str]]:
    """Yield each zone with its time now; first, a choice of all zones where it is time to call."""
    open_now = [zone for zone in queue.zones if is_time_to_call(zone, queue.now)]
    names = ", ".join(str(zone.label) for zone in open_now)
    yield (
        CALLABLE_NOW,
        _("Call these now: %(zones)s") % {"zones": names or _("nowhere at this hour")},
    )
    for zone in queue.zones:
        clock = time_format(zone.local(queue.now).time(), "P")
        yield zone.slug, _("%(zone)s: it is %(time)s there") % {"zone": zone.label, "time": clock}
