"""What tells two programs of one house apart: whom they serve and which kind of care they give.

The names of an adult and a youth program, or of a residence for men and one for women, are alike
in all but one short word. Similarity of letters misses that word, so it counts by itself.
"""

import re

# Kind -> the words of names that stand for it.
_KINDS = {
    "men": "men mens man male boys father fathers",
    "women": "women womens female girls mother mothers",
    "young": "youth adolescent adolescents teen teens juvenile child children kids",
    "adult": "adult adults",
    "veterans": "veterans",
    "inpatient": "inpatient inpt",
    "residential": "residential res residence",
    "outpatient": "outpatient outpt op iop",
    "day": "day",
    "detox": "detox detoxification withdrawal",
    "medication": "otp methadone mat",
    "court": "dui court courts",
    "halfway": "halfway sober",
    "north": "north n",
    "south": "south",
    "east": "east e",
    "west": "west w",
}
_OPPOSITES = (("men", "women"), ("adult", "young"))
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_WORD = re.compile(r"\w+")
_MARK = re.compile(r"[ivx]+|\d+|[a-z]")
_INSIGNIFICANT_MARKS = {"a", "s"}  # an article, and what an apostrophe leaves of a genitive


def program_kinds(name: str) -> frozenset[str]:
    """Return the kinds, numbers and letters by which a name, in lower case, singles a program out.

    >>> sorted(program_kinds("alder house women's residence 2"))
    ['2', 'residential', 'women']
    """
    words = set(_WORD.findall(name))
    marks = {word for word in words if _MARK.fullmatch(word)} - _INSIGNIFICANT_MARKS
    return frozenset({_KIND_OF.get(word, word) for word in words & _KIND_OF.keys() | marks})


def serve_opposite_people(kinds: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one program is for men and the other for women, or one for adults and one for youth.

    Other kinds are written in other words from one edition to the next: "OP", "Methadone Clinic".
    """
    return any(
        {one, other} & kinds == {one} and {one, other} & others == {other}
        for pair in _OPPOSITES
        for one, other in (pair, pair[::-1])
    )
