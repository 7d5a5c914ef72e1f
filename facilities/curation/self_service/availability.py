"""Whether a facility says that it can admit today: shown with its time, expired within hours.

One person's word is shown at once, so it has no words of its own, which could name a number or a
website: for what and for whom is chosen from the services that the listing shows.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...models import Availability, Facility, UpdateLink
from ...models.keyed_query import KeyedQuery
from ...places.timezones import time_zone_at
from ...rules.freshness import max_age
from ...taxonomy import VOCABULARY, ServiceSet
from .links import InvalidLink, is_link_open

MAX_DURATION = timedelta(hours=24)
DURATIONS = (2, 4, 8, 12, 24)  # hours
PROGRAMS = ServiceSet.of(
    *(each for code in ("SET", "AGE", "GN", "SG") for each in VOCABULARY.in_category(code))
)

# Including what has expired, until the facility states something new.
STATED = KeyedQuery(
    int, lambda keys: Availability.objects.filter(facility__in=keys).order_by("stated_at", "pk")
)


def availability_hours_choices() -> list[int]:
    """Return the hours for which a statement may be shown: its maximum age, at most a day."""
    most = min(max_age("availability"), MAX_DURATION) // timedelta(hours=1)
    return [*(hours for hours in DURATIONS if hours < most), most]


def record_availability(
    link: UpdateLink, *, can_admit: bool, services: Iterable[str], hours: int, now: datetime
) -> Availability:
    """Replace what the facility stated before. Raises InvalidLink."""
    with transaction.atomic():
        held = UpdateLink.objects.select_for_update().select_related("facility").get(pk=link.pk)
        if not is_link_open(held, now):
            raise InvalidLink
        Availability.objects.filter(facility=held.facility).delete()
        return Availability.objects.create(
            facility=held.facility, can_admit=can_admit, services=[*services], stated_at=now,
            expires_at=now + timedelta(hours=hours), link=held,
        )  # fmt: skip


def withdraw_availability(link: UpdateLink) -> None:
    Availability.objects.filter(facility=link.facility).delete()


def availability_sentences(facilities: Iterable[Facility], now: datetime) -> Mapping[int, str]:
    """Return key -> sentence for facilities that stated their availability, in one query."""
    shown = {facility.pk: facility for facility in facilities}
    return {
        stated.facility_id: availability_sentence(stated, shown[stated.facility_id], now)
        for stated in STATED.objects([*shown])
        if stated.stated_at <= now < stated.expires_at
        and stated.can_be_told(shown[stated.facility_id].offered)
    }


def availability_sentence(availability: Availability, facility: Facility, now: datetime) -> str:
    zone = time_zone_at(facility.point, facility.state)
    times = {
        "at": _moment(availability.stated_at, zone, now),
        "until": _moment(availability.expires_at, zone, now),
        "zone": str(zone.label) if zone else "UTC",
    }
    if availability.can_admit:
        said = _("The facility said at %(at)s that it can take new people today.")
    else:
        said = _("The facility said at %(at)s that it cannot take new people today.")
    labels = [each.label(get_language()) for each in availability.programs(facility.offered)]
    programs = _("That is for: %(programs)s.") % {"programs": "; ".join(labels)} if labels else ""
    until = _("This counts until %(until)s (%(zone)s). Call first.")
    return " ".join(filter(None, [said % times, programs, until % times]))


def program_choices(facility: Facility) -> ServiceSet:
    """Return for what and for whom the facility may say that it can admit."""
    return facility.offered & PROGRAMS


def _moment(moment: datetime, zone, now: datetime) -> str:
    local, today = (zone.local(each) if zone else each for each in (moment, now))
    if local.date() == today.date():
        return time_format(local, "P")
    return date_format(local, "DATETIME_FORMAT")
