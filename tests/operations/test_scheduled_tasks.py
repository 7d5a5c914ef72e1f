"""Work of timers: what was missed, who says so, and that commands leave their stamps."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from facilities.models import ScheduledTask
from facilities.operations.scheduled_tasks import missed_tasks, record_success

pytestmark = pytest.mark.django_db
Name = ScheduledTask.Name


def stamp(name: Name, **ago) -> None:
    ScheduledTask.objects.create(name=name, succeeded_at=timezone.now() - timedelta(**ago))


def missed() -> set[str]:
    return {state.name for state in missed_tasks(timezone.now())}


def installed(**ago) -> None:
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - timedelta(**ago))


def status(**options) -> str:
    output = StringIO()
    call_command("status", stdout=output, **options)
    return output.getvalue()


class TestMissed:
    def test_is_nothing_right_after_the_installation(self):
        installed(hours=1)

        assert missed() == set()

    def test_is_what_was_never_done(self):
        installed(days=30)

        assert missed() == {Name.DELETE_EXPIRED, Name.BACKUP}

    def test_is_what_was_done_too_long_ago(self):
        installed(days=30)
        stamp(Name.DELETE_EXPIRED, hours=20)
        stamp(Name.BACKUP, hours=40)
        stamp(Name.VERIFY_BACKUP, days=7)
        stamp(Name.WEBSITE_CHECKS, days=20)

        assert missed() == {Name.BACKUP, Name.WEBSITE_CHECKS}

    def test_leaves_out_heartbeats(self):
        stamp(Name.HEARTBEAT, days=400)

        assert Name.HEARTBEAT not in missed()


class TestStamp:
    def test_is_left_by_the_daily_deletion(self):
        call_command("delete_expired", stdout=StringIO())

        done = ScheduledTask.objects.get(name=Name.DELETE_EXPIRED).succeeded_at
        assert abs(timezone.now() - done) < timedelta(minutes=1)

    def test_is_renewed(self):
        stamp(Name.BACKUP, days=9)

        record_success(Name.BACKUP)

        assert missed() == set()

    def test_of_the_heartbeat_is_written_by_its_command(self):
        call_command("beat", once=True)

        assert ScheduledTask.objects.filter(name=Name.HEARTBEAT).exists()


class TestStatus:
    def test_marks_what_was_missed(self):
        stamp(Name.BACKUP, days=9)

        lines = status().splitlines()

        (backup,) = (line for line in lines if " Backup " in line)
        assert backup.startswith("! ")
        assert "Last done" in backup

    def test_fails_at_a_warning_only_if_asked(self):
        stamp(Name.BACKUP, days=9)

        with pytest.raises(CommandError, match="attention"):
            status(strict=True)

    def test_fails_where_the_node_is_not_ready(self, settings, tmp_path):
        settings.MAINTENANCE_FILE = tmp_path

        with pytest.raises(CommandError, match="not ready"):
            status()


class TestReportOfFailure:
    def test_is_mailed_where_there_is_a_mail_server(self, settings, mailoutbox):
        settings.EMAIL_ENABLED = True
        settings.ALERT_EMAIL = ["it@example.org"]

        call_command("report_failure", "directory-backup.service", stderr=StringIO())

        (mail,) = mailoutbox
        assert mail.to == ["it@example.org"]
        assert "directory-backup.service" in mail.subject

    def test_is_printed_without_one(self):
        output = StringIO()

        call_command("report_failure", "directory-backup.service", stderr=output)

        assert "directory-backup.service" in output.getvalue()
