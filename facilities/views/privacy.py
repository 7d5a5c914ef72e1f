"""The privacy page: what holds for this installation, sentence by sentence."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..guidance.privacy_statements import PrivacySettings, privacy_statements


@require_safe
def privacy(request) -> HttpResponse:
    return render(
        request,
        "facilities/site/privacy.html",
        {"parts": [*privacy_statements(privacy_settings())]},
    )


def privacy_settings() -> PrivacySettings:
    tiles = urlsplit(getattr(settings, "MAP_TILE_URL", ""))
    return PrivacySettings(
        exit_host=urlsplit(settings.QUICK_EXIT_URL).hostname or "",
        tile_host=tiles.hostname or "",
        is_encrypted=settings.HTTPS,
    )
