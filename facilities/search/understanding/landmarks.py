"""Buildings that something is near: "near Johns Hopkins hospital" asks for no hospital."""

from collections.abc import Iterable, Sequence

from .expressions import Expression
from .tokens import Token

NEAR = frozenset("near by beside behind across cerca junto next".split())  # noqa: SIM905
BUILDINGS = frozenset(
    "hospital university college airport school mall station church park campus universidad"  # noqa: SIM905
    " aeropuerto escuela iglesia estacion parque street avenue ave boulevard blvd highway calle"
    " avenida".split()
)
BUILDINGS_OF_TWO_WORDS = frozenset([("medical", "center"), ("health", "center")])
SMALL_WORDS = frozenset("to the a an from of de del al la el".split())  # noqa: SIM905
LONGEST_NAME = 4  # words


def with_landmarks(
    tokens: Sequence[Token], expressions: Sequence[Expression]
) -> Iterable[Expression]:
    """Return the expressions with each landmark as one, in place of those that it covers."""
    landmarks = [
        landmark
        for position, token in enumerate(tokens)
        if token.word in NEAR and (landmark := _landmark(tokens, position + 1, expressions))
    ]
    for landmark in landmarks:
        expressions = [
            expression
            for expression in expressions
            if expression.end <= landmark.start or expression.start >= landmark.end
        ]
    return sorted([*expressions, *landmarks], key=lambda expression: expression.start)


def _landmark(
    tokens: Sequence[Token], start: int, expressions: Sequence[Expression]
) -> Expression | None:
    """Return the building whose name begins behind "near", in the order of either language."""
    while start < len(tokens) and tokens[start].word in SMALL_WORDS:
        start += 1
    needs = {expression.start for expression in expressions if expression.is_need}
    words = [token.word for token in tokens]
    if start < len(words) and words[start] in BUILDINGS:  # "cerca del hospital Jackson"
        named = start + 1 < len(words) and not tokens[start + 1].after_comma
        return _expression(start, start + 2) if named else None
    for position in range(start, min(start + LONGEST_NAME + 1, len(words))):
        if tokens[position].after_comma or (position in needs and position > start):
            return None
        if position > start and words[position] in BUILDINGS:
            return _expression(start, position + 1)
        if position > start and tuple(words[position : position + 2]) in BUILDINGS_OF_TWO_WORDS:
            return _expression(start, position + 2)
    return None


def _expression(start: int, end: int) -> Expression:
    return Expression(("unfilterable", "landmark"), start, end)
