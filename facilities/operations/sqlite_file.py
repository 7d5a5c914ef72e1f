"""Makes the SQLite file of a new installation, and never a second one in its place.

A note beside manage.py lists the files that are in use, because an empty folder may be that of a
disk that is not mounted.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def create_sqlite_file(file: Path, note: Path) -> None:
    """Make an empty file if there never was one; raise ImproperlyConfigured if it is gone."""
    known = read_known_files(note)
    if file in known and not file.exists():
        raise ImproperlyConfigured(
            f"The database {file} is missing. Is its disk mounted? Put it back, or restore a "
            f"backup. To begin with an empty one, delete its line in {note}."
        )
    if not file.exists():
        file.touch(mode=0o600)
    # Folders that are gone were those of trials.
    lines = sorted({str(path) for path in known if path.parent.is_dir()} | {str(file)})
    try:
        note.write_text("\n".join(lines) + "\n")
    except OSError:
        return  # a read-only program folder; then the new database alone is there


def read_known_files(note: Path) -> set[Path]:
    return {Path(line) for line in note.read_text().splitlines()} if note.is_file() else set()
