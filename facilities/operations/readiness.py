"""What an operator and a load balancer ask: may this node answer, and what needs attention?

Only a FAILURE takes a node out of service: no database, migrations that were not applied, a replica
too far behind, or maintenance. Everything else is a WARNING, because all nodes of a site would have
it at once and visitors would lose the whole site over it.
"""

import datetime as dt
import enum
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg2
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ..models import DataVersion, ScheduledTask
from ..search.candidates import index_version
from .scheduled_tasks import task_states

LEAST_FREE_SPACE = 500_000_000  # bytes
CONNECT_TIMEOUT = 1  # seconds, to the other databases; a probe must not hang
HEARTBEAT_OF = "SELECT succeeded_at FROM {} WHERE name = %s"


class CheckLevel(enum.StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True)
class NodeCheck:
    """What one check found, in words that hold no secret and nothing of visitors."""

    check: str
    level: CheckLevel
    text: str


def is_ready(results: list[NodeCheck]) -> bool:
    return all(result.level is not CheckLevel.FAILURE for result in results)


def check_node() -> list[NodeCheck]:
    """Run every check; without the database only those that do without it."""
    return [
        *check_maintenance(),
        *check_disk(),
        *check_database(),
    ]


def check_maintenance() -> Iterator[NodeCheck]:
    if Path(settings.MAINTENANCE_FILE).exists():
        yield NodeCheck("maintenance", CheckLevel.FAILURE, "The site is closed for work.")
    else:
        yield NodeCheck("maintenance", CheckLevel.OK, "The site is open.")


def check_disk() -> Iterator[NodeCheck]:
    for folder in folders_to_check():
        try:
            free = shutil.disk_usage(folder).free
        except OSError:
            yield NodeCheck("disk", CheckLevel.WARNING, f"{folder} cannot be read.")
            continue
        level = CheckLevel.OK if free >= LEAST_FREE_SPACE else CheckLevel.WARNING
        yield NodeCheck("disk", level, f"{free / 1e9:.1f} GB are free at {folder}.")


def folders_to_check() -> list[Path]:
    """Return the existing folders that this node writes to, one of each file system."""
    wanted = [settings.UPLOAD_ROOT, settings.SEARCH_INDEX_DIR, settings.BASE_DIR]
    if connection.vendor == "sqlite":
        wanted.insert(0, Path(settings.DATABASES["default"]["NAME"]).parent)
    found = [Path(folder) for folder in wanted if folder and Path(folder).is_dir()]
    return list({folder.stat().st_dev: folder for folder in reversed(found)}.values())


def check_database() -> list[NodeCheck]:
    try:
        migrations = [*check_migrations()]
        results = [
            NodeCheck("database", CheckLevel.OK, f"{connection.vendor} answers."),
            *migrations,
        ]
        if is_ready(migrations):  # else the tables may be missing
            results += [*report_data_version(), *check_replication()]
    except DatabaseError as error:
        # The message of the driver may name hosts and accounts.
        return [NodeCheck("database", CheckLevel.FAILURE, f"No answer ({type(error).__name__}).")]
    return results


def check_migrations() -> Iterator[NodeCheck]:
    """Ask whether the database has what this code needs; a newer version may have added more."""
    missing = sorted(known_migrations() - set(MigrationRecorder(connection).applied_migrations()))
    if missing:
        words = f"Not applied: {', '.join('.'.join(key) for key in missing)}."
        yield NodeCheck("migrations", CheckLevel.FAILURE, words)
    else:
        yield NodeCheck("migrations", CheckLevel.OK, "All migrations are applied.")


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


def report_data_version() -> Iterator[NodeCheck]:
    """Tell the version of the data, and that of the index: the next search brings it up to date."""
    yield NodeCheck("data version", CheckLevel.OK, f"Version {DataVersion.current().number}.")
    indexed = index_version()
    words = f"Version {indexed.number}." if indexed else "Not built yet in this process."
    yield NodeCheck("search index", CheckLevel.OK, words)


def check_replication() -> Iterator[NodeCheck]:
    """Compare the age of the heartbeat with what is allowed.

    A replica whose heartbeat is old is behind only if another database has a newer one. If none
    has, the primary is down, and the replica has everything that there is.
    """
    if connection.vendor != "postgresql":
        yield NodeCheck("replica", CheckLevel.OK, "SQLite has no replicas.")
        return
    is_replica, now = fetch_row("SELECT pg_is_in_recovery(), clock_timestamp()")
    own = own_heartbeat()
    role = "replica" if is_replica else "primary"
    if own is None:
        level = CheckLevel.WARNING if is_replica else CheckLevel.OK
        yield NodeCheck("replica", level, f"This is a {role}, and no heartbeat was ever written.")
        return
    limit = dt.timedelta(seconds=settings.REPLICA_LAG_LIMIT)
    age = now - own
    if age <= limit:
        yield NodeCheck(
            "replica",
            CheckLevel.OK,
            f"This is a {role}; heartbeat {age.total_seconds():.1f} s ago.",
        )
        return
    if is_replica and (newest := newest_heartbeat_elsewhere()) and newest - own > limit:
        yield NodeCheck(
            "replica",
            CheckLevel.FAILURE,
            f"This replica is {(newest - own).total_seconds():.1f} s behind.",
        )
        return
    yield NodeCheck(
        "replica",
        CheckLevel.WARNING,
        f"This is a {role}, and nobody has written a heartbeat for {age.total_seconds():.0f} s: "
        "the primary is down, waits for a standby to confirm, or the heartbeat service has ended.",
    )


def own_heartbeat() -> dt.datetime | None:
    stamps = ScheduledTask.objects.filter(name=ScheduledTask.Name.HEARTBEAT)
    return stamps.values_list("succeeded_at", flat=True).first()


def fetch_row(statement: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def newest_heartbeat_elsewhere() -> dt.datetime | None:
    """Ask the other hosts of DATABASE_URL, one after the other; those that are down say nothing."""
    table = connection.ops.quote_name(ScheduledTask._meta.db_table)
    found = []
    for parameters in other_hosts():
        try:
            with closing(psycopg2.connect(**parameters)) as other, other.cursor() as cursor:
                cursor.execute(HEARTBEAT_OF.format(table), [ScheduledTask.Name.HEARTBEAT])
                found += [row[0] for row in cursor.fetchall()]
        except psycopg2.Error:
            continue
    return max(found, default=None)


def other_hosts() -> Iterator[dict]:
    """Yield the parameters of a connection to each host that this connection does not use."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    hosts = str(parameters.get("host", "")).split(",")
    ports = str(parameters.get("port") or 5432).split(",")
    ports = ports if len(ports) == len(hosts) else ports * len(hosts)
    used = connection.connection.info
    for host, port in zip(hosts, ports, strict=True):
        if (host, int(port)) != (used.host, used.port):
            yield parameters | {
                "host": host,
                "port": port,
                "target_session_attrs": "any",
                "connect_timeout": CONNECT_TIMEOUT,
            }


def check_tasks(now: dt.datetime) -> list[NodeCheck]:
    """Say of each timer when its work was last done; not asked by probes."""
    return [
        NodeCheck(
            str(state.name.label),
            CheckLevel.WARNING if state.is_missed else CheckLevel.OK,
            f"Last done {state.succeeded_at:%Y-%m-%d %H:%M} UTC."
            if state.succeeded_at
            else "Not done yet.",
        )
        for state in task_states(now)
    ]
