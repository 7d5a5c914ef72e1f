"""What staff see and do. Every module that registers something stands in this list."""

from . import (
    credentials,
    facility,
    reports,
    users,
)
from .site import staff_site

__all__ = [
    "credentials",
    "facility",
    "reports",
    "staff_site",
    "users",
]
