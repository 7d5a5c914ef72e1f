"""Names of facilities, to be recognized in what people type."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from ...models import Facility, VersionStamp
from ...models.versioned_cache import UpdatedCache
from ...text_normalization import normalize_text
from .tokens import expression_key

MOST_CHANGES = 2_000  # with more, all names are read


@dataclass(frozen=True)
class FacilityNames:
    """All names as one text, so that a phrase is found by one search; and their single words."""

    names: frozenset[str] = field(repr=False)
    text: str
    words: dict[str, int] = field(repr=False)

    def contain(self, words: tuple[str, ...]) -> bool:
        """Return whether these words stand side by side in some name."""
        return f" {' '.join(words)} " in self.text

    def are_exactly(self, words: tuple[str, ...]) -> bool:
        """Return whether these words are a whole name; "the" before it may be there or not."""
        name = " ".join(words[words[0] == "the" :])
        return name in self.names or f"the {name}" in self.names

    def begin_with(self, words: tuple[str, ...]) -> bool:
        """Return whether some name begins with these words."""
        return f"\n {' '.join(words)} " in self.text

    def is_distinctive(self, word: str) -> bool:
        """Return whether a word alone names an organization: several names begin with it."""
        return len(word) >= 4 and self.text.count(f"\n {word} ") > 1


def _read_names(facilities: QuerySet) -> set[str]:
    rows = facilities.values_list("name", "program_name").distinct()
    return {
        " ".join(expression_key(normalize_text(text)))
        for names in rows.iterator()
        for text in names
        if text
    }


def _with_names(known: FacilityNames, names: set[str]) -> FacilityNames:
    words = dict(known.words)
    for name in names:
        for word in set(name.split()):
            words[word] = words.get(word, 0) + 1
    text = known.text + "".join(f"\n {name} " for name in sorted(names))
    return FacilityNames(known.names | names, text, words)


def _all_names(_version: VersionStamp) -> FacilityNames:
    return _with_names(FacilityNames(frozenset(), "", {}), _read_names(Facility.objects.listed()))


def _updated(version: VersionStamp, known: FacilityNames, changed: frozenset[int]) -> FacilityNames:
    """Add names that are new. One that nobody bears any more stays until all are read again."""
    if len(changed) > MOST_CHANGES:
        return _all_names(version)
    names = _read_names(Facility.objects.listed().filter(pk__in=changed))
    new = names - known.names
    return _with_names(known, new) if new else known


facility_names = UpdatedCache(_all_names, _updated)
