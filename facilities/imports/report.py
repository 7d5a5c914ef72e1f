"""The report of a load: JSON that is stored with the release, and text for the terminal."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from ..sources.rows import FacilityRow, ParsedFile
from ..taxonomy import VOCABULARY, contradictory_services

MAX_LINES_SHOWN = 20  # of each list on the terminal; the stored report has them all
# By whether the file is only archived. Then nothing waits for a decision.
AMBIGUOUS = {
    False: "Ambiguous rows: choose the facility on the page of releases",
    True: "Ambiguous rows: stored as read; nothing to choose in an older edition",
}
OUTDATED = "Rows that wait, because a newer directory leaves their facility out"


@dataclass
class LoadReport:
    """Counts and lists. Rows go by their number in the file, facilities by their code.

    ``restated``: facilities that only get a newer release. ``skipped``: kind of row -> number of
    rows that this directory does not list. ``unknown``: code or name that is no known service ->
    rows. ``skipped_values``: values of accepted rows that could not be read. ``facts``: fact ->
    facilities that the load changes. ``shared_numbers``: facilities whose number the file changes
    to that of an unrelated one. ``outdated``: rows that wait because a newer directory leaves
    their facility out. ``withheld``: record -> fact -> the value shown instead.
    ``lost_streets`` and ``lost_positions``: listed facilities that had a street, or an exact
    position, which the file neither states nor confirms.
    """

    source: str
    edition: str
    file_name: str
    rows_read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    restated: int = 0
    archived: bool = False
    is_dry_run: bool = False
    is_repeated: bool = False
    skipped: dict[str, int] = field(default_factory=dict)
    rejected: list[dict] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)
    ambiguous: list[dict] = field(default_factory=list)
    outdated: list[dict] = field(default_factory=list)
    contradictions: dict[str, int] = field(default_factory=dict)
    contradicting_facilities: int = 0
    approximate_positions: int = 0
    missing_positions: int = 0
    conflicts: list[dict] = field(default_factory=list)
    withdrawn_codes: list[str] = field(default_factory=list)
    facts: dict[str, int] = field(default_factory=dict)
    skipped_values: list[dict] = field(default_factory=list)
    lost_streets: list[str] = field(default_factory=list)
    lost_positions: list[str] = field(default_factory=list)
    shared_numbers: list[str] = field(default_factory=list)
    withheld: dict[str, dict] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, reading: ParsedFile, notes: Iterable[str] = ()) -> "LoadReport":
        report = cls(reading.source, reading.edition, reading.file_name)
        report.rows_read = reading.rows_read
        report.skipped = dict(reading.skipped)
        report.rejected = [
            {"row_number": rejection.row_number, "reason": rejection.reason}
            for rejection in reading.rejections
        ]
        report.unknown = dict(Counter(code for row in reading.rows for code in row.unknown))
        report.skipped_values = [
            {"row_number": row.row_number, "reason": warning}
            for row in reading.rows
            for warning in row.warnings
        ]
        report.notes = list(notes)
        report.contradictions, report.contradicting_facilities = _contradictions(reading.rows)
        return report

    @property
    def has_changes(self) -> bool:
        return bool(self.added or self.changed or self.withdrawn)

    def as_json(self) -> dict:
        return asdict(self)

    def counts(self) -> dict[str, int]:
        return {
            "rows_read": self.rows_read,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "withdrawn": self.withdrawn,
            "restated": self.restated,
            "rejected": len(self.rejected),
            "ambiguous": len(self.ambiguous),
            "outdated": len(self.outdated),
            "conflicts": len(self.conflicts),
            "unknown": sum(self.unknown.values()),
            "contradicting": self.contradicting_facilities,
            "approximate_positions": self.approximate_positions,
            "missing_positions": self.missing_positions,
            "lost_streets": len(self.lost_streets),
            "lost_positions": len(self.lost_positions),
        }

    def as_text(self) -> str:
        return "\n".join(_lines(self))


def _contradictions(rows: Iterable[FacilityRow]) -> tuple[dict[str, int], int]:
    """Return "slug / slug" -> rows that state both, and how many rows contradict themselves."""
    pairs: Counter[str] = Counter()
    facilities = 0
    for row in rows:
        contradictory = contradictory_services(row.offered)
        facilities += bool(contradictory)
        pairs.update(f"{denier.slug} / {denied.slug}" for denier, denied in contradictory)
    return dict(pairs.most_common()), facilities


def _lines(report: LoadReport) -> Iterable[str]:
    yield f"{report.file_name}: {report.source} {report.edition}"
    yield _outcome(report)
    yield f"  rows read              {report.rows_read:>7,}"
    for kind, number in report.skipped.items():
        yield f"  skipped ({kind + ')':<13} {number:>7,}"
    if not report.archived:
        for name in ("added", "changed", "unchanged", "withdrawn"):
            yield f"  {name:<22} {getattr(report, name):>7,}"
    yield f"  rejected               {len(report.rejected):>7,}"
    yield f"  ambiguous rows         {len(report.ambiguous):>7,}"
    yield f"  left out since         {len(report.outdated):>7,}"
    yield f"  unknown codes or names {len(report.unknown):>7,}"
    yield f"  contradict themselves  {report.contradicting_facilities:>7,}"
    yield f"  approximate positions  {report.approximate_positions:>7,}"
    yield f"  without a position     {report.missing_positions:>7,}"
    yield f"  streets lost           {len(report.lost_streets):>7,}"
    yield f"  exact positions lost   {len(report.lost_positions):>7,}"
    yield f"  conflicts              {len(report.conflicts):>7,}"
    yield from _listed("Changed facts, with facilities", _counted(report.facts))
    yield from _listed("Rejected rows", map(_row_and_reason, report.rejected))
    yield from _listed("Unknown codes or names, stored with their rows", _counted(report.unknown))
    yield from _listed(AMBIGUOUS[report.archived], map(_ambiguity, report.ambiguous))
    yield from _listed(OUTDATED, map(_ambiguity, report.outdated))
    yield from _listed("Contradictory services, with rows", _both(report.contradictions))
    yield from _listed("Skipped values", map(_row_and_reason, report.skipped_values))
    yield from _listed("Conflicts", [f"{c['facility']}: {c['fact']}" for c in report.conflicts])
    yield from _listed("Numbers changed to those of unrelated facilities", report.shared_numbers)
    yield from _listed("Facilities that lose their street", report.lost_streets)
    yield from _listed("Facilities that lose their exact position", report.lost_positions)
    yield from _listed("Notes", report.notes)


def _outcome(report: LoadReport) -> str:
    if report.archived:
        return "Archived: a newer edition is loaded. No facts were changed."
    if report.is_repeated and not report.has_changes:
        return "Nothing changed: this file is already loaded."
    return "Nothing was written: this was a dry run." if report.is_dry_run else "Loaded."


def _listed(heading: str, lines: Iterable[str]) -> Iterable[str]:
    lines = list(lines)
    if lines:
        yield f"{heading}:"
        yield from (f"  {line}" for line in lines[:MAX_LINES_SHOWN])
    if len(lines) > MAX_LINES_SHOWN:
        yield f"  and {len(lines) - MAX_LINES_SHOWN:,} more, in the report stored with the release"


def _counted(counts: Mapping[str, int]) -> list[str]:
    return [f"{name}: {number:,}" for name, number in counts.items()]


def _both(pairs: Mapping[str, int]) -> list[str]:
    named = {
        " and ".join(f"“{VOCABULARY.get(slug).label_en}”" for slug in pair.split(" / ")): number
        for pair, number in pairs.items()
    }
    return _counted(named)


def _row_and_reason(entry: Mapping) -> str:
    return f"row {entry['row_number']}: {entry['reason']}"


def _ambiguity(entry: Mapping) -> str:
    known = ", ".join(entry["candidates"]) or "not known before"
    return f"row {entry['row_number']} {entry['name']}: {known}"
