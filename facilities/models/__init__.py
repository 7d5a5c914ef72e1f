"""The database: facilities, the releases they come from, and what people verified."""

from .account import NewDevice, ProviderAccount
from .change import Change, DataVersion, Revision, VersionStamp, changes_since
from .credential import Credential
from .dispute import Dispute
from .facility import Facility
from .facility_notice import FacilityNotice
from .identity import DistinctPair, LikelyPair, Merge, MergeProposal, RowDecision, RowProposal
from .job import Job, WorkerProcess
from .legal_hold import LegalHold
from .place import Place
from .proposal import Availability, Proposal, UpdateLink
from .release import Release, SourceRow
from .report import Report, Throttle
from .scheduled_task import ScheduledTask, ScheduledTaskRun
from .suspended_number import SuspendedNumber
from .verification import Conflict, Verification
from .work import Assignment, Audit, AuditCall, Call, RiskSnapshot, WebsiteCheck
from .work_list import ListingTag, SavedView

__all__ = [
    "Audit",
    "AuditCall",
    "Availability",
    "Call",
    "Change",
    "Conflict",
    "Credential",
    "DataVersion",
    "Dispute",
    "DistinctPair",
    "Facility",
    "FacilityNotice",
    "Job",
    "LegalHold",
    "LikelyPair",
    "ListingTag",
    "Merge",
    "MergeProposal",
    "NewDevice",
    "Place",
    "Proposal",
    "ProviderAccount",
    "Release",
    "Report",
    "Revision",
    "RiskSnapshot",
    "RowDecision",
    "RowProposal",
    "SavedView",
    "ScheduledTask",
    "ScheduledTaskRun",
    "SourceRow",
    "SuspendedNumber",
    "Throttle",
    "Assignment",
    "UpdateLink",
    "Verification",
    "VersionStamp",
    "WebsiteCheck",
    "WorkerProcess",
    "changes_since",
]
