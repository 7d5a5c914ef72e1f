"""Whether the site is closed for work: as long as a file lies where MAINTENANCE_FILE says.

Nothing behind this reads the database, so it may be moved, restored or migrated meanwhile. Static
files are still served.
"""

from pathlib import Path

from django.conf import settings

from .errors import maintenance_response


def maintenance(get_response):
    """Look for the file at every request, so that no restart is needed."""

    def respond(request):
        return (
            maintenance_response(request)
            if Path(settings.MAINTENANCE_FILE).exists()
            else get_response(request)
        )

    return respond
