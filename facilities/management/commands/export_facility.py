"""Writes everything that is kept about one facility."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from facilities.exports.facility_file import facility_file
from facilities.models import Facility


class Command(BaseCommand):
    help = (
        "Writes all that is kept about one facility as JSON: facts, rows of files, checks, "
        "proposals, reports, notes, links, holds and history. Receipts, link tokens and contacts "
        "of people who reported are left out."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("code", help="the eight characters that end its address")

    def handle(self, *, code: str, **options) -> None:
        facility = Facility.objects.filter(code=code.lower()).first()
        if facility is None:
            raise CommandError(f"No facility has the code {code}.")
        content = facility_file(facility, timezone.now())
        self.stdout.write(json.dumps(content, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
