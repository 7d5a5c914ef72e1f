"""Brings the translations (.po) up to the messages in code and templates."""

from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ..translations import MessageNotLiteralError, translatable_messages, update_catalog


class Command(BaseCommand):
    help = (
        "Find every message in code and templates and bring each .po file of LOCALE_PATHS up to "
        "them: translations are kept, new messages stand there empty, unused ones go."
    )

    requires_system_checks = []  # it reads files, not the site

    def handle(self, *args, **options):
        try:
            found = translatable_messages(settings.BASE_DIR)
        except MessageNotLiteralError as error:
            raise CommandError(str(error)) from error
        for folder in settings.LOCALE_PATHS:
            for path in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                before = polib.pofile(str(path), wrapwidth=98)
                after = update_catalog(before, found)
                after.save(str(path))
                self.report(path.parent.parent.name, before, after)

    def report(self, language: str, before: polib.POFile, after: polib.POFile) -> None:
        dropped = {message_key(entry) for entry in before} - {message_key(entry) for entry in after}
        self.stdout.write(f"{language}: {len(after)} messages, {len(dropped)} dropped")
        for entry in after.untranslated_entries():
            self.stdout.write(f"  to translate: {entry.msgid}")


def message_key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid
