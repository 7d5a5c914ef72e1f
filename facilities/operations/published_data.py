"""Publishes the data as files, below the folder that DATA_DIR names."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from ..exports.snapshots.library import AlreadyPublishing, PublishedSnapshot, SnapshotLibrary
from ..exports.snapshots.remove_private import remove_private_facilities
from ..exports.snapshots.write import write_snapshot
from ..models import DataVersion
from .backup import unchanging_transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PublicationResult:
    """What publishing did. ``snapshot``: the new one; None where nothing had changed."""

    snapshot: PublishedSnapshot | None = None
    facilities: int = 0
    rewritten: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def snapshot_library() -> SnapshotLibrary:
    return SnapshotLibrary(Path(settings.DATA_DIR))


def publish_data(now: datetime) -> PublicationResult:
    """Write a snapshot unless the newest one is of this version of the data.

    First the older ones lose what became private. Raises AlreadyPublishing.
    """
    published = snapshot_library()
    with published.writing():
        with unchanging_transaction():
            version = DataVersion.current()
            newest = published.latest()
            former = newest.facilities() if newest else None  # before any are taken out
            rewritten = remove_private_facilities(published, version, now)
            if newest and newest.version == version:
                removed = published.remove_expired(now.date())
                return PublicationResult(rewritten=tuple(rewritten), removed=tuple(removed))
            with published.new_folder() as folder:
                count = write_snapshot(folder, version, now, former)
                snapshot = published.add(folder, now.date())
        removed = published.remove_expired(now.date())
    logger.info("Published %s: %d facilities.", snapshot.name, count)
    return PublicationResult(snapshot, count, tuple(rewritten), tuple(removed))


def remove_private_data(now: datetime) -> PublicationResult:
    """Take what became private out of all snapshots, and write no new one."""
    published = snapshot_library()
    if published.latest() is None:
        return PublicationResult()
    with published.writing(), unchanging_transaction():
        rewritten = remove_private_facilities(published, DataVersion.current(), now)
    if rewritten:
        logger.info("Took private data out of %d snapshots.", len(rewritten))
    return PublicationResult(rewritten=tuple(rewritten))


def republish_after_load(now: datetime) -> PublicationResult:
    """Publish if this installation has published before: then its files follow each load.

    Where that fails the load stands, and the timer publishes later.
    """
    if snapshot_library().latest() is None:
        return PublicationResult()
    try:
        return publish_data(now)
    except (AlreadyPublishing, OSError) as error:
        logger.warning("Nothing was published after a load (%s).", type(error).__name__)
        return PublicationResult()
