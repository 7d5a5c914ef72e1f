"""The interval in which a rate lies that a sample tells of. Pure.

Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
Journal of the American Statistical Association 22, 209-212. It holds near 0 and 1 and for small
samples, where the interval taught in schools does not.
"""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # of the normal distribution, for 95 %


@dataclass(frozen=True)
class ConfidenceInterval:
    """Shares from 0 to 1."""

    low: float
    high: float


def wilson_interval(found: int, total: int) -> ConfidenceInterval:
    """Return the 95 % interval of the rate, from a random sample.

    >>> interval = wilson_interval(91, 100)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.838, 0.952)
    """
    if not 0 <= found <= total or not total:
        raise ValueError(f"{found} of {total} is no share")
    share, weight = found / total, Z * Z / total
    middle = (share + weight / 2) / (1 + weight)
    spread = Z * sqrt((share * (1 - share) + weight / 4) / total) / (1 + weight)
    return ConfidenceInterval(max(0.0, middle - spread), min(1.0, middle + spread))
