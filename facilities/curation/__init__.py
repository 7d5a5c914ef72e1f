"""What people find out about facilities: recorded, guarded, taken back, and told to the public."""

from ..facts.findings import (
    NOT_SHOWN,
    CheckNotAllowed,
    FactCheck,
    InvalidValue,
    OutdatedValue,
    RecordedChecks,
)
from .create_facility import create_facility
from .credential_rules import credential_contradictions
from .listing_doubts import listing_doubt, listing_doubts
from .recording import (
    accept_proposal,
    record_checks,
    reject_proposal,
    revert_verification,
    waits_for_somebody_else,
)
from .warnings import change_warnings

__all__ = [
    "NOT_SHOWN",
    "FactCheck",
    "InvalidValue",
    "CheckNotAllowed",
    "OutdatedValue",
    "RecordedChecks",
    "accept_proposal",
    "change_warnings",
    "create_facility",
    "credential_contradictions",
    "listing_doubt",
    "listing_doubts",
    "record_checks",
    "reject_proposal",
    "revert_verification",
    "waits_for_somebody_else",
]
