"""How good this directory is, measured: one list of metrics for the public page and the command."""

from .metrics import METRICS, Metric, MetricScope

__all__ = [
    "METRICS",
    "Metric",
    "MetricScope",
]
