"""What must be true of the vocabulary and the settings before the site may run."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from .places.service_area import UnknownServiceArea, read_service_area
from .rules.criteria import CRITERIA
from .taxonomy import VOCABULARY, Category, Vocabulary
from .taxonomy.groups import GROUP_NAMES
from .taxonomy.services import POSITIONS, normalize_term

NEARLY_FULL = 0.9
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CRITERION_SLUGS = {"", *(criterion.slug for criterion in CRITERIA)}


def check_vocabulary(app_configs, **kwargs) -> list[CheckMessage]:
    """Report each mistake in the vocabulary as an error, and a missing translation as a warning."""
    found = [Error(problem, id="facilities.E001") for problem in vocabulary_problems(VOCABULARY)]
    if len(VOCABULARY) >= NEARLY_FULL * POSITIONS:
        hint = "Widen the service words before the positions run out."
        filling = f"The vocabulary holds {len(VOCABULARY)} of {POSITIONS} services."
        found.append(Warning(filling, hint=hint, id="facilities.W001"))
    return found


def check_service_area(app_configs, **kwargs) -> list[CheckMessage]:
    """Refuse a SERVICE_AREA that names no place: its curators would look after nothing."""
    try:
        read_service_area(settings.SERVICE_AREA)
    except UnknownServiceArea as error:
        hint = 'Write states ("OH") and counties ("Travis County, TX"), apart by ";".'
        return [Error(f"SERVICE_AREA: {error}", hint=hint, id="facilities.E002")]
    return []


def check_tile_privacy(app_configs, **kwargs) -> list[CheckMessage]:
    """Say what it means that the map page fetches tiles of another origin."""
    if not settings.MAP_TILES.get("origin"):
        return []
    told = (
        f"MAP_TILE_URL: whoever asks for streets on the map page tells {settings.MAP_TILES['host']}"
        " their network address and which area they look at for treatment."
    )
    hint = "Serve the tiles from this site's own origin, with a MAP_TILE_URL that begins with /."
    return [Warning(told, hint=hint, id="facilities.W002")]


def check_operator(app_configs, **kwargs) -> list[CheckMessage]:
    """Say what visitors of a site in production could not learn: whose it is, and whom to ask."""
    problems = []
    if settings.SITE_NAME == settings.DEFAULT_SITE_NAME:
        hint = "Give the directory a name of your own: every page shows it."
        problems.append(Warning("SITE_NAME is not set.", hint=hint, id="facilities.W003"))
    if not settings.CONTACT_URL:
        hint = "Name a page or a mailto: address where people reach you, also about security."
        problems.append(Warning("CONTACT_URL is not set.", hint=hint, id="facilities.W004"))
    return problems


def vocabulary_problems(vocabulary: Vocabulary) -> list[str]:
    return [
        *_positions(vocabulary),
        *_slugs(vocabulary),
        *_words(vocabulary),
        *_labels(vocabulary),
        *_denials(vocabulary),
        *_names(vocabulary),
        *_older_names(vocabulary),
        *_groups(vocabulary),
    ]


def _repeated(values: Iterable) -> list:
    return [value for value, times in Counter(values).items() if times > 1]


def _positions(vocabulary: Vocabulary) -> Iterator[str]:
    positions = [service.position for service in vocabulary]
    for position in _repeated(positions):
        yield f"Position {position} is given twice."
    missing = set(range(max(positions, default=-1) + 1)) - set(positions)
    for position in sorted(missing):
        yield f"Position {position} is left out: retire a service, do not remove its row."
    for position in positions:
        if not 0 <= position < POSITIONS:
            yield f"Position {position} is outside 0 to {POSITIONS - 1}."


def _slugs(vocabulary: Vocabulary) -> Iterator[str]:
    for kind, named in (("service", vocabulary.services), ("category", vocabulary.categories)):
        slugs = [one.slug for one in named]
        for slug in _repeated(slugs):
            yield f"The {kind} {slug} stands there twice."
        for slug in slugs:
            if not SLUG.fullmatch(slug):
                yield f"The {kind} {slug!r} cannot stand in an address."


def _words(vocabulary: Vocabulary) -> Iterator[str]:
    for category in vocabulary.categories:
        if not (category.label_en.strip() and category.label_es.strip()):
            yield f"The category {category} has no label in one of the languages."
    for service in vocabulary:
        texts = (service.label_en, service.label_es, service.help_en, service.help_es)
        if not all(text.strip() for text in texts):
            yield f"The service {service} has no label or help in one of the languages."
    for one in (*vocabulary.categories, *vocabulary):
        if one.criterion not in CRITERION_SLUGS:
            yield f"{one} names the unknown criterion {one.criterion!r}."


def _labels(vocabulary: Vocabulary) -> Iterator[str]:
    further = {column for service in vocabulary for column in service.more}
    labels = [column.removeprefix("label_") for column in further if column.startswith("label_")]
    for language in ("en", "es", *sorted(labels)):
        for label in _repeated(service.label(language) for service in vocabulary):
            yield f"The label {label!r} stands for two services."


def _denials(vocabulary: Vocabulary) -> Iterator[str]:
    for service in vocabulary:
        for slug in _repeated(service.denies):
            yield f"{service} denies {slug} twice."
        for slug in service.denies:
            if slug not in vocabulary:
                yield f"{service} denies {slug}, which is no service."
            elif slug == service.slug:
                yield f"{service} denies itself."
            elif service.slug in vocabulary[slug].denies:
                yield f"{service} and {slug} deny each other."


def _groups(vocabulary: Vocabulary) -> Iterator[str]:
    for service in vocabulary:
        for name in service.groups:
            if name not in GROUP_NAMES:
                yield f"{service} names the unknown group {name!r}."


def _names(vocabulary: Vocabulary) -> Iterator[str]:
    """Official names are keys: each stands for one service of its category, or one category."""
    spelled = [
        (service.category.code, name)
        for service in vocabulary
        for name in map(normalize_term, service.names)
    ]
    for category, name in _repeated(spelled):
        yield f"The name {name!r} stands twice in category {category}."
    called = [
        name
        for category in vocabulary.categories
        for name in {normalize_term(name) for name in (category.code, *category.names)}
    ]
    for name in _repeated(called):
        yield f"Two categories are called {name!r}."


def _older_names(vocabulary: Vocabulary) -> Iterator[str]:
    """An older category may stand for several of today's, but each of its names for one service."""
    aliases = {
        normalize_term(alias) for category in vocabulary.categories for alias in category.aliases
    }
    for alias in sorted(aliases):
        names = [
            name
            for service in vocabulary
            if alias in _called(service.category)
            for name in map(normalize_term, service.names)
        ]
        for name in _repeated(names):
            yield f"The name {name!r} stands twice in the older category {alias!r}."


def _called(category: Category) -> set[str]:
    return {normalize_term(name) for name in (category.code, *category.names, *category.aliases)}
