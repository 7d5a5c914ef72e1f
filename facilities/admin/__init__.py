"""What staff see and do. Every module that registers something stands in this list."""

from . import (
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
