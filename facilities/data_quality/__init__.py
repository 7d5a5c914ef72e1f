"""How good this directory is, measured: one list of metrics for the public page and the command."""

from .metrics import METRICS, Ground, Metric

__all__ = ["METRICS", "Ground", "Metric"]
