"""The help lines of the bar, the footer and /help-now/, each with where its number comes from.

Sentences of guides, alerts and error pages name 911, 988 and SAMHSA's line themselves, since
they must read whole in each language: look for the number before you change one.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class HelpLine:
    """One public line. ``number`` is as shown, ``dial`` what a phone calls."""

    name: str
    number: str
    dial: str
    about: str
    source: str


HELP_LINES = (
    HelpLine("911", "911", "911", _("overdose or danger to life"), "https://www.911.gov"),
    HelpLine("988", "988", "988", _("crisis: call or text, any hour"), "https://988lifeline.org"),
    HelpLine(
        "SAMHSA",
        "1-800-662-4357",
        "+18006624357",
        _("free, private help finding treatment"),
        "https://www.samhsa.gov/find-help/helplines/national-helpline",
    ),
)
# Said on the page of help lines alone.
MORE_LINES = (
    HelpLine(
        _("Poison Help"),
        "1-800-222-1222",
        "+18002221222",
        _("someone took something, and you do not know what to do"),
        "https://poisonhelp.hrsa.gov",
    ),
    HelpLine(
        _("Veterans Crisis Line"),
        _("988, then press 1"),
        "988",
        _("for veterans, and those who care about one"),
        "https://www.veteranscrisisline.net",
    ),
    HelpLine(
        _("SAMHSA by TTY"),
        "1-800-487-4889",
        "+18004874889",
        _("for people who do not hear well"),
        "https://www.samhsa.gov/find-help/helplines/national-helpline",
    ),
)


def read_local_help_line(entry: dict[str, str]) -> HelpLine:
    """The operator's source and date of check are shown with it."""
    digits = "".join(sign for sign in entry["number"] if sign.isdigit())
    return HelpLine(
        entry["name"], entry["number"], digits, f"{entry['source']}, {entry['checked']}", ""
    )
