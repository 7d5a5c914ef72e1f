"""The guides: what to know and do, as Markdown per language with sources, and their reader."""

from .reader import Guide, guide, guides, safety_notice

__all__ = ["Guide", "guide", "guides", "safety_notice"]
