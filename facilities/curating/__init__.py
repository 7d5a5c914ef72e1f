"""What people find out about facilities: recorded, guarded, taken back, and told to the public."""

from .checks import UNSEEN, Check, Invalid, NotAllowed, Outdated, Recorded
from .doubt import phone_doubt
from .recording import accept, record, refuse, revert
from .warnings import warnings

__all__ = [
    "UNSEEN",
    "Check",
    "Invalid",
    "NotAllowed",
    "Outdated",
    "Recorded",
    "accept",
    "phone_doubt",
    "record",
    "refuse",
    "revert",
    "warnings",
]
