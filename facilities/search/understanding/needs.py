"""From the expressions of a text to the filters of a search: rules for words that act together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .expressions import LANGUAGES, Expression, expression_table
from .numbers import Numbers
from .tokens import Token

DETOX_OF = {
    "opioids": "opioid-detox",
    "alcohol": "alcohol-detox",
    "benzodiazepines": "benzodiazepine-detox",
    "cocaine": "cocaine-detox",
    "methamphetamine": "methamphetamine-detox",
}
CAN_BE_LEFT_OUT = {
    "medication:methadone": "without-methadone",
    "medication:buprenorphine": "without-buprenorphine",
    "medication:naltrexone": "without-naltrexone",
    "therapy=twelve-step": "without-twelve-step",
    "support=self-help-groups": "without-twelve-step",
}
TREATED_BY = {
    "methadone": ("opioids",),
    "buprenorphine": ("opioids",),
    "naltrexone": ("alcohol",),
    "acamprosate": ("alcohol",),
    "disulfiram": ("alcohol",),
    "lofexidine": ("opioids",),
}
RESIDENTIAL = ("long-term-residential", "short-term-residential")
OUTPATIENT = ("day-treatment", "intensive-outpatient", "regular-outpatient")
SHORT_STAY = 30  # days
REACH_OF_NEGATION = 3  # small words between "not" and what it denies
FROM = frozenset("from off of my the de del la el mi".split())  # noqa: SIM905
REACH_OF_NEED = 5  # words between "can't" and "without"
SMALL_WORDS = frozenset(
    "a an the any to of on for my his her use using take taking want wants need be is it with"  # noqa: SIM905
    " that do does go un una el la los las de en con que sea usar tomar quiero quiere nada".split()
)
# Of two expressions side by side the first meaning makes the second more exact.
MORE_EXACT = (
    ("payment=medicaid", "notice:insurer"),
    ("payment=medicare", "notice:insurer"),
    ("people=veteran-program", "people=active-duty-program"),
    ("notice:insurer", "insurance"),
    ("notice:jobs", "support=peer-support"),
)
WITH_PEOPLE = frozenset(
    ["support=children-beds", "notice:person", "people=military-family-program"]
)
CHILDREN = frozenset(
    "son sons daughter daughters boy girl hijo hija hijas nino nina ninas bebe".split()  # noqa: SIM905
)
TAKES = frozenset("toma tomo toman tomas tomaba tomando tomar".split())  # noqa: SIM905
ALLOWED = frozenset("ok okay allowed friendly permitted accepted permitida permitido".split())  # noqa: SIM905
CONJUNCTIONS = frozenset(["or", "and", "nor", "o", "ni", "y", "u"])


@dataclass
class Needs:
    """Filters by group, codes of notices, what no filter knows, and words about the place."""

    chosen: dict[str, set[str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    about_place: set[str] = field(default_factory=set)

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        return {
            group: tuple(sorted(slugs)) for group, slugs in sorted(self.chosen.items()) if slugs
        }

    def choose(self, group: str, *slugs: str) -> None:
        self.chosen.setdefault(group, set()).update(slugs)


def read_needs(
    tokens: Sequence[Token],
    expressions: Sequence[Expression],
    numbers: Numbers,
    taken: set[int],
) -> Needs:
    """Return what the expressions ask for. ``taken`` are tokens of the place and the name."""
    needs = Needs()
    denied = _deny(tokens, expressions, needs)
    ways_of_taking = _ways_of_taking(expressions)
    absorbed = _absorbed(tokens, expressions)
    standing = [e for e in expressions if e not in [*denied, *ways_of_taking, *absorbed]]
    simple = {meaning for expression in standing for meaning in expression.meanings}
    for expression in standing:
        if "pills" in expression.meanings and not _is_beside_substance(expression, expressions):
            needs.ignored.append(_typed(tokens, expression))
        for meaning in expression.meanings:
            group, separator, slug = meaning.partition("=")
            if separator:
                needs.choose(group, slug)
            elif meaning.startswith("notice:"):
                needs.notices.append(meaning.removeprefix("notice:"))
            elif meaning == "unfilterable":
                needs.ignored.append(_typed(tokens, expression))
            elif meaning in ("near-me", "anywhere"):
                needs.about_place.add(meaning)
        if WITH_PEOPLE & set(expression.meanings):
            _read_relatives(needs, tokens, expression)
    if "insurance" in simple and not needs.chosen.get("payment"):
        needs.choose("payment", "private-insurance")
    _read_substances(needs, simple, _read_medications(needs, tokens, standing, simple))
    _read_settings(needs, simple)
    _read_stay(needs, numbers)
    _read_people(needs, tokens, standing, numbers)
    return needs


def _is_beside_substance(expression: Expression, expressions: Sequence[Expression]) -> bool:
    """Return whether a substance or a medication stands beside: "xanax pills", "pills (oxy)"."""
    return any(
        meaning.startswith(("substance:", "medication"))
        for other in expressions
        if expression.end <= other.start <= expression.end + 1
        or other.end <= expression.start <= other.end + 1
        for meaning in other.meanings
    )


def _absorbed(tokens: Sequence[Token], expressions: Sequence[Expression]) -> list[Expression]:
    """Return the expressions that one right beside makes more exact: "UHC Medicaid", "navy vet"."""
    starts = {expression.start: expression for expression in expressions}
    absorbed = []
    for left in expressions:
        right = starts.get(left.end)
        for one, other in ((left, right), (right, left)):
            if (
                one
                and other
                and any(
                    exact in one.meanings and loose in other.meanings for exact, loose in MORE_EXACT
                )
            ):
                absorbed.append(other)
    return absorbed + _taken_drugs(tokens, expressions)


def _taken_drugs(tokens: Sequence[Token], expressions: Sequence[Expression]) -> list[Expression]:
    """Return "toma mucho" before a drug: who "toma mucho tramadol" does not drink."""
    drugs = {
        expression.start
        for expression in expressions
        for meaning in expression.meanings
        if meaning.startswith(("substance:", "medication")) and meaning != "substance:alcohol"
    }
    return [
        expression
        for expression in expressions
        if set(expression.meanings) <= {"substance:alcohol", "drinks"}
        and tokens[expression.start].word in TAKES
        and expression.end in drugs
    ]


def _read_relatives(needs: Needs, tokens: Sequence[Token], expression: Expression) -> None:
    """Choose the sex of the relatives whom an expression of several words names."""
    for token in tokens[expression.start : expression.end]:
        for language in LANGUAGES:
            for meaning in expression_table(language).get((token.word,), ()):
                if meaning in ("people=women", "people=men") and not (
                    "support=children-beds" in expression.meanings and token.word in CHILDREN
                ):
                    needs.choose("people", meaning.removeprefix("people="))


def _ways_of_taking(expressions: Sequence[Expression]) -> list[Expression]:
    """Return "smoking", "vaping" before a substance: they say how it is taken, and no more."""
    substances = {
        expression.start
        for expression in expressions
        for meaning in expression.meanings
        if meaning.startswith("substance:") or meaning == "pills"
    }
    return [
        expression
        for expression in expressions
        if "intake" in expression.meanings
        and substances & {expression.end, expression.end + 1, expression.end + 2}
    ]


def _typed(tokens: Sequence[Token], expression: Expression) -> str:
    return " ".join(token.typed for token in tokens[expression.start : expression.end])


def _deny(
    tokens: Sequence[Token], expressions: Sequence[Expression], needs: Needs
) -> list[Expression]:
    """Read "not methadone": keep it out if a filter can, else tell that it is not used.

    Nothing but small words and intents may stand between: "no phone in rehab" denies no rehab.
    "Or", "and" and "ni" carry the denial on to what can be left out too.
    """
    denied: list[Expression] = []
    for expression in expressions:
        if "negation" not in expression.meanings or _is_needed(tokens, expression):
            continue
        denied.append(expression)
        end = expression.end
        while following := _denied_at(tokens, expressions, end):
            slugs = [CAN_BE_LEFT_OUT[m] for m in following.meanings if m in CAN_BE_LEFT_OUT]
            if slugs:
                needs.choose("without", *slugs)
            elif end == expression.end:
                words = tokens[expression.start : following.end]
                needs.ignored.append(" ".join(token.typed for token in words))
            else:
                break
            denied.append(following)
            end = following.end
            if end == len(tokens) or tokens[end].word not in CONJUNCTIONS or not slugs:
                break
            end += 1
    return denied


def _is_needed(tokens: Sequence[Token], negation: Expression) -> bool:
    """Return whether "without" stands behind "can't": who cannot sleep without it takes it."""
    words = [token.word for token in tokens[: negation.end]]
    before = words[max(0, negation.start - REACH_OF_NEED) : negation.start]
    is_english = words[-1] == "without" and {"cant", "cannot", "couldnt"} & {*before}
    return bool(is_english) or (words[-1] == "sin" and {"puedo", "puede"} & {*before})


def _denied_at(
    tokens: Sequence[Token], expressions: Sequence[Expression], position: int
) -> Expression | None:
    """Return the need that stands at a position, behind small words; None if there is none."""
    by_start = {expression.start: expression for expression in expressions}
    for _small_word in range(REACH_OF_NEGATION + 1):
        if position == len(tokens) or tokens[position].after_comma:
            return None
        expression = by_start.get(position)
        if expression is None:
            if tokens[position].word not in SMALL_WORDS:
                return None
            position += 1
            continue
        if {"in", "near-me", "negation"} & set(expression.meanings):
            return None
        is_intent = expression.meanings[0].startswith("intent:")
        if not is_intent and not expression.is_filler:
            return expression
        if expression.is_filler and tokens[position].word not in SMALL_WORDS:
            return None
        position = expression.end
    return None


def _read_medications(
    needs: Needs, tokens: Sequence[Token], standing: Sequence[Expression], simple: set[str]
) -> set[str]:
    """Choose the named medications to start, to keep, to get off, or simply offered.

    Returns the substances that this brings with it.
    """
    substances: set[str] = set()
    intent, intent_end = "", -9
    left_for_another = _left_for_another(tokens, standing)
    for expression in standing:
        if expression in left_for_another:
            intent, intent_end = "start", expression.end
            continue
        for meaning in expression.meanings:
            if meaning.startswith("intent:"):
                intent, intent_end = meaning.removeprefix("intent:"), expression.end
            if not meaning.startswith("medication:"):
                continue
            medication = meaning.removeprefix("medication:")
            wanted = intent if expression.start - intent_end <= 4 else ""
            before = tokens[expression.start - 1].word if expression.start else ""
            if not wanted and before == "on":
                wanted = "keep"
            if not wanted:
                wanted = _intent_behind(tokens, expression, standing)
            if not wanted and _is_beside_detox(tokens, expression, standing):
                wanted = "stop"
            if wanted == "stop" and medication != "naltrexone":
                substances.add("opioids")
                needs.notices.append("stopping")
            elif wanted in ("start", "keep"):
                group = {"start": "starts", "keep": "keeps"}[wanted]
                needs.choose(group, f"{wanted}-{medication}")
            else:
                needs.choose("medication", medication)
    return substances


def _is_beside_detox(
    tokens: Sequence[Token], medication: Expression, standing: Sequence[Expression]
) -> bool:
    """Return whether detox is what a medication is left by: "methadone detox", "detox off subs"."""
    for detox in standing:
        if not {"detox", "overnight-detox"} & set(detox.meanings):
            continue
        between = [token.word for token in tokens[detox.end : medication.start]]
        if medication.end == detox.start or (
            medication.start >= detox.end and all(word in FROM for word in between)
        ):
            return True
    return False


def _left_for_another(tokens: Sequence[Token], standing: Sequence[Expression]) -> list[Expression]:
    """Return the first medication of "from methadone to suboxone": the second one is to start."""
    named = [e for e in standing if any(m.startswith("medication:") for m in e.meanings)]
    left = []
    for first, second in pairwise(named):
        before = tokens[first.start - 1].word if first.start else ""
        between = [token.word for token in tokens[first.end : second.start]]
        if before in ("off", "from", "de", "del") and {"to", "onto", "on", "a", "al"} & {*between}:
            left.append(first)
    return left


def _intent_behind(
    tokens: Sequence[Token], expression: Expression, standing: Sequence[Expression]
) -> str:
    """Return the intent right behind a medication: "methadone taper", "suboxone allowed"."""
    if expression.end < len(tokens) and tokens[expression.end].word in ALLOWED:
        return "keep"
    for other in standing:
        if other.start == expression.end and other.meanings[0].startswith("intent:"):
            return other.meanings[0].removeprefix("intent:")
    return ""


def _read_substances(needs: Needs, simple: set[str], left: set[str]) -> None:
    """Choose detox from the substances, or places that treat their use."""
    substances = {
        meaning.removeprefix("substance:") for meaning in simple if meaning.startswith("substance:")
    }
    medicated = any(needs.chosen.get(group) for group in ("medication", "starts", "keeps"))
    treated = _treated(needs)
    if "drinks" in simple and not substances and not medicated and not left:
        substances.add("alcohol")
    is_detox = bool({"detox", "overnight-detox", "taper"} & simple)
    is_detox |= "outpatient-detox" in needs.chosen.get("setting", ())
    for substance in sorted(substances):
        if is_detox and substance in DETOX_OF:
            needs.choose("substance", DETOX_OF[substance])
        elif substance not in treated | left:  # a named medication says enough
            needs.choose("treats", substance)
    if left:
        needs.choose("substance", "opioid-detox")


def _treated(needs: Needs) -> set[str]:
    """Return the substances that a chosen medication is for, and for nothing else."""
    chosen = {
        slug.removeprefix("start-").removeprefix("keep-")
        for group in ("medication", "starts", "keeps")
        for slug in needs.chosen.get(group, ())
    }
    return {substance for slug in chosen for substance in TREATED_BY.get(slug, ())}


def _read_settings(needs: Needs, simple: set[str]) -> None:
    """Choose settings. "Inpatient" beside detox is overnight detox, else a residential stay."""
    is_detox = "detox" in simple
    if "overnight-detox" in simple:
        needs.choose("setting", "overnight-detox")
    if "inpatient" in simple or "hospital" in simple:
        if is_detox or "overnight-detox" in simple:
            needs.choose("setting", "overnight-detox")
            is_detox = False
        elif "hospital" in simple:
            needs.choose("setting", "hospital-inpatient")
        elif not {"long-term-residential", "short-term-residential"} & needs.chosen.get(
            "setting", set()
        ):
            needs.choose("setting", *RESIDENTIAL)
    residential = {"long-term-residential", "short-term-residential"}
    if "rehab" in simple and not residential & needs.chosen.get("setting", set()):
        needs.choose("setting", *RESIDENTIAL)
    if "outpatient" in simple:
        if is_detox:
            needs.choose("setting", "outpatient-detox")
            is_detox = False
        else:
            needs.choose("setting", *OUTPATIENT)
    named = {"overnight-detox", "outpatient-detox"} & needs.chosen.get("setting", set())
    if is_detox and not needs.chosen.get("substance") and not named:
        needs.choose("setting", "overnight-detox", "outpatient-detox")


def _read_stay(needs: Needs, numbers: Numbers) -> None:
    """Choose a residential stay of the length that was said, in place of any residential stay."""
    if numbers.stay:
        chosen = needs.chosen.setdefault("setting", set())
        if chosen >= {*RESIDENTIAL}:
            chosen -= {*RESIDENTIAL}
        chosen.update(
            "short-term-residential" if days <= SHORT_STAY else "long-term-residential"
            for days in numbers.stay
        )


def _read_people(
    needs: Needs, tokens: Sequence[Token], standing: Sequence[Expression], numbers: Numbers
) -> None:
    """Choose age and sex. Of both sexes named only the one behind "my" or "for" is meant."""
    for age in numbers.ages:
        needs.choose("people", _age_group(age))
    if numbers.sex:
        needs.choose("people", {"m": "men", "f": "women"}[numbers.sex])
    people = needs.chosen.get("people", set())
    if "women-program" in people:
        people.discard("women")
    if "men-program" in people:
        people.discard("men")
    if {"women", "men"} <= people:
        meant = {
            meaning.removeprefix("people=")
            for expression in standing
            for meaning in expression.meanings
            if meaning in ("people=women", "people=men")
            and expression.start
            and tokens[expression.start - 1].word in ("my", "mi", "for", "para", "our", "old")
        }
        people -= {"women", "men"} - (meant if len(meant) == 1 else set())
    if "children" in people and len(numbers.ages) == 1 and numbers.ages[0] > 17:
        people.discard("children")


def _age_group(age: int) -> str:
    if age <= 17:
        return "children"
    if age <= 25:
        return "age-18-to-25"
    return "adults" if age <= 64 else "seniors"
