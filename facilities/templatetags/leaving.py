"""Where "Leave quickly" leads, for pages that are rendered without a request too."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def quick_exit() -> str:
    return settings.QUICK_EXIT_URL
