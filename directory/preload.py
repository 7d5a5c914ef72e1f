"""What a server reads before it makes its workers: they share its memory, and answer at once."""

import ctypes
import gc
from contextlib import suppress

from django.apps import apps
from django.conf import settings
from django.template import engines
from django.urls import get_resolver
from django.utils.module_loading import import_string
from django.utils.translation import override

# Functions that read a table once for all requests, without the database.
TABLES = (
    "facilities.maps.shapes.read_shapes",
    "facilities.maps.towns.towns_by_population",
    "facilities.places.nearest.cities_by_name",
    "facilities.places.nearest.large_towns",
    "facilities.places.parsing.state_codes",
    "facilities.places.parsing.state_names_by_code",
    "facilities.places.spelling.gazetteer_names",
    "facilities.places.spelling.large_place_names",
    "facilities.search.understanding.expressions.known_words",
    "facilities.search.understanding.expressions.ordinary_words",
    "facilities.search.understanding.inflections.english_words",
    "facilities.search.understanding.place_finder.known_place_names",
    "facilities.search.understanding.spelling.vocabulary_words",
)
# glibc's malloc.h
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGE_ALLOCATION = 2**20  # bytes
GC_THRESHOLDS = (5_000, 20, 20)


def preload() -> None:
    """Read what all workers need, and keep their work from copying its memory.

    Collecting garbage writes into every object it knows, and a page of memory that is written to is
    shared no longer: frozen objects are left alone. Workers collect less often, because an answer
    makes thousands of objects that need no collecting. Threads of one process wait for each other
    in Python anyway, so one heap is enough for them: several keep more free memory. What a large
    answer took goes back to the system; by itself glibc would keep up to 64 MB for the next one.
    """
    with suppress(TypeError, AttributeError):  # glibc alone has it
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, LARGE_ALLOCATION)
        mallopt(M_TRIM_THRESHOLD, LARGE_ALLOCATION)
    if apps.ready:  # not where gunicorn serves something else than this site
        read_tables()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def read_tables() -> None:
    """Import what addresses lead to, read the tables and compile the public templates."""
    get_resolver().url_patterns  # noqa: B018 (importing is the point)
    for name in TABLES:
        import_string(name)()
    for language, _name in settings.LANGUAGES:
        with override(language):
            environment = engines["jinja2"].env
            for name in environment.list_templates():
                environment.get_template(name)
