"""Every sentence of the privacy page. Each has a slug, and a test that proves it under that slug.

A sentence that nobody can test is not on the page. Where an operator's settings change what is
true, the sentence says when it holds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# Beside every public field for free text.
ABOUT_PATIENTS = _(
    "Do not write about a patient: no name, no birth date, nothing that could identify someone."
)


@dataclass(frozen=True)
class PrivacySettings:
    """The settings that decide which sentences are true. ``tile_host``: "" without map tiles."""

    exit_host: str
    tile_host: str
    is_encrypted: bool


@dataclass(frozen=True)
class PrivacyStatement:
    slug: str
    words: str
    holds: Callable[[PrivacySettings], bool] = lambda here: True


@dataclass(frozen=True)
class PrivacyStatementGroup:
    slug: str
    title: str
    sentences: tuple[PrivacyStatement, ...]


@dataclass(frozen=True)
class RenderedPrivacyStatement:
    """A sentence as it reads on one installation."""

    slug: str
    words: str


def privacy_statements(
    here: PrivacySettings,
) -> Iterator[tuple[PrivacyStatementGroup, list[RenderedPrivacyStatement]]]:
    values = {"exit": here.exit_host, "tiles": here.tile_host}
    for part in PARTS:
        held = [each for each in part.sentences if each.holds(here)]
        yield part, [RenderedPrivacyStatement(each.slug, str(each.words) % values) for each in held]


NEVER = PrivacyStatementGroup(
    "never",
    _("What this site does not do"),
    (
        PrivacyStatement("no-cookies", _("Public pages set no cookies.")),
        PrivacyStatement("staff-cookies", _("Only staff who log in are given cookies.")),
        PrivacyStatement(
            "one-origin",
            _("Every page loads from this site alone: no ads, no counters, no fonts or videos "
              "from elsewhere."),
            lambda here: not here.tile_host,
        ),
        PrivacyStatement(
            "map-tiles",
            _("Every page loads from this site alone, but for the pictures of the map page. "
              "Those come from %(tiles)s, which can see your internet address and the part of "
              "the map you look at."),
            lambda here: bool(here.tile_host),
        ),
        PrivacyStatement(
            "no-record",
            _("Our database does not keep your searches, or which listings you open."),
        ),
        PrivacyStatement(
            "log",
            _("Our log says when a page was opened, which page, if that worked, and how long it "
              "took."),
        ),
        PrivacyStatement(
            "log-not",
            _("The log does not say what you searched for, your internet address, your browser, "
              "or the site you came from."),
        ),
        PrivacyStatement(
            "referrer",
            _("When you follow a link to another site, that site is not told which page you were "
              "on."),
        ),
    ),
)  # fmt: skip
LOCATION = PrivacyStatementGroup(
    "location",
    _("Your location"),
    (
        PrivacyStatement(
            "location-asked",
            _("This site asks for your location only if you press “Use my location”."),
        ),
        PrivacyStatement(
            "location-rounded",
            _("Your device rounds it to about half a mile before it is sent: two decimals."),
        ),
        PrivacyStatement("no-sensors", _("This site cannot use your camera or your microphone.")),
    ),
)
DEVICE = PrivacyStatementGroup(
    "device",
    _("What stays on this device"),
    (
        PrivacyStatement(
            "nothing-unasked",
            _("This site stores nothing on your device until you choose to keep something."),
        ),
        PrivacyStatement(
            "ticks",
            _("My list, and the search in which you found what is on it, are kept on your device "
              "until you press “Clear for the next patient”. They are sent only when you open "
              "their comparison, call sheet or handout."),
        ),
        PrivacyStatement(
            "notes",
            _("What you mark and write on a call sheet is kept on your device until you press "
              "“Clear for the next patient”. It is never sent."),
        ),
        PrivacyStatement(
            "plans",
            _("What you type on the plan sheets is neither kept nor sent. Print them before you "
              "close the page."),
        ),
        PrivacyStatement(
            "kept-pages",
            _("If you press “Keep for reading offline”, your device keeps that page, the help "
              "lines and the overdose guide. Others who use this device can open them."),
        ),
        PrivacyStatement(
            "kept-last",
            _("It keeps the last comparison and the last call sheet only, and never a search."),
        ),
        PrivacyStatement("clear", _("“Clear this device” deletes all of this at once.")),
        PrivacyStatement(
            "history",
            _("The address of a search holds what you asked for, and your browser notes it in "
              "its history. We cannot delete that: use a private window if others use your "
              "device."),
        ),
    ),
)  # fmt: skip
LEAVING = PrivacyStatementGroup(
    "leaving",
    _("Leaving quickly"),
    (
        PrivacyStatement(
            "exit",
            _("“Leave quickly”, or Esc pressed three times, hides the page at once and opens "
              "%(exit)s in its place."),
        ),
        PrivacyStatement(
            "exit-back",
            _("The Back button then skips the page you left. It still leads to the pages before, "
              "and the browser’s history still lists them all."),
        ),
        PrivacyStatement(
            "exit-plain",
            _("With JavaScript turned off it is a plain link: Back leads to the page you left."),
        ),
    ),
)  # fmt: skip
WRITING = PrivacyStatementGroup(
    "writing",
    _("If you report a problem"),
    (
        PrivacyStatement("no-name", _("A report needs no name, no email and no account.")),
        PrivacyStatement(
            "report-words",
            _("We delete the words of a report 90 days after we close it."),
        ),
        PrivacyStatement(
            "report-contact",
            _("If you leave an email or a phone number, we delete it when we close the report."),
        ),
        PrivacyStatement("report-day", _("Of the time you sent it we keep the day, not the hour.")),
        PrivacyStatement(
            "report-count",
            _("To stop floods we count what comes from one connection. The count stands under a "
              "code made with a secret key, not under your internet address. It ends within a "
              "day, and the next daily clean-up deletes it."),
        ),
        PrivacyStatement(
            "backups",
            _("A backup of our database still holds what we deleted after it was made."),
        ),
    ),
)  # fmt: skip
OTHERS = PrivacyStatementGroup(
    "others",
    _("What others can still see"),
    (
        PrivacyStatement(
            "encrypted",
            _("Pages travel encrypted. Your internet provider, or who runs the Wi-Fi, can see "
              "that you opened this site, but not which page or search."),
            lambda here: here.is_encrypted,
        ),
        PrivacyStatement(
            "not-encrypted",
            _("This copy of the site runs without encryption: who runs the network can see what "
              "you open."),
            lambda here: not here.is_encrypted,
        ),
        PrivacyStatement(
            "host",
            _("The company that runs our servers passes on each page, so it can see internet "
              "addresses. The settings that come with this software write none of them down."),
        ),
        PrivacyStatement(
            "proven",
            _("Each sentence on this page has a test in the public source code. It fails if the "
              "sentence stops being true."),
        ),
    ),
)  # fmt: skip
PARTS = (NEVER, LOCATION, DEVICE, LEAVING, WRITING, OTHERS)
