"""Names of facilities, to be recognized in what people type."""

from dataclasses import dataclass, field

from ...models import Facility
from ...models.versioned_cache import versioned_cache
from ...text_normalization import normalize
from .tokens import expression_key


@dataclass(frozen=True)
class FacilityNames:
    """All names as one text, so that a phrase is found by one search; and their single words."""

    text: str
    words: dict[str, int] = field(repr=False)

    def contain(self, words: tuple[str, ...]) -> bool:
        """Return whether these words stand side by side in some name."""
        return f" {' '.join(words)} " in self.text

    def is_distinctive(self, word: str) -> bool:
        """Return whether a word alone names an organization: several names begin with it."""
        return len(word) >= 4 and self.text.count(f"\n {word} ") > 1


@versioned_cache(maxsize=1)
def facility_names() -> FacilityNames:
    """Return the names of listed facilities, read once for each version of the data."""
    names = set()
    rows = Facility.objects.listed().values_list("name", "program_name")
    for name, program_name in rows.distinct().iterator():
        names.update(
            " ".join(expression_key(normalize(text))) for text in (name, program_name) if text
        )
    words: dict[str, int] = {}
    for name in names:
        for word in set(name.split()):
            words[word] = words.get(word, 0) + 1
    return FacilityNames("".join(f"\n {name} " for name in sorted(names)), words)
