"""Recognizes danger in what people type, by expressions kept as data in ``dangers.csv``.

A row says: one of the ``first`` expressions stands in the text, and one of the ``second`` and
``third`` too where there are any. ``*`` stands for up to five words. Rows of ``harmless`` are taken
out of the text first: grief, training, names and figures of speech; so are danger that is denied or
feared. What is told of the past is no danger, unless the present is named too. The gravest wins.
"""

import csv
import re
from functools import cache

from ...guidance.alerts import ALERTS
from .expressions import FOLDER
from .tokens import LONGEST, expression_key

PARTS = ("first", "second", "third")
ANY_WORDS = r"(?:\S+ ){0,5}?"
_DANGER = r"(?:overdos\w*|od|suicid\w*|sobredosis|seizures?|convulsion\w*|abstinencia|withdrawals?)"
_SMALL_WORDS = (
    r"(?:(?:one|body|is|are|am|was|were|in|my|our|the|his|her|family|thoughts|of|any|having|feeling"
    r"|history|had|about|hay|tengo|tiene|es|una|un|pensamientos|estoy|esta|pensando|quiero|quiere"
    r"|ninguna|ningun|con|de|en|mi|su) ){0,5}"
)
_DENIED = re.compile(
    rf"(?<!\S)(?:no|not|nobody|noone|never|nunca|ni|isnt|arent|wasnt|without|sin|dont have"
    rf"|doesnt have) {_SMALL_WORDS}{_DANGER}(?= )"
)
_FEARED = re.compile(
    rf"(?<!\S)(?:scared|afraid|worried|worry|fear|miedo|temo|preocupad[oa]|before|antes) "
    rf"(?:\S+ ){{0,6}}?{_DANGER}(?= )"
)
_HISTORY = re.compile(
    rf"(?<!\S)(?:(?:(?:history|hx|historial|antecedentes) (?:of|de)|h o) (?:\S+ ){{0,3}}{_DANGER}"
    rf"|(?:past|previous|prior|old|former|pasad[oa]s?|previ[oa]s?) (?:\S+ ){{0,2}}?{_DANGER}"
    rf"|{_DANGER} (?:\S+ )?(?:history|hx|in the past))(?= )"
)
_PAST = re.compile(
    r"(?<!\S)(?:(?:in|en) (?:19|20)\d\d|(?:\d+|a|one|two|three|four|five|six|ten|few|couple of|some"
    r"|many|several) (?:yrs?|years?|months?|decades?) ago|years ago|months ago|last year"
    r"|(?:desde )?hace (?:\S+ )?(?:anos?|meses)|el ano pasado|when i was (?:young|little|a kid))"
    r"(?= )"
)
_CHILDHOOD = re.compile(
    rf"(?<!\S){_DANGER} (?:\S+ ){{0,3}}?(?:when (?:i|he|she|we|they) (?:was|were) "
    r"(?:\d+|young|little|a (?:kid|child|teen|baby))|cuando (?:yo )?(?:era|tenia) \S+)(?= )"
)
# Out of jail or treatment for years: nothing of it needs care today.
_LONG_OUT = re.compile(
    r"(?<!\S)(?:out of|released?|left|finished|completed|salio|sali|soltaron) (?:\S+ ){0,6}?"
    r"(?:(?:in|en) (?:19|20)\d\d|(?:yrs?|years|decades?) ago|last year|hace (?:\S+ )?anos?"
    r"|el ano pasado)(?= )"
)
# An overdose that is wished for is the wish to die.
_WISHED = re.compile(
    r"(?<!\S)(?:(?:want|wants|wanna|wanting|going|gonna|plan|planning|trying) (?:to )?"
    r"(?:od|overdose)(?= )|(?:should|could|might as well|rather|ready to) (?:just )?"
    r"(?:od|overdose)(?= )|(?:od|overdose|overdosing) on purpose(?= )"
    r"|(?:quiero|quiere|voy a) (?:tener )?(?:una )?sobredosis(?= )"
    r"|(?:so|hope|hoping|pray|praying|wish) (?:that )?(?:i|he|she|they) (?:dont|wont|never|do not"
    r"|didnt|doesnt|can never) (?:ever )?wake up(?= )"
    r"|(?:para|ojala) (?:que )?(?:ya )?no (?:volver a )?despert(?:ar|e|ara)(?= ))"
)
_PRESENT = re.compile(
    r"(?<!\S)(?:now|rn|again|hurry|help|right now|tonight|today|ahora|ahorita|otra vez|hoy|ayuda"
    r"|ayudenme|not breathing|no respira|blue|azul|wake|waking|despierta)(?= )"
)


@cache
def _harmless() -> re.Pattern:
    return _pattern("|".join(row["first"] for row in _rows() if row["alert"] == "harmless"))


@cache
def _rules() -> tuple[tuple[str, tuple[re.Pattern, ...]], ...]:
    """Return (alert, the patterns that must all be found), the gravest alert first."""
    rules = [
        (row["alert"], tuple(_pattern(row[part]) for part in PARTS if row[part]))
        for row in _rows()
        if row["alert"] != "harmless"
    ]
    gravity = [alert.meaning for alert in ALERTS]
    return tuple(sorted(rules, key=lambda rule: gravity.index(rule[0])))


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (FOLDER / "dangers.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _pattern(expressions: str) -> re.Pattern:
    """Return a pattern for any of the expressions in words that are apart by one space."""
    parts = sorted({_as_regex(text) for text in expressions.split("|") if text}, key=len)
    return re.compile("(?<!\\S)(?:" + "|".join(reversed(parts)) + ")(?= )")


def _as_regex(expression: str) -> str:
    words = [
        ANY_WORDS
        if word == "*"
        else "".join(f"{re.escape(part)} " for part in expression_key(word))
        for word in expression.split()
    ]
    return "".join(words).removesuffix(" ")


def find_alert(text: str) -> str:
    """Return the code of the gravest alert that a text calls for; "" for none.

    >>> find_alert("he won't wake up"), find_alert("overdose training")
    ('a1', '')
    """
    words = " ".join(expression_key(text[:LONGEST])) + " "
    words = _CHILDHOOD.sub("…", _HISTORY.sub("…", words))
    words = _WISHED.sub("kill myself", _harmless().sub("…", words))
    words = _LONG_OUT.sub("…", _DENIED.sub("…", words))
    is_present = _PRESENT.search(words) is not None
    if not is_present:
        words = _FEARED.sub("…", words)
    is_past = _PAST.search(words) is not None and not is_present
    for meaning, patterns in _rules():
        if is_past and meaning != "caution":
            continue
        if all(pattern.search(words) for pattern in patterns):
            return next(alert.code for alert in ALERTS if alert.meaning == meaning)
    return ""
