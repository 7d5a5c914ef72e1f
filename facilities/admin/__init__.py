"""What staff see and do. Every module that registers something stands in this list."""

from . import (
    credentials,
    facility,
    users,
)
from .site import staff_site

# Pages that are no model's: staff_site.add_pages(queue.addresses)

__all__ = [
    "credentials",
    "facility",
    "staff_site",
    "users",
]
