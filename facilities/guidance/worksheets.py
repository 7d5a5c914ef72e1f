"""Two sheets to fill in at home: an emergency plan and an aftercare plan.

What is written on them is never sent: the fields have no names and stand in no form.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class WorksheetField:
    """One thing to write down, with room for ``lines`` of it."""

    label: str
    hint: str = ""
    lines: int = 1


@dataclass(frozen=True)
class WorksheetPart:
    title: str
    blanks: tuple[WorksheetField, ...]


@dataclass(frozen=True)
class Worksheet:
    slug: str
    title: str
    lead: str
    parts: tuple[WorksheetPart, ...]
    advice: tuple[str, ...]


EMERGENCY = Worksheet(
    "emergency-plan",
    _("Emergency plan"),
    _("Keep it where everybody at home can see it. Fill it in with your clinician."),
    (
        WorksheetPart(
            _("Who to call"),
            (
                WorksheetField(_("Clinician: name and phone"), _("The one who guides your care.")),
                WorksheetField(_("Clinic after hours: phone")),
                WorksheetField(
                    _("First person to call: name and phone"), _("Somebody who can come.")
                ),
                WorksheetField(_("Second person to call: name and phone")),
                WorksheetField(_("Who stays with me, and when"), "", 2),
            ),
        ),
        WorksheetPart(
            _("Where to go"),
            (
                WorksheetField(
                    _("Nearest hospital with an emergency room: name and address"), "", 2
                ),
                WorksheetField(_("How to get there, by day and by night")),
            ),
        ),
        WorksheetPart(
            _("Naloxone"),
            (
                WorksheetField(_("Where it is kept")),
                WorksheetField(_("Who knows how to give it")),
                WorksheetField(_("Use by")),
            ),
        ),
        WorksheetPart(
            _("What helpers should know"),
            (
                WorksheetField(_("Medicines I take, and how much"), "", 3),
                WorksheetField(_("Allergies and health problems"), "", 2),
            ),
        ),
    ),
    (
        _("Overdose or danger to life: call 911, give naloxone, give rescue breaths, and stay."),
        _(
            "Withdrawal from alcohol or benzodiazepines can kill. Do not stop suddenly. Get "
            "medical help first."
        ),
        _("After days without opioids the body can take less. The old dose can kill."),
    ),
)
AFTERCARE = Worksheet(
    "aftercare-plan",
    _("Aftercare plan"),
    _("Detox is a first step. Plan what follows before you leave, with the people who treat you."),
    (
        WorksheetPart(
            _("Appointments"),
            (
                WorksheetField(_("First appointment: day, time, place"), "", 2),
                WorksheetField(_("How I get there")),
                WorksheetField(_("More appointments"), "", 3),
            ),
        ),
        WorksheetPart(
            _("Medication"),
            (
                WorksheetField(_("Who prescribes it: name and phone")),
                WorksheetField(_("What I take, and until when my supply lasts"), "", 2),
                WorksheetField(_("Naloxone: where it is kept, and who can give it")),
            ),
        ),
        WorksheetPart(
            _("People and groups"),
            (
                WorksheetField(_("Groups: which, where, when"), "", 3),
                WorksheetField(_("Who I call when it gets hard"), "", 2),
            ),
        ),
        WorksheetPart(
            _("Daily life"),
            (
                WorksheetField(_("Where I live, and who is there"), "", 2),
                WorksheetField(_("My goals for the next three months"), "", 3),
                WorksheetField(_("Signs that I need help, and what I do then"), "", 3),
                WorksheetField(_("Day on which we go over this plan")),
            ),
        ),
    ),
    (
        _(
            "After detox the body can take less. The risk of overdose is highest in the first"
            " weeks."
        ),
        _("Do not stop a prescribed medication on your own. Ask who prescribes it."),
        _("Carry naloxone. Tell people around you where it is."),
    ),
)
WORKSHEETS = {sheet.slug: sheet for sheet in (EMERGENCY, AFTERCARE)}
