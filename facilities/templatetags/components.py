"""What staff pages share with public ones, whose templates are Jinja2's."""

from django import template
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def component(name: str, *values) -> SafeString:
    """Render the macro of a component: ``{% component "provenance" row.checked %}``."""
    page = engines["jinja2"].env.get_template(f"facilities/components/{name}.html")
    return mark_safe(getattr(page.module, name)(*values))
