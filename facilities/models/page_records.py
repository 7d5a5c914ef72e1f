"""The facilities of a page, by key or by code, each with the release that dates it.

Pages about facilities begin with these queries, so their SQL is written once. Releases are few and
change only with the data: they are kept, instead of fetched again with each facility.
"""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from .change import DataVersion, VersionStamp
from .credential import Credential
from .facility import Facility
from .keyed_query import KeyedQuery
from .release import Release
from .verification import Conflict
from .versioned_cache import versioned_cache

BATCH = 500  # keys of one statement


def find_listed(keys: Sequence[int]) -> dict[int, Facility]:
    """Return key -> facility, with what its card shows, for those that are still listed.

    ``data_version`` of each is the version of all facts at that moment.
    """
    return {facility.pk: facility for facility in _with_releases(LISTED.objects(keys))}


def find_listed_complete(keys: Sequence[int]) -> dict[int, Facility]:
    """Return key -> facility with all its columns, for any number of keys."""
    found: dict[int, Facility] = {}
    for start in range(0, len(keys), BATCH):
        batch = _with_releases(LISTED_COMPLETE.objects(keys[start : start + BATCH]))
        found |= {facility.pk: facility for facility in batch}
    return found


def find_by_codes(codes: Sequence[str]) -> list[Facility]:
    """Return facilities with all their columns, and what they were merged into.

    ``has_credentials`` and ``has_conflicts`` of each say whether to ask for them: few have any. It
    takes one query, and another one where any was merged.
    """
    found = _with_releases(BY_CODE.objects(codes))
    merged = {facility.merged_into_id for facility in found} - {None}
    targets = {facility.pk: facility for facility in _with_releases(BY_KEY.objects([*merged]))}
    for facility in found:
        if facility.merged_into_id in targets:
            facility.merged_into = targets[facility.merged_into_id]
    return found


def _with_version(facilities: QuerySet) -> QuerySet:
    newest = DataVersion.objects.filter(pk=1)
    return facilities.annotate(
        version_number=Subquery(newest.values("number")),
        version_token=Subquery(newest.values("token")),
    )


def _for_page(facilities: QuerySet) -> QuerySet:
    credentials = Credential.objects.confirmed().filter(facility=OuterRef("pk"))
    conflicts = Conflict.objects.filter(facility=OuterRef("pk"))
    return _with_version(facilities).annotate(
        has_credentials=Exists(credentials), has_conflicts=Exists(conflicts)
    )


LISTED = KeyedQuery(
    int, lambda keys: _with_version(Facility.objects.listed().for_cards().filter(pk__in=keys))
)
LISTED_COMPLETE = KeyedQuery(
    int, lambda keys: _with_version(Facility.objects.listed().filter(pk__in=keys))
)
BY_CODE = KeyedQuery(str, lambda codes: _for_page(Facility.objects.filter(code__in=codes)))
BY_KEY = KeyedQuery(int, lambda keys: _for_page(Facility.objects.filter(pk__in=keys)))


def _with_releases(facilities: list[Facility]) -> list[Facility]:
    """Set ``data_version`` and the release of each; one that is not kept is read on demand."""
    for facility in facilities:
        version = VersionStamp(facility.version_number or 0, facility.version_token or "")
        facility.data_version = version
        if facility.source_release_id is not None:
            release = _releases.at(version).get(facility.source_release_id)
            if release is not None:
                facility.source_release = release
    return facilities


@versioned_cache(maxsize=1)
def _releases() -> Mapping[int, Release]:
    return Release.objects.for_pages().in_bulk()
