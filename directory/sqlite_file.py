"""How the site opens its SQLite file: only where there is one."""

import sqlite3
from pathlib import Path


class ExistingFile(sqlite3.Connection):
    """A connection that makes no new file.

    SQLite would put an empty database in the place of one that is missing, such as one on a disk
    that is not mounted, and the site would go on as if nothing had ever been there.
    """

    def __init__(self, database, *arguments, **options):
        # ":memory:" and "file:…" are none.
        if not str(database).startswith((":", "file:")) and not Path(database).exists():
            raise sqlite3.OperationalError(f"There is no database file {database}")
        super().__init__(database, *arguments, **options)
