"""What people find out about facilities: recorded, guarded, taken back, and told to the public."""

from .checks import UNSEEN, Check, Invalid, NotAllowed, Outdated, Recorded
from .contradictions import contradictions
from .creating import create
from .doubt import phone_doubt, phone_doubts
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
    "contradictions",
    "create",
    "phone_doubt",
    "phone_doubts",
    "record",
    "refuse",
    "revert",
    "warnings",
]
