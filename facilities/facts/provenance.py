"""Where each fact of a page comes from, when and how it was checked, and how old that makes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import Credential, Facility, Verification
from ..models.release import SAMHSA_SOURCES, source_title
from ..rules.freshness import FreshnessLevel, freshness_level
from ..sources.rows import ALL_FACTS
from .registry import PRIVATE_FACTS, fact_age_kind

Outcome, Method = Verification.Outcome, Verification.Method

# What installations of this software name as the source of what their people found out.
CHECKED_ELSEWHERE = ("curator", "facility")


@dataclass(frozen=True)
class ProvenanceNote:
    """One sentence; the grade of a check; whether it should stand out, and is disputed."""

    words: str
    grade: FreshnessLevel | None = None
    is_warning: bool = False
    is_disputed: bool = False


class ListingSource(NamedTuple):
    """Who states a listing as a whole. ``via``: the list that passed it on, if another one did."""

    name: str
    title: str
    edition: str
    published_on: date
    via: str = ""

    @property
    def is_of_samhsa(self) -> bool:
        return self.name in SAMHSA_SOURCES


def listing_source(facility: Facility) -> ListingSource | None:
    """Return the first source, past the installation that passed the listing on."""
    release = facility.source_release
    if release is None:
        return None
    title = release.get_source_display()
    whole = facility.fact_sources.get(ALL_FACTS)
    if whole is None:
        return ListingSource(release.source, title, release.edition, release.published_on)
    return ListingSource(
        whole["source"],
        source_title(whole["source"]),
        whole["edition"],
        date.fromisoformat(whole["date"]),
        via=title,
    )


def listing_provenance(facility: Facility) -> str:
    source = listing_source(facility)
    if source is None:
        return ""
    sentence = (
        _("The facility told SAMHSA: %(source)s %(edition)s, published on %(day)s.")
        if source.is_of_samhsa
        else _("From %(source)s %(edition)s, published on %(day)s.")
    ) % {
        "source": source.title,
        "edition": source.edition,
        "day": date_format(source.published_on),
    }
    return f"{sentence} {passed_on_by_text(source.via)}".strip()


def passed_on_by_text(via: str) -> str:
    return _("Passed on by %(source)s.") % {"source": via} if via else ""


def other_lists(facility: Facility) -> tuple[str, ...]:
    """Return title and edition of the lists that state single facts beside the first source."""
    hidden = PRIVATE_FACTS if facility.is_address_confidential else frozenset()
    names = (
        f"{_title_of(stated)} {stated.get('edition', '')}".strip()
        for fact, stated in facility.fact_sources.items()
        if fact != ALL_FACTS and fact not in hidden
        if "source" in stated and "method" not in stated
    )
    return tuple(dict.fromkeys(names))


def _title_of(stated: Mapping[str, str]) -> str:
    return stated.get("title") or source_title(stated["source"])


def source_notes(sources: Mapping[str, Mapping[str, str]]) -> Mapping[str, ProvenanceNote]:
    """Return fact -> the list that states it, or who else checked it, as a facility keeps them."""
    return {
        fact: ProvenanceNote(_source_words(stated))
        for fact, stated in sources.items()
        if fact != ALL_FACTS and "source" in stated
    }


def _source_words(stated: Mapping[str, str]) -> str:
    day = {"day": date_format(date.fromisoformat(stated["date"]))}
    if "method" in stated:
        return _("Checked by another directory on %(day)s.") % day
    words = {"source": _title_of(stated), "edition": stated.get("edition", ""), **day}
    return _("From %(source)s %(edition)s, published on %(day)s.") % words


def credential_source(credential: Credential) -> str:
    """Say who saw a credential and when: we, another directory, or whose list states it."""
    day = {"day": date_format(credential.checked_on)}
    if not credential.source:
        return _("Checked by us on %(day)s.") % day
    if credential.source in CHECKED_ELSEWHERE:
        return _("Checked by another directory on %(day)s.") % day
    return _("From the list of %(source)s, %(day)s.") % {"source": credential.source, **day}


def provenance_by_fact(checks: Iterable[Verification], today: date) -> Mapping[str, ProvenanceNote]:
    ordered = sorted(checks, key=lambda check: (check.checked_at, check.pk))
    return {check.fact: provenance_of_check(check, today) for check in ordered}


def provenance_of_check(check: Verification, today: date) -> ProvenanceNote:
    """A check that is older than its maximum age is a warning."""
    on = check.checked_at.date()
    day = {"day": date_format(on)}
    if check.outcome == Outcome.NOT_CONFIRMED:
        return ProvenanceNote(_("We could not confirm this on %(day)s.") % day, is_warning=True)
    found = freshness_level(fact_age_kind(check.fact), on, today)
    words = {
        Method.PHONE: _("Checked by us on %(day)s, by phone."),
        Method.WEBSITE: _("Checked by us on %(day)s, on its website."),
        Method.DOCUMENT: _("Checked by us on %(day)s, from a document."),
        Method.FACILITY: _("The facility told us on %(day)s."),
    }[Method(check.method)]
    return ProvenanceNote(words % day, found, is_warning=found is FreshnessLevel.STALE)
