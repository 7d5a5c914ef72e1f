"""What a service and its category are, and how the two CSV files beside this one are read.

``categories.csv`` and ``services.csv`` are the vocabulary. A row of ``services.csv`` is one
service; its ``position`` is the bit it takes in a ``ServiceSet``: new rows take the next position,
a row is never removed (it is marked ``retired``), and a position is never given to another service.
Fields of several values are apart by ``|``. ``groups`` names, with spaces between, the sets of
``groups.py`` that a service belongs to. Federal codes are in neither file, because they change
their meaning from year to year: a service is found by its category and its official name.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ..text_normalization import normalize_text

Texts = Mapping[str, str]
FOLDER = Path(__file__).parent
POSITIONS = 378


@dataclass(frozen=True)
class Category:
    """A group of services, mostly one of SAMHSA's; the codes of our own begin with ``OUR_``.

    ``aliases`` are codes and names of older exports under which some of its services stood.
    ``closed`` means that a facility which lists something here has answered the whole question, so
    that what it leaves out is "not listed as accepted" rather than "not reported".
    """

    code: str
    slug: str = field(compare=False)
    criterion: str = field(compare=False)
    closed: bool = field(compare=False)
    names: tuple[str, ...] = field(compare=False)
    aliases: tuple[str, ...] = field(compare=False)
    label_en: str = field(compare=False)
    label_es: str = field(compare=False)
    more: Texts = field(default_factory=dict, compare=False)

    def label(self, language: str) -> str:
        return text_in_language(self, "label", language)

    def __str__(self) -> str:
        return self.slug


@dataclass(frozen=True)
class Service:
    """One thing a facility may offer, accept or refuse. Equal when the slugs are."""

    position: int = field(compare=False)
    slug: str
    category: Category = field(compare=False)
    criterion: str = field(compare=False)
    names: tuple[str, ...] = field(compare=False)
    synonyms: tuple[str, ...] = field(compare=False)
    denies: tuple[str, ...] = field(compare=False)
    groups: tuple[str, ...] = field(compare=False)
    retired: bool = field(compare=False)
    label_en: str = field(compare=False)
    label_es: str = field(compare=False)
    help_en: str = field(compare=False)
    help_es: str = field(compare=False)
    more: Texts = field(default_factory=dict, compare=False)

    @property
    def fact(self) -> str:
        return f"service:{self.slug}"

    def label(self, language: str) -> str:
        return text_in_language(self, "label", language)

    def help(self, language: str) -> str:
        return text_in_language(self, "help", language)

    def __str__(self) -> str:
        return self.slug


def text_in_language(one: Category | Service, kind: str, language: str) -> str:
    """Return a text in a language or a variant of it ("es-us"); in English if there is none."""
    column = f"{kind}_{language.partition('-')[0]}"
    return getattr(one, column, "") or one.more.get(column) or getattr(one, f"{kind}_en")


CLOSED_UP = str.maketrans("", "", ".'’®™")


@lru_cache(maxsize=4096)
def normalize_term(text: str) -> str:
    """Return ``text`` folded and without punctuation: "A.A." is "aa", "12-step" is "12 step"."""
    closed_up = normalize_text(text).translate(CLOSED_UP)
    return " ".join("".join(sign if sign.isalnum() else " " for sign in closed_up).split())


class Vocabulary:
    """All services in order of position, found by slug, by official name or by any word for them.

    ``vocabulary["methadone"]`` raises KeyError with the slug; ``get`` returns None instead.
    """

    def __init__(self, categories: Iterable[Category], services: Iterable[Service]) -> None:
        self.categories = tuple(categories)
        self.services = tuple(sorted(services, key=lambda service: service.position))
        self._by_slug = {service.slug: service for service in self.services}
        self._by_position = {service.position: service for service in self.services}
        self._categories_by_name: dict[str, tuple[Category, ...]] = {}
        for category in self.categories:
            self._call(category, (category.code, *category.names))
        for category in self.categories:
            self._call(category, category.aliases)
        self._by_name = {
            (service.category.code, normalize_term(name)): service
            for service in self.services
            for name in service.names
        }
        self._by_word: dict[str, tuple[Service, ...]] = {}
        for service in self.services:
            for word in {normalize_term(word) for word in _words_for(service)}:
                self._by_word[word] = (*self._by_word.get(word, ()), service)

    def _call(self, category: Category, names: Iterable[str]) -> None:
        for name in {normalize_term(name): None for name in names}:
            called = self._categories_by_name.get(name, ())
            self._categories_by_name[name] = (*called, category)

    def __iter__(self) -> Iterator[Service]:
        return iter(self.services)

    def __len__(self) -> int:
        return len(self.services)

    def __contains__(self, slug: object) -> bool:
        return slug in self._by_slug

    def __getitem__(self, slug: str) -> Service:
        return self._by_slug[slug]

    def get(self, slug: str) -> Service | None:
        return self._by_slug.get(slug)

    def at(self, position: int) -> Service:
        return self._by_position[position]

    def category(self, name: str) -> Category | None:
        return next(iter(self._categories_by_name.get(normalize_term(name), ())), None)

    def in_category(self, code: str) -> tuple[Service, ...]:
        return tuple(service for service in self.services if service.category.code == code)

    def in_group(self, name: str) -> tuple[Service, ...]:
        """Return the services of a named group. Raises ValueError if no service names it."""
        services = tuple(service for service in self.services if name in service.groups)
        if not services:
            raise ValueError(f"services.csv has no group {name!r}")
        return services

    def find(self, category: str, name: str) -> Service | None:
        """Return the service of an official name in a category (code, older code or name).

        Services have moved between categories: what an older export lists under ``EDU``
        stands in one of today's categories that have ``EDU`` as an alias.
        """
        called = self._categories_by_name.get(normalize_term(category), ())
        found = (self._by_name.get((one.code, normalize_term(name))) for one in called)
        return next((service for service in found if service), None)

    def services_for_term(self, text: str) -> tuple[Service, ...]:
        """Return the services that ``text`` names exactly, by any word in either language."""
        return self._by_word.get(normalize_term(text), ())


def _words_for(service: Service) -> tuple[str, ...]:
    others = (text for column, text in service.more.items() if column.startswith("label_") and text)
    labels = (service.label_en, service.label_es, *others)
    return () if service.retired else (service.slug, *labels, *service.names, *service.synonyms)


def read_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """Read the two CSV files. Raises KeyError if a service names an unknown category."""
    categories = {row["code"]: _category(row) for row in _rows(folder / "categories.csv")}
    services = [_service(row, categories) for row in _rows(folder / "services.csv")]
    return Vocabulary(categories.values(), services)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _several(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split("|") if part.strip())


def _more(row: dict[str, str]) -> Texts:
    """Return labels and help texts in further languages: "label_fr", "help_fr" ..."""
    known = ("label_en", "label_es", "help_en", "help_es")
    return {
        name: text
        for name, text in row.items()
        if name.startswith(("label_", "help_")) and name not in known
    }


def _category(row: dict[str, str]) -> Category:
    return Category(
        code=row["code"],
        slug=row["slug"],
        criterion=row["criterion"],
        closed=row["closed"] == "1",
        names=_several(row["names"]),
        aliases=_several(row["aliases"]),
        label_en=row["label_en"],
        label_es=row["label_es"],
        more=_more(row),
    )


def _service(row: dict[str, str], categories: dict[str, Category]) -> Service:
    category = categories[row["category"]]
    return Service(
        position=int(row["position"]),
        slug=row["slug"],
        category=category,
        criterion=row["criterion"] or category.criterion,
        names=_several(row["names"]),
        synonyms=_several(row["synonyms"]),
        denies=_several(row["denies"]),
        groups=tuple(row["groups"].split()),
        retired=row["retired"] == "1",
        label_en=row["label_en"],
        label_es=row["label_es"],
        help_en=row["help_en"],
        help_es=row["help_es"],
        more=_more(row),
    )


VOCABULARY = read_vocabulary()
