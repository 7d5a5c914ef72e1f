"""Sentences for what people ask that no filter can answer, each with a next step.

A notice's code stands in the address of the search. Sources are named where a sentence states a
fact of medicine or law.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class SearchNotice:
    """One sentence, and where it leads: a guide by its slug, or a telephone number to dial."""

    code: str
    text: str
    link_text: str = ""
    guide: str = ""
    phone: str = ""
    source: str = ""


SEARCH_NOTICES = (
    SearchNotice(
        "hours",
        _(
            "Hours and free beds are not known here: call now. If it cannot wait: an emergency"
            " room."
        ),
        _("What to do tonight"),
        "tonight",
    ),
    SearchNotice(
        "insurer",
        _(
            "The list says only whether a place takes private insurance, not which. Call your plan"
            " and say the facility’s name, or ask the facility."
        ),
    ),
    SearchNotice(
        "outside-us",
        _("This list covers the United States and its territories only."),
    ),
    SearchNotice(
        "person",
        _(
            "This list knows places, not people. A program may not say whether someone is there"
            " without that person’s written consent."
        ),
        _("Help for families"),
        "for-families",
        source="https://www.ecfr.gov/current/title-42/part-2",
    ),
    SearchNotice(
        "jail",
        _(
            "For someone in jail or prison: ask the jail’s medical staff for treatment. A jail that"
            " bans prescribed medication for opioid use disorder breaks the Americans with"
            " Disabilities Act, says the Justice Department (2022)."
        ),
        source="https://www.ada.gov/resources/opioid-use-disorder/",
    ),
    SearchNotice(
        "jobs",
        _("This list is for finding treatment. It has no job offers; ask a facility directly."),
    ),
    SearchNotice(
        "complaint",
        _(
            "Complaints about care go to the state agency that licenses the facility. If a listing"
            " here is wrong, open it and choose “Report a problem”."
        ),
    ),
    SearchNotice(
        "records",
        _("This list keeps no records of patients. Ask the facility that gave the treatment."),
    ),
    SearchNotice(
        "stopping",
        _(
            "Stopping methadone or buprenorphine raises the risk of return to use and of dying from"
            " an overdose. Talk with the prescriber first, and go slowly."
        ),
        _("About the medications"),
        "medications",
    ),
    SearchNotice("look-alike", _("Two names of medicines look alike. Choose the one you mean:")),
    SearchNotice("look-up", _("Facilities that answer this telephone number:")),
    SearchNotice(
        "military-mail",
        _(
            "Military addresses have no place on this map. TRICARE may cover treatment: search near"
            " the base, or ask the Military and Veterans line."
        ),
        _("Veterans Crisis Line: 988, then press 1"),
        phone="988",
    ),
)
SEARCH_NOTICES_BY_CODE = {notice.code: notice for notice in SEARCH_NOTICES}
