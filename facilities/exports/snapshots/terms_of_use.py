"""The terms under which the data may be used, and the text that lies beside the files."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from .files import FILES

TERMS = (
    _("The data are free to use, for any lawful purpose, by anybody."),
    _("Keep the source and the date of each fact with it, and say where you changed something."),
    _(
        "Facts age. What a facility told SAMHSA was never checked by us; what people checked says "
        "so, with the day. Take the newest snapshot, and show the day."
    ),
    _(
        "“Not reported” is not “no”: a service that is in neither list of a facility was not "
        "reported."
    ),
    _(
        "Selling leads is against the purpose of these data: they are for people who look for "
        "treatment, and must not be used to sell their calls, names or clicks."
    ),
    _("Where an address is kept private, do not look for it and do not publish it."),
)


def readme(about: Mapping[str, Any]) -> str:
    """Return the text beside the files, in English and then in Spanish."""
    return "\n".join(_readme_in(language, about) for language in ("en", "es"))


def _readme_in(language: str, about: Mapping[str, Any]) -> str:
    with override(language):
        title = gettext("Open data: facilities of substance use treatment")
        words = {"day": about["created"][:10], "version": about["cursor"]}
        made = gettext("Snapshot of %(day)s, as of version %(version)s of the data.") % words
        if about["is_demonstration"]:
            invented = gettext("These facilities are invented, for a demonstration. Call none.")
            made = f"{made}\n\n{invented}"
        terms = "\n".join(f"- {term}" for term in TERMS)
        listed = "\n".join(f"- `{file.name}`: {file.words}" for file in FILES)
        return (
            f"# {title}\n\n{made}\n\n## {gettext('Terms')}\n\n{terms}\n\n"
            f"## {gettext('Files')}\n\n{listed}\n"
        )
