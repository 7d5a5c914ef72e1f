"""What staff see and do. Every module that registers something is imported here."""

from . import audits, recent_changes, reports
from .accounts import users
from .duplicates import model_admin as duplicates
from .facility import credentials
from .facility import model_admin as facility
from .releases import conflicts
from .releases import model_admin as releases
from .self_service import disputes, proposals, update_links
from .site import staff_site

__all__ = [
    "audits",
    "conflicts",
    "credentials",
    "disputes",
    "duplicates",
    "facility",
    "proposals",
    "recent_changes",
    "releases",
    "reports",
    "staff_site",
    "update_links",
    "users",
]
