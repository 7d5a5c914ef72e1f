"""Why a phone number that we show may be wrong."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from ..models import Facility, Proposal, Report

ENOUGH_REPORTS = 2


def phone_doubt(facility: Facility) -> str:
    """A sentence to stand beside the number; "" while nobody doubts it."""
    return phone_doubts([facility]).get(facility.pk, "")


def phone_doubts(facilities: Iterable[Facility]) -> Mapping[int, str]:
    """Key -> sentence, for those of the facilities whose number is in doubt."""
    shown = {facility.pk: facility for facility in facilities}
    doubted = _proposed(shown) | _reported(shown)
    sentence = _("This number may be wrong. It is being checked.")
    return dict.fromkeys(sorted(doubted), sentence)


def _proposed(keys: Iterable[int]) -> set[int]:
    waiting = Proposal.objects.filter(
        facility_id__in=list(keys), fact="phone", state=Proposal.State.WAITING
    )
    return set(waiting.values_list("facility_id", flat=True))


def _reported(keys: Iterable[int]) -> set[int]:
    unsettled = (Report.State.OPEN, Report.State.IN_HAND)
    reports = Report.objects.filter(
        facility_id__in=list(keys), about=Report.About.PHONE, state__in=unsettled
    )
    found = list(reports.values_list("facility_id", flat=True))
    return {key for key in found if found.count(key) >= ENOUGH_REPORTS}
