"""What staff see and do. Every module that registers something stands in this list."""

from . import (
    audits,
    conflicts,
    credentials,
    duplicates,
    facility,
    proposals,
    releases,
    reports,
    updates,
    users,
)
from .site import staff_site

__all__ = [
    "audits",
    "conflicts",
    "credentials",
    "duplicates",
    "facility",
    "proposals",
    "releases",
    "reports",
    "staff_site",
    "updates",
    "users",
]
