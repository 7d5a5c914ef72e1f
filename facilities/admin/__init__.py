"""What staff see and do. Every module that registers something stands in this list."""

from .site import staff_site

__all__ = ["staff_site"]
