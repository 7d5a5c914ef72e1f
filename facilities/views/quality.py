"""How good this directory is: every metric with its plot, drawn here as SVG."""

from dataclasses import dataclass

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..curation import audits
from ..data_quality import METRICS, Metric, MetricScope
from ..data_quality.metrics import DescribedMetric, MetricBar
from ..web.context_processors import service_area


@dataclass(frozen=True)
class MetricPlot:
    """A bar as SVG draws it: lengths of a hundred, written the same in every language."""

    bar: MetricBar

    @property
    def percent(self) -> str:
        """Use as many decimals as it takes not to say "all" or "none" if it is not."""
        percent = 100 * self.bar.share
        for places in range(3):
            said = f"{percent:.{places}f}"
            if percent in (0, 100) or float(said) not in (0, 100):
                break
        return f"{said}%"

    @property
    def count(self) -> str:
        return f"{self.bar.count:,}"

    @property
    def whole(self) -> str:
        return f"{self.bar.whole:,}" if self.bar.whole else ""

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
class ShownMetric:
    """A metric as measured today."""

    metric: Metric
    found: DescribedMetric

    @property
    def plots(self) -> list[MetricPlot]:
        """Leave out bars of none or all of the listings.

        A sample says little for certain, so its bars are drawn whatever it found.
        """
        return [
            MetricPlot(bar) for bar in self.found.bars if bar.interval or 0 < bar.count < bar.whole
        ]

    @property
    def in_every_listing(self) -> str:
        """What holds for all listings, beside bars for some; "" if there are no such bars."""
        everywhere = [bar.label for bar in self.found.bars if 0 < bar.count == bar.whole]
        return ", ".join(everywhere) if self.plots else ""


@require_safe
def quality(request):
    ground = MetricScope(service_area(), timezone.localdate())
    context = {
        "ground": ground,
        "total": f"{ground.total:,}",
        "area": "; ".join(settings.SERVICE_AREA),
        "has_audit": audits.has_been_called(),
        "metrics": [ShownMetric(metric, metric.measure(ground)) for metric in METRICS],
    }
    return render(request, "facilities/site/quality.html", context)
