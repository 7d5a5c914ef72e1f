"""How good this directory is: every metric with its plot, drawn here as SVG."""

from dataclasses import dataclass

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..context import service_area
from ..quality import METRICS, Ground, Metric
from ..quality.metrics import Bar, Measured


@dataclass(frozen=True)
class Plot:
    """A bar as SVG draws it: lengths of a hundred, written the same in every language."""

    bar: Bar

    @property
    def percent(self) -> str:
        """One place after the point where rounding would say "all" or "none" and it is not so."""
        percent = 100 * self.bar.share
        is_whole = percent in (0, 100) or 0.5 <= percent < 99.5
        return f"{percent:.0f}%" if is_whole else f"{percent:.1f}%"

    @property
    def length(self) -> str:
        return f"{100 * self.bar.share:.2f}"

    @property
    def low(self) -> str:
        return f"{100 * self.bar.interval.low:.1f}"

    @property
    def high(self) -> str:
        return f"{100 * self.bar.interval.high:.1f}"

    @property
    def spread(self) -> str:
        return f"{100 * (self.bar.interval.high - self.bar.interval.low):.2f}"


@dataclass(frozen=True)
class Shown:
    """A metric as measured today."""

    metric: Metric
    found: Measured

    @property
    def plots(self) -> list[Plot]:
        return [Plot(bar) for bar in self.found.bars]


@require_safe
def quality(request):
    ground = Ground(service_area(), timezone.localdate())
    context = {
        "ground": ground,
        "area": "; ".join(settings.SERVICE_AREA),
        "metrics": [Shown(metric, metric.measure(ground)) for metric in METRICS],
    }
    return render(request, "facilities/quality.html", context)
