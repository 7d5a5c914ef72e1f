"""What every page is given: the site's name, help lines, the newest release, the other language."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from .helplines import HELP_LINES, local_line
from .models import Release

LOCAL_LINES = tuple(local_line(entry) for entry in settings.LOCAL_HELP_LINES)


def site(request):
    """Context processor; ``release`` costs one query on the pages that show it."""
    return {
        "site_name": settings.SITE_NAME,
        "language": get_language(),
        "help_lines": HELP_LINES,
        "local_help_lines": LOCAL_LINES,
        "release": SimpleLazyObject(Release.objects.newest),
        "other_language": other_language(request.get_full_path()),
    }


def other_language(address: str) -> str:
    """The same page in the other language: English at the root, Spanish under /es/."""
    if address == "/es" or address.startswith("/es/"):
        return address[3:] or "/"
    return f"/es{address}"
