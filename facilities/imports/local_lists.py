"""Lists of others than SAMHSA: each has a name of its own, by which its facts are known."""

import re

from ..models import Release
from ..sources.rows import UnusableFile

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LONGEST_NAME = 40


def require_own_name(source: str) -> None:
    """Raise UnusableFile unless ``source`` can name a list: "travis-county"."""
    if source in Release.Source.values:
        raise UnusableFile(f"{source} is SAMHSA's. Give the list a name of its own.")
    if not NAME.fullmatch(source) or len(source) > LONGEST_NAME:
        raise UnusableFile("A source is named by small letters, digits and hyphens: travis-county.")
