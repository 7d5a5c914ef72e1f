"""From the expressions of a text to the filters of a search: rules for words that act together."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .expressions import Expression
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
}
RESIDENTIAL = ("long-term-residential", "short-term-residential")
OUTPATIENT = ("day-treatment", "intensive-outpatient", "regular-outpatient")
FIRST_MEDICATIONS = ("start-buprenorphine", "start-methadone")
REACH_OF_NEGATION = 2  # fillers between "not" and what it denies


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
    standing = [expression for expression in expressions if expression not in denied]
    simple = {meaning for expression in standing for meaning in expression.meanings}
    for expression in standing:
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
    _read_substances(needs, simple, _read_medications(needs, tokens, standing, simple))
    _read_settings(needs, simple)
    _read_people(needs, tokens, standing, numbers)
    return needs


def _typed(tokens: Sequence[Token], expression: Expression) -> str:
    return " ".join(token.typed for token in tokens[expression.start : expression.end])


def _deny(
    tokens: Sequence[Token], expressions: Sequence[Expression], needs: Needs
) -> list[Expression]:
    """Read "not methadone": keep it out if a filter can, else tell that it is not used."""
    denied: list[Expression] = []
    for index, expression in enumerate(expressions):
        if "negation" not in expression.meanings:
            continue
        denied.append(expression)
        between = 0
        for following in expressions[index + 1 :]:
            if following.is_filler or following.meanings[0].startswith("intent:"):
                between += 1
                if between > REACH_OF_NEGATION:
                    break
                continue
            if following.start - expression.end > REACH_OF_NEGATION + 1:
                break
            if tokens[following.start].after_comma:
                break
            slugs = [
                CAN_BE_LEFT_OUT[meaning]
                for meaning in following.meanings
                if meaning in CAN_BE_LEFT_OUT
            ]
            if slugs:
                needs.choose("without", *slugs)
            elif "in" in following.meanings or "near-me" in following.meanings:
                break
            else:
                words = tokens[expression.start : following.end]
                needs.ignored.append(" ".join(token.typed for token in words))
            denied.append(following)
            break
    return denied


def _read_medications(
    needs: Needs, tokens: Sequence[Token], standing: Sequence[Expression], simple: set[str]
) -> set[str]:
    """Choose the named medications to start, to keep, to get off, or simply offered.

    Returns the substances that this brings with it.
    """
    substances: set[str] = set()
    intent, intent_end = "", -9
    for expression in standing:
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
                wanted = _intent_behind(expression, standing)
            if not wanted and ("detox" in simple or "overnight-detox" in simple):
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


def _intent_behind(expression: Expression, standing: Sequence[Expression]) -> str:
    """Return the intent in the words right behind a medication: "methadone taper"."""
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
    if "drinks" in simple and not substances and not medicated and not left:
        substances.add("alcohol")
    if "pills" in simple and not substances and not medicated and not left:
        substances.add("opioids")
    is_detox = bool({"detox", "overnight-detox"} & simple)
    is_detox |= "outpatient-detox" in needs.chosen.get("setting", ())
    for substance in sorted(substances):
        if is_detox and substance in DETOX_OF:
            needs.choose("substance", DETOX_OF[substance])
        elif not (medicated or left):  # a named medication says enough
            needs.choose("treats", substance)
    if left:
        needs.choose("substance", "opioid-detox")


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
    settings = needs.chosen.get("setting", set())
    named = {"overnight-detox", "outpatient-detox"} & settings
    if is_detox and not needs.chosen.get("substance") and not named:
        needs.choose("setting", "overnight-detox", "outpatient-detox")


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
            and tokens[expression.start - 1].word in ("my", "mi", "for", "para", "our")
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
