#!/usr/bin/env python
"""Runs Django's commands with this project's settings."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

# Commands of version 0.1 by their names of today, for the timers and scripts of operators.
RENAMED = {
    "draw_audit": "create_audit",
    "enroll": "invite_staff",
    "forget": "delete_expired",
    "load_locator": "load_findtreatment",
    "make_shapes": "build_shapes",
    "quality": "report_quality",
    "rebuild": "recompute_facilities",
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")
    if len(sys.argv) > 1 and sys.argv[1] in RENAMED:
        sys.exit(f"`{sys.argv[1]}` is now `{RENAMED[sys.argv[1]]}`.")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))  # one line that names the setting
