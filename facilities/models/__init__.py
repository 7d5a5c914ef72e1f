"""The records: facilities, the releases they come from, and what people checked of them."""

from .credential import Credential
from .facility import Facility
from .place import Place
from .release import DataVersion, Release, SourceRow
from .verification import Conflict, Verification

__all__ = [
    "Conflict",
    "Credential",
    "DataVersion",
    "Facility",
    "Place",
    "Release",
    "SourceRow",
    "Verification",
]
