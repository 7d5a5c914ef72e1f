"""Decides, once for every pattern, what is denied, past or only talked about.

A "not" belongs to the next thing mentioned. A time long ago takes out what stands in its clause.
Where a text tells of grief, training, fear or something that is over, topics ("overdose",
"suicide", "seizure") are no danger, but states are ("will not wake up").
"""

from collections.abc import Sequence
from dataclasses import replace

from .words import Mention

REACH = 5  # words between a "not" and what it denies
OTHER_TALK = frozenset({"grief", "report", "over", "fear", "animal"})
BORDERS = frozenset({"clause", "subject"})  # "but", "now"; "he", "i"
LINKS = frozenset({"or", "nor", "and", "o", "ni", "y"})
NEVER_DENIED = frozenset({"scope", "helper"})


def mentions_of_the_present(
    mentions: Sequence[Mention], words: Sequence[str], ends: Sequence[int]
) -> list[Mention]:
    """Return the mentions that tell of the present, each with whether it is denied.

    ``ends`` are the positions before which a sentence ends.
    """
    denied = _denied(mentions, words, ends)
    talk = [mention for mention in mentions if mention.name in OTHER_TALK]
    past = [mention for mention in mentions if mention.name == "past"]
    lately = [mention for mention in mentions if mention.name == "lately"]
    borders = {mention.start for mention in mentions if mention.name in BORDERS} | set(ends)
    return [
        replace(mention, is_denied=mention in denied)
        for mention in mentions
        if not _is_only_talk(mention, talk) and not _is_past(mention, past, lately, borders)
    ]


def _denied(mentions: Sequence[Mention], words: Sequence[str], ends: Sequence[int]) -> set[Mention]:
    """Return what a "not" belongs to: the next thing in its sentence, and what "or" adds to it."""
    denied: set[Mention] = set()
    for negation in (mention for mention in mentions if mention.name == "not"):
        border = min((end for end in ends if end > negation.start), default=len(words))
        later = [
            mention
            for mention in mentions
            if mention.kind not in NEVER_DENIED and negation.end <= mention.start < border
        ]
        start = min((mention.start for mention in later), default=border)
        if start - negation.end > REACH:
            continue
        end = start
        while beginning := [mention for mention in later if mention.start == start]:
            end = max(mention.end for mention in beginning)
            denied |= {mention for mention in later if start <= mention.start < end}
            if end == len(words) or words[end] not in LINKS:
                break
            start = end + 1
    return denied


def _is_only_talk(mention: Mention, talk: Sequence[Mention]) -> bool:
    """Return whether a topic is only talked about; fear is told before what is feared."""
    return mention.kind == "topic" and any(
        other.name != "fear" or other.start < mention.start for other in talk
    )


def _is_past(
    mention: Mention, past: Sequence[Mention], lately: Sequence[Mention], borders: set[int]
) -> bool:
    """Return whether a mention is nearer to a time long ago than to today."""

    def clause(other: Mention) -> int:
        return sum(border <= other.start for border in borders)

    def gap(other: Mention) -> int:
        return max(other.start - mention.end, mention.start - other.end, 0)

    if mention.kind in NEVER_DENIED:
        return False
    is_topic = mention.kind == "topic"
    before = [gap(other) for other in past if is_topic or clause(other) == clause(mention)]
    now = [gap(other) for other in lately if clause(other) == clause(mention)]
    return bool(before) and (not now or min(before) <= min(now))
