"""What stands in place of a number that reached somebody else."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import Facility


def suspended_number_notice(facility: Facility) -> str:
    """Return sentences for a text without links; "" for a facility whose number is shown."""
    if facility.phone_suspended_on is None:
        return ""
    day = {"day": date_format(facility.phone_suspended_on)}
    sentences = [_("We took its phone number down on %(day)s: it reached somebody else.") % day]
    if facility.website:
        sentences.append(_("Its website: %(website)s") % {"website": facility.website})
    sentences.append(_("SAMHSA’s line helps to find treatment: 1-800-662-4357"))
    return " ".join(sentences)
