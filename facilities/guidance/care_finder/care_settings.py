"""What can be suggested: a setting of care, and the headline that says what comes first."""

from enum import Enum

from django.utils.translation import gettext_lazy as _


class CareSetting(Enum):
    """A kind of care: how much supervision it gives (3 is most), its name, what to ask there."""

    HOSPITAL = (
        3,
        _("A hospital unit"),
        _("Doctors and nurses are there day and night, for other illness too."),
        _("Is there a bed, and must I come through the emergency room?"),
    )
    OVERNIGHT = (
        2,
        _("A place with staff day and night"),
        _("You stay there while trained staff watch over you. It may be a center or a hospital."),
        _("Is a nurse or doctor on site 24 hours a day?"),
    )
    OUTPATIENT = (
        1,
        _("Outpatient care: visits while you live at home"),
        _("You see a clinician at set times and sleep at home."),
        _("How often are the visits, and whom can I call at night?"),
    )
    HOME = (
        0,
        _("At home under medical guidance"),
        _("A clinician guides you from a distance or in short visits, and someone stays with you."),
        _("Can I start at home, and whom can I call at night?"),
    )

    def __init__(self, supervision: int, label: str, about: str, ask: str):
        self.supervision = supervision
        self.label = label
        self.about = about
        self.ask = ask


class Headline(Enum):
    """What an answer says first; the setting comes second unless it is the headline itself."""

    WATCHED_AND_MEDICATION = _("A place that watches withdrawal and gives the medication")
    WATCHED = _("A place that watches withdrawal")
    NALTREXONE = _("Call whoever prescribes your naltrexone, today")
    TONIGHT = _("Start methadone or buprenorphine, tonight if you can")
    STAY = _("Stay on your medication")
    START = _("Start methadone or buprenorphine")
    SETTING = ""

    @property
    def label(self) -> str:
        return self.value

    @property
    def is_medication(self) -> bool:
        return self in (Headline.NALTREXONE, Headline.TONIGHT, Headline.STAY, Headline.START)

    @property
    def is_watched(self) -> bool:
        return self in (Headline.WATCHED_AND_MEDICATION, Headline.WATCHED)
