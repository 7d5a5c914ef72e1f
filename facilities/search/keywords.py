"""The free-text box: a facility's name, or a service by any of its names."""

from dataclasses import dataclass
from functools import cached_property

from ..rules.predicates import EVERY_FACILITY, AllOf, AnyOf, EitherOf, NameContains, Predicate
from ..taxonomy import VOCABULARY, ServiceSet
from ..text_normalization import normalize_text

STOP_WORDS = frozenset(
    "a an and the of for in near at to with de del la el los las y en".split()  # noqa: SIM905
)
QUOTATION_MARKS = '"“”«»'


@dataclass(frozen=True)
class Keywords:
    """Words to find. The whole text may name a service; else each word must be found."""

    text: str

    @cached_property
    def services(self) -> ServiceSet:
        """What the whole text names: "suboxone" names buprenorphine."""
        return ServiceSet.of(*VOCABULARY.services_for_term(self.text))

    @cached_property
    def words(self) -> tuple[tuple[str, ServiceSet], ...]:
        """Each word, normalized, with the services that it names by itself."""
        bare = (word.strip(QUOTATION_MARKS) for word in normalize_text(self.text).split())
        words = [word for word in bare if word and word not in STOP_WORDS]
        return tuple((word, ServiceSet.of(*VOCABULARY.services_for_term(word))) for word in words)

    @cached_property
    def predicate(self) -> Predicate:
        """Every facility meets an empty text."""
        if not self.words:
            return EVERY_FACILITY
        each_word = AllOf(tuple(_found(word, services) for word, services in self.words))
        return EitherOf((AnyOf(self.services), each_word)) if self.services else each_word


def _found(word: str, services: ServiceSet) -> Predicate:
    in_name = NameContains(word)
    return EitherOf((in_name, AnyOf(services))) if services else in_name
