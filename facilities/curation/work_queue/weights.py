"""How much each reason to check a facility weighs, and why. Nothing else scores.

A point stands for about one chance in a hundred that somebody in need is misled. A reason counts
as often as it occurs, up to ``most`` times. Staff see this table on a page of its own.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class RiskWeight:
    """One reason to check: ``points`` for each time it occurs, at most ``most`` times, and why."""

    slug: str
    label: str | Promise
    points: int
    most: int
    why: str | Promise


WEIGHTS = (
    RiskWeight(
        "report-phone", _("Open report about the phone"), 60, 2,
        _("Somebody called and did not get through. Most such reports are right."),
    ),
    RiskWeight(
        "report-closed", _("Open report that it has closed or moved"), 60, 2,
        _("Somebody may have gone there in vain."),
    ),
    RiskWeight(
        "report-other", _("Open report about something else"), 40, 2,
        _("A person took the trouble to tell us; we promised to look."),
    ),
    RiskWeight(
        "tell-facility", _("Tell the facility what people reported"), 10, 2,
        _("Its page says so. Nobody can set it right sooner than the facility."),
    ),
    RiskWeight(
        "second-check", _("A change waits for a second person"), 130, 1,
        _("The page shows what is probably wrong, and one check settles it. So it comes first."),
    ),
    RiskWeight(
        "phone-missed", _("The number could not be confirmed last time"), 55, 1,
        _("We called, and it was not theirs. The right one has to be found."),
    ),
    RiskWeight(
        "conflict-phone", _("The newest file has another phone"), 50, 1,
        _("One of the two numbers is wrong."),
    ),
    RiskWeight(
        "conflict-other", _("The newest file says something else"), 25, 3,
        _("What we checked and what the facility told SAMHSA since then differ."),
    ),
    RiskWeight(
        "proposal", _("The facility's own update waits"), 20, 3,
        _("The facility knows best, and waits for an answer."),
    ),
    RiskWeight(
        "website-moved", _("The website leads to another domain"), 15, 1,
        _("Domains of closed facilities are bought up by those who sell referrals."),
    ),
    RiskWeight(
        "website-unreachable", _("The website cannot be reached"), 5, 1,
        _("It may be a short failure, or a sign that the facility has closed."),
    ),
    RiskWeight(
        "shared-phone", _("Unrelated listings have the same number"), 10, 1,
        _("A number of several unrelated places often belongs to a call center."),
    ),
    RiskWeight(
        "phone-old", _("Phone: check is overdue"), 6, 3,
        _("About one number in eighteen changes in a year, and all else hangs on it."),
    ),
    RiskWeight(
        "detox-old", _("Detox: check is overdue"), 5, 3,
        _("Who is turned away in withdrawal is in danger. A wrong yes harms most here."),
    ),
    RiskWeight(
        "medication-old", _("Medication: check is overdue"), 5, 3,
        _("A person sent to the wrong place may go without medication."),
    ),
    RiskWeight(
        "payment-old", _("Payment: check is overdue"), 2, 3,
        _("Plans change often. A call settles it, and a person may ask before coming."),
    ),
    RiskWeight(
        "address-old", _("Name and address: check is overdue"), 1, 3,
        _("Facilities seldom move, and people call before they come."),
    ),
    RiskWeight(
        "contradiction", _("The listing contradicts itself"), 6, 2,
        _("One of the two statements is wrong, and nobody has asked which."),
    ),
    RiskWeight(
        "approximate", _("The position is approximate"), 2, 1,
        _("About a mile off: distances are a little wrong, the address is right."),
    ),
)  # fmt: skip
WEIGHTS_BY_SLUG = {weight.slug: weight for weight in WEIGHTS}
