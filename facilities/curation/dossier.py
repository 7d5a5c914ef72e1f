"""One facility as its curators see it: each fact from the files' side and from ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..models import Facility, Release, Verification
from ..resolution.release_statements import ReleaseStatement
from ..resolution.resolve import ResolvedFacility, resolve_facts
from ..resolution.snapshot import Snapshot, read_snapshot


@dataclass(frozen=True)
class Dossier:
    """What is known of one facility. ``standing``: fact -> its newest check not taken back."""

    facility: Facility
    shown: ResolvedFacility
    statements: tuple[ReleaseStatement, ...]
    current_checks: Mapping[str, Verification]
    releases: Mapping[int, Release]
    snapshot: Snapshot

    def shown_value(self, fact: str) -> Any:
        """Return what we show, in the form of a verification."""
        return self.shown.shown_value(fact)

    def source_value(self, fact: str) -> Any:
        return self.shown.source_value(fact)

    @property
    def release(self) -> Release | None:
        return self.releases.get(self.shown.source_release_id)

    @property
    def is_traceable(self) -> bool:
        """Whether anything stands behind it: a row of a release, or a check of its name."""
        return bool(self.statements) or "name" in self.current_checks


def read_dossier(facility: Facility, *, today: date) -> Dossier:
    snapshot = read_snapshot(only=[facility.pk])
    checks = snapshot.checks.get(facility.pk, [])
    statements = tuple(snapshot.statements.get(facility.pk, ()))
    return Dossier(
        facility=facility,
        shown=resolve_facts(statements, checks, today),
        statements=statements,
        current_checks={check.fact: check for check in checks},
        releases={release.pk: release for release in snapshot.releases},
        snapshot=snapshot,
    )
