"""Tells staff by mail how much waits for them; to be run once a day."""

from smtplib import SMTPException

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.admin.today import count_stuck_jobs, waiting_work
from facilities.operations.scheduled_tasks import missed_tasks
from facilities.operations.staff_mail import is_mail_configured, mail_to_staff
from facilities.web.context_processors import service_area


class Command(BaseCommand):
    help = (
        "Mails to STAFF_EMAIL how many reports, proposals, conflicts and other things wait, and "
        "which timers did not run: numbers alone. Sends nothing if nothing waits. Run it daily."
    )

    def handle(self, **options) -> None:
        if not is_mail_configured():
            raise CommandError("Set EMAIL_URL and STAFF_EMAIL first.")
        lines = waiting_work_lines()
        if not lines:
            self.stdout.write("Nothing waits: nothing was sent.")
            return
        try:
            mail_to_staff(_("what waits today"), lines)
        except (SMTPException, OSError) as error:
            raise CommandError(f"The mail was not sent ({type(error).__name__}).") from None
        self.stdout.write("Sent.")


def waiting_work_lines() -> list[str]:
    now = timezone.now()
    lines = [f"{work.label}: {work.count}" for work in waiting_work(service_area(), now)
             if work.count]  # fmt: skip
    lines += [
        _("%(what)s did not run when it should have.") % {"what": state.name.label}
        for state in missed_tasks(now)
    ]
    if stuck := count_stuck_jobs(now):
        lines.append(_("Background work that nothing runs: %(count)d") % {"count": stuck})
    return lines
