"""The context of every page: the site's name, help lines, the newest release, the page's address in
each language; and the area that the site's curators look after."""

from functools import cache

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from ..guidance.help_lines import HELP_LINES, HelpLine, read_local_help_line
from ..models import Facility, Release
from ..models.release import newest_release
from ..places.service_area import ServiceArea, read_service_area
from ..rules.freshness import is_release_old
from .language_urls import addresses_in_every_language


def site_context(request):
    """Context processor; ``release`` costs one query on pages that show it."""
    release = SimpleLazyObject(newest_release_if_any)
    languages = [*addresses_in_every_language(request.get_full_path(), language_codes())]
    others = [each for each in languages if each.code != get_language()]
    return {
        "site_name": settings.SITE_NAME,
        "language": get_language(),
        "help_lines": HELP_LINES,
        "local_help_lines": local_help_lines(),
        "release": release,
        "is_release_old": SimpleLazyObject(lambda: is_release_outdated(release)),
        # Else the controls that lead to what a read-only node refuses are absent.
        "takes_writes": settings.WRITES_ELSEWHERE or not settings.READ_ONLY,
        "origin": f"{request.scheme}://{request.get_host()}",
        "languages": languages,
        "other_languages": others,
    }


def newest_release_if_any() -> Release | None:
    """Return the newest release; none also without a database.

    The help lines, the guides and what else needs nothing of the list are shown then too.
    """
    try:
        return newest_release()
    except DatabaseError:
        return None


def local_help_lines() -> list[HelpLine]:
    return [read_local_help_line(entry) for entry in settings.LOCAL_HELP_LINES]


def language_codes() -> tuple[str, ...]:
    """The languages of the site; the one at the root first."""
    others = (code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    return (settings.LANGUAGE_CODE, *others)


def is_release_outdated(release: Release | None) -> bool:
    return bool(release) and is_release_old(release.published_on, timezone.localdate())


def service_area() -> ServiceArea:
    return _area(tuple(settings.SERVICE_AREA))


@cache
def _area(names: tuple[str, ...]) -> ServiceArea:
    return read_service_area(names)


def is_curated_here(facility: Facility) -> bool:
    """Whether this site's curators look after the facility."""
    return service_area().contains(facility.state, facility.county_fips)
