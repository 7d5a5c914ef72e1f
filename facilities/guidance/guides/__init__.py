"""The guides: what to know and do, as Markdown per language with sources, and their reader."""

from .reader import Guide, all_guides, find_guide, safety_notice

__all__ = ["Guide", "find_guide", "all_guides", "safety_notice"]
