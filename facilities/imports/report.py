"""What a load did, as JSON kept with the release and as text for the terminal."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from ..sources.rows import FacilityRow, ParsedFile
from ..taxonomy import VOCABULARY, contradictory_services

MAX_LINES_SHOWN = 20  # lines of each list on the terminal; the kept report has them all
# By whether the file is only archived: then nothing waits for anybody.
AMBIGUOUS = {
    False: "May be either of two facilities: choose which on the page of releases",
    True: "May be either of two facilities: kept as read, nothing to choose in an older edition",
}


@dataclass
class LoadReport:
    """Counts and lists. Rows are named by their number in the file, facilities by their code."""

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
    contradictions: dict[str, int] = field(default_factory=dict)
    contradicting_facilities: int = 0
    approximate_positions: int = 0
    missing_positions: int = 0
    conflicts: list[dict] = field(default_factory=list)
    withdrawn_codes: list[str] = field(default_factory=list)
    facts: dict[str, int] = field(default_factory=dict)
    doubts: list[dict] = field(default_factory=list)
    shared_numbers: list[str] = field(default_factory=list)
    withheld: dict[str, dict] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, reading: ParsedFile, notes: Iterable[str] = ()) -> "LoadReport":
        """The part of the report that the file alone settles."""
        report = cls(reading.source, reading.edition, reading.file_name)
        report.rows_read = reading.rows_read
        report.skipped = dict(reading.skipped)
        report.rejected = [asdict_row(each) for each in reading.rejections]
        report.unknown = dict(Counter(code for row in reading.rows for code in row.unknown))
        report.doubts = [
            {"row_number": row.row_number, "doubt": warning}
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
        """The numbers alone, as `Release.counts` keeps them."""
        return {
            "rows_read": self.rows_read,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "withdrawn": self.withdrawn,
            "restated": self.restated,
            "rejected": len(self.rejected),
            "ambiguous": len(self.ambiguous),
            "conflicts": len(self.conflicts),
            "unknown": sum(self.unknown.values()),
            "contradicting": self.contradicting_facilities,
            "approximate_positions": self.approximate_positions,
            "missing_positions": self.missing_positions,
        }

    def as_text(self) -> str:
        return "\n".join(_lines(self))


def asdict_row(rejection) -> dict:
    return {"row_number": rejection.row_number, "reason": rejection.reason}


def _contradictions(rows: Iterable[FacilityRow]) -> tuple[dict[str, int], int]:
    """ "one / other" -> rows that state both, and the rows that contradict themselves."""
    pairs: Counter[str] = Counter()
    facilities = 0
    for row in rows:
        found = contradictory_services(row.offered)
        facilities += bool(found)
        pairs.update(f"{denier.slug} / {denied.slug}" for denier, denied in found)
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
    yield f"  may be either of two   {len(report.ambiguous):>7,}"
    yield f"  unknown codes or names {len(report.unknown):>7,}"
    yield f"  contradict themselves  {report.contradicting_facilities:>7,}"
    yield f"  approximate positions  {report.approximate_positions:>7,}"
    yield f"  without a position     {report.missing_positions:>7,}"
    yield f"  conflicts              {len(report.conflicts):>7,}"
    yield from _listed("Facts that change, and of how many facilities", _counted(report.facts))
    yield from _listed(
        "Rejected", [f"row {r['row_number']}: {r['reason']}" for r in report.rejected]
    )
    yield from _listed("Unknown, kept with their rows", _counted(report.unknown))
    yield from _listed(AMBIGUOUS[report.archived], map(_ambiguity, report.ambiguous))
    yield from _listed("The file says both, for so many facilities", _both(report.contradictions))
    yield from _listed("Left out", [f"row {d['row_number']}: {d['doubt']}" for d in report.doubts])
    yield from _listed("Conflicts", [f"{c['facility']}: {c['fact']}" for c in report.conflicts])
    yield from _listed("Numbers changed to those of unrelated facilities", report.shared_numbers)
    yield from _listed("Notes", report.notes)


def _outcome(report: LoadReport) -> str:
    if report.archived:
        return "Archived: an edition as new or newer is loaded. No facts were changed."
    if report.is_repeated and not report.has_changes:
        return "Nothing changed: this file is already loaded."
    return "Nothing was written: this was a dry run." if report.is_dry_run else "Loaded."


def _listed(heading: str, lines: Iterable[str]) -> Iterable[str]:
    lines = list(lines)
    if lines:
        yield f"{heading}:"
        yield from (f"  {line}" for line in lines[:MAX_LINES_SHOWN])
    if len(lines) > MAX_LINES_SHOWN:
        yield f"  and {len(lines) - MAX_LINES_SHOWN:,} more, in the report kept with the release"


def _counted(counts: Mapping[str, int]) -> list[str]:
    return [f"{name}: {number:,}" for name, number in counts.items()]


def _both(pairs: Mapping[str, int]) -> list[str]:
    """Pairs of slugs as people call the services: "A" and "B": how many say both."""
    named = {
        " and ".join(f"“{VOCABULARY.get(slug).label_en}”" for slug in pair.split(" / ")): number
        for pair, number in pairs.items()
    }
    return _counted(named)


def _ambiguity(entry: Mapping) -> str:
    return f"row {entry['row_number']} {entry['name']}: {', '.join(entry['candidates'])}"
