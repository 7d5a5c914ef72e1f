"""The front page: where to look, and who to call."""

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..structured import site


@require_safe
def home(request):
    address = request.build_absolute_uri(request.path)
    known = site(settings.SITE_NAME, address, get_language())
    return render(request, "facilities/home.html", {"structured": known})
