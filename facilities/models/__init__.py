"""The database: facilities, the releases they come from, and what people verified."""

from .credential import Credential
from .facility import Facility
from .identity import DistinctPair, LikelyPair, Merge, RowDecision
from .place import Place
from .proposal import Availability, Proposal, UpdateLink
from .release import DataVersion, Release, SourceRow
from .report import Report, Throttle
from .verification import Conflict, Verification
from .work import Assignment, Audit, AuditCall, WebsiteCheck

__all__ = [
    "Audit",
    "AuditCall",
    "Availability",
    "Conflict",
    "Credential",
    "DataVersion",
    "DistinctPair",
    "Facility",
    "LikelyPair",
    "Merge",
    "Place",
    "Proposal",
    "Release",
    "Report",
    "RowDecision",
    "SourceRow",
    "Throttle",
    "Assignment",
    "UpdateLink",
    "Verification",
    "WebsiteCheck",
]
