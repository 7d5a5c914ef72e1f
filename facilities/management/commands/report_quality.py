"""Prints how good this directory is: the metrics of the public page."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from facilities.data_quality import METRICS, MetricScope
from facilities.web.context_processors import service_area


class Command(BaseCommand):
    help = (
        "Measures the listings of SERVICE_AREA: how right a random audit found them, how many "
        "were checked and when, what is missing, what became of reports. Changes nothing."
    )

    def handle(self, **options) -> None:
        ground = MetricScope(service_area(), timezone.localdate())
        self.stdout.write(f"{ground.total:,} listings")
        for metric in METRICS:
            found = metric.measure(ground)
            self.stdout.write(f"\n{metric.name}\n{found.words}")
            for bar in found.bars:
                interval = bar.interval
                spread = f", 95 %: {interval.low:.1%} to {interval.high:.1%}" if interval else ""
                self.stdout.write(f"{bar.count:>8,}  {bar.share:>6.1%}{spread}  {bar.label}")
