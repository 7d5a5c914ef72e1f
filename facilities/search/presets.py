"""The common needs as prepared searches: their words, and the filters each stands for."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 100  # characters


@dataclass(frozen=True)
class SearchPreset:
    """One prepared search; ``slug`` is its part of the address that leads to it."""

    slug: str
    label: str
    hint: str
    parameters: tuple[tuple[str, str], ...]

    def build_query(self, typed: str) -> str:
        """Add what was typed as the place; without it, ask where."""
        where = ("place", typed.strip()[:MAX_LENGTH]) if typed.strip() else ("ask", "where")
        return "?" + urlencode([where, *self.parameters])


PRESETS = (
    SearchPreset(
        "medication",
        _("Start medication for opioid use"),
        _("Buprenorphine or methadone. No detox is needed first."),
        (("starts", "start-buprenorphine"), ("starts", "start-methadone")),
    ),
    SearchPreset(
        "detox",
        _("Detox near me"),
        _("This list cannot see beds: call."),
        (("setting", "overnight-detox"), ("setting", "outpatient-detox")),
    ),
    SearchPreset(
        "payment",
        _("Free, Medicaid or by income"),
        _("Ask what you would pay, before you go."),
        (("payment", "medicaid"), ("payment", "sliding-scale"), ("payment", "no-payment")),
    ),
)
PRESETS_BY_SLUG = {need.slug: need for need in PRESETS}
