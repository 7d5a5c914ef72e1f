"""Takes the newest release back."""

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from facilities.imports.cli import command_errors
from facilities.imports.undo import last_loaded_release, undo_release


class Command(BaseCommand):
    requires_system_checks = [Tags.models]
    help = (
        "Takes back the newest release: the facilities and facts are again what they were before "
        "it was loaded. What people checked since stays; new listings that they worked on become "
        "drafts. Loading the file again brings the others back."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask first")

    def handle(self, *, yes, **options) -> None:
        release = last_loaded_release()
        if release and not yes and not self._is_meant(release):
            raise CommandError("Nothing was changed.")
        with command_errors():
            undone = undo_release(
                today=timezone.localdate(), expected=release.pk if release else None
            )
        self.stdout.write(
            f"Taken back: {undone.release}. {undone.removed:,} facilities went with it, "
            f"{undone.changed:,} are again as they were."
        )
        if undone.kept:
            self.stdout.write(f"{undone.kept:,} that people worked on became drafts.")

    def _is_meant(self, release) -> bool:
        self.stdout.write(f"{release}: {release.file_name}, loaded {release.loaded_at:%Y-%m-%d}.")
        try:
            return input("Take it back? [y/N] ").strip().lower() in ("y", "yes")
        except EOFError:
            raise CommandError("Nobody answered, so nothing was changed: give --yes.") from None
