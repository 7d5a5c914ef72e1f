"""Makes an account for staff, or opens one again, and prints the link that begins it."""

import re

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone, translation

from facilities.accounts import enrollment
from facilities.roles import CURATOR, ROLES

LOOPBACK = re.compile(r"127\.|localhost$|\[::1\]$")


class Command(BaseCommand):
    help = (
        "Makes an account without a password and prints a link that works once, for 48 hours: "
        "it leads to choosing a password and a second factor. With --again for an account that "
        "exists: its password, its second factor and its open sessions end at once."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="what the person will log in as: letters, digits, @.+-_")
        parser.add_argument("--role", choices=ROLES, help="default: curator")
        parser.add_argument("--again", action="store_true", help="for an account that exists")
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default="en")
        parser.add_argument("--address", help='of the site, such as "https://example.org"')

    def handle(self, *, name, role, again, language, address, **options) -> None:
        try:
            user = self.account(name, role, again=again)
            link = enrollment.create_enrollment_link(user)
        except DatabaseError as error:
            raise CommandError(f"The database is not ready, run `make run` once: {error}") from None
        with translation.override(language):
            page = reverse("admin:enroll", query={"link": link})
        ends = timezone.now() + timezone.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        roles = ", ".join(user.groups.order_by("name").values_list("name", flat=True))
        self.stdout.write(
            f"{name} ({roles}) opens this link once, before {ends:%Y-%m-%d %H:%M} UTC:\n\n"
            f"  {(address or site_address()).rstrip('/')}{page}\n\n"
            "Hand it over in person or by a channel you trust: whoever opens it first has the "
            "account."
        )

    def account(self, name: str, role: str | None, *, again: bool) -> User:
        user = User.objects.filter(username=name).first()
        if user and not again:
            raise CommandError(f"There is an account {name}: --again makes a new link for it.")
        if again and not user:
            raise CommandError(f"There is no account {name}.")
        if not Group.objects.filter(name=role or CURATOR).exists():
            raise CommandError("There are no roles yet: run `manage.py make_roles`.")
        if user:
            if role:
                enrollment.give_role(user, role)
            return user
        try:
            User._meta.get_field("username").clean(name, None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return enrollment.create_account(name, role or CURATOR)


def site_address() -> str:
    host = settings.ALLOWED_HOSTS[0].removeprefix(".")
    if LOOPBACK.match(host):
        return f"http://{host}:8000"
    return f"{'https' if settings.HTTPS else 'http'}://{host}"
