"""What a release's codes mean: read from its own key sheet, by category and official name."""

from collections.abc import Mapping

from ..taxonomy import VOCABULARY, Service, ServiceSet
from ..text_normalization import normalize_text
from .cleaners import text_cell
from .rows import UnusableFile

# Code -> [category code, official name of the service].
Key = Mapping[str, list[str]]
KEY_HEADINGS = {
    "category": ("category_code", "category code"),
    "category_name": ("category_name", "category name"),
    "code": ("service_code", "service code"),
    "service": ("service_name", "service name"),
}
# A key of another directory (mental health) shares some names with ours: about half.
MIN_KNOWN_SHARE = 0.75
REQUIRED_SERVICES = ("opioid-medications", "detox-substances")


def find_columns(headings: list, accepted: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return field -> index of its column; fields without a column are left out."""
    written = {
        normalize_text(text_cell(heading)): index
        for index, heading in reversed([*enumerate(headings)])
    }
    return {
        field: written[spelling]
        for field, spellings in accepted.items()
        for spelling in spellings
        if spelling in written
    }


def read_code_key(lines: list[list]) -> Key:
    """Return code -> [category code, official name] from a key sheet's rows, headings first."""
    at = find_columns(lines[0] if lines else [], KEY_HEADINGS)
    missing = [KEY_HEADINGS[field][0] for field in KEY_HEADINGS if field not in at]
    if missing:
        raise UnusableFile(*(f"The key sheet lacks the heading {name}." for name in missing))
    key = {}
    for line in lines[1:]:
        code, category, name = (
            text_cell(line[at[field]]) for field in ("code", "category", "service")
        )
        if VOCABULARY.category(category) is None:
            category = text_cell(line[at["category_name"]])
        if code:
            key[code] = [category, name]
    require_substance_use(key)
    return key


def require_substance_use(key: Key) -> None:
    """Stop at the key of a directory of another kind."""
    meanings = [meaning for meaning in services_by_code(key).values() if meaning]
    categories = {meaning.category.slug for meaning in meanings}
    if not key:
        raise UnusableFile("The key sheet names no service codes.")
    if len(meanings) < MIN_KNOWN_SHARE * len(key) or not categories.issuperset(REQUIRED_SERVICES):
        raise UnusableFile(
            f"This looks like a directory of another kind, such as mental health: of its "
            f"{len(key)} service codes only {len(meanings)} are known in substance use treatment."
        )


def services_by_code(key: Key) -> dict[str, Service | None]:
    return {code: VOCABULARY.find(category, name) for code, (category, name) in key.items()}


class ServiceCodeReader:
    """A release's codes, ready to read its rows by."""

    def __init__(self, key: Key) -> None:
        self._bits = {
            code: 1 << service.position
            for code, service in services_by_code(key).items()
            if service is not None
        }

    def read(self, written: str) -> tuple[ServiceSet, tuple[str, ...]]:
        """Return the services that "SA DT * OP ..." stands for, and the codes that are unknown."""
        bits = 0
        unknown: dict[str, None] = {}
        for code in written.replace("*", " ").split():
            bit = self._bits.get(code) or self._bits.get(code.upper())
            if bit is None:
                unknown[code] = None
            else:
                bits |= bit
        return ServiceSet(bits), tuple(unknown)
