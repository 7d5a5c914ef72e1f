"""Terms and disclaimer: who runs the site, what it cannot promise, and the operator's notices."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..guidance.privacy_statements import ABOUT_PATIENTS
from ..web.operator_contact import operator_contact

REVIEWED_ON = date(2026, 11, 27)
LANGUAGE_HELP = "language-help"  # said in every language at once: who needs it may read no other


@require_safe
def terms_of_use(request: HttpRequest) -> HttpResponse:
    language = get_language()
    context = {
        "operator": settings.OPERATOR_NAME,
        **operator_contact(),
        "about_patients": ABOUT_PATIENTS,
        "notices": {
            kind.replace("-", "_"): operator_notices(language, kind)
            for kind in settings.NOTICE_KINDS
        },
        "reviewed_on": REVIEWED_ON,
    }
    return render(request, "facilities/site/terms.html", context)


def operator_notices(language: str, kind: str) -> Sequence[Mapping[str, str]]:
    """Return the operator's notices of a kind; those of all languages if this one has none."""
    notices = [notice for notice in settings.LEGAL_NOTICES if notice["kind"] == kind]
    if kind == LANGUAGE_HELP:
        return sorted(notices, key=lambda notice: notice["language"] != language)
    return [notice for notice in notices if notice["language"] == language] or notices
