"""The common needs as prepared searches: their words, and the filters each stands for."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

LONGEST_PLACE = 100


@dataclass(frozen=True)
class Need:
    """One prepared search; ``slug`` is its part of the address that leads to it."""

    slug: str
    label: str
    hint: str
    filters: tuple[tuple[str, str], ...]

    def query(self, place: str) -> str:
        """The query string of the search, at the place as it was typed, if any."""
        typed = place.strip()[:LONGEST_PLACE]
        return "?" + urlencode([*([("place", typed)] if typed else []), *self.filters])


NEEDS = (
    Need(
        "medication",
        _("Start medication for opioid use"),
        _("Buprenorphine or methadone. No detox is needed first."),
        (("starts", "start-buprenorphine"), ("starts", "start-methadone")),
    ),
    Need(
        "detox",
        _("Detox near me"),
        _("This list cannot see beds: call."),
        (("setting", "overnight-detox"), ("setting", "outpatient-detox")),
    ),
    Need(
        "payment",
        _("Free, Medicaid or by income"),
        _("Ask what you would pay, before you go."),
        (("payment", "medicaid"), ("payment", "sliding-scale"), ("payment", "no-payment")),
    ),
)
BY_SLUG = {need.slug: need for need in NEEDS}
