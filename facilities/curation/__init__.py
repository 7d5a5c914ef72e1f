"""What people find out about facilities: recorded, guarded, taken back, and told to the public."""

from ..facts.findings import UNSEEN, Check, InvalidValue, NotAllowed, OutdatedValue, RecordResult
from .create_facility import create
from .credential_rules import contradictions
from .phone_status import phone_doubt, phone_doubts
from .recording import accept, record, refuse, revert
from .warnings import warnings

__all__ = [
    "UNSEEN",
    "Check",
    "InvalidValue",
    "NotAllowed",
    "OutdatedValue",
    "RecordResult",
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
