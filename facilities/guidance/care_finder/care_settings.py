"""The four settings of care that can be suggested, from the most supervision to the least."""

from enum import Enum

from django.utils.translation import gettext_lazy as _


class Setting(Enum):
    """A kind of care: how much supervision it gives (3 is most), its name, what to ask there."""

    HOSPITAL = (
        3, _("A hospital unit"),
        _("Doctors and nurses are there day and night, for other illness too."),
        _("Is there a bed, and must I come through the emergency room?"),
    )  # fmt: skip
    OVERNIGHT = (
        2, _("A place with staff day and night"),
        _("You stay there while trained staff watch over you. It may be a center or a hospital."),
        _("Is a doctor or nurse there at night?"),
    )  # fmt: skip
    OUTPATIENT = (
        1, _("Outpatient care: visits while you live at home"),
        _("You see a clinician at set times and sleep at home."),
        _("How often are the visits, and whom can I call at night?"),
    )  # fmt: skip
    HOME = (
        0, _("At home under medical guidance"),
        _("A clinician guides you from a distance or in short visits, and someone stays with you."),
        _("Can I start at home, and whom can I call at night?"),
    )  # fmt: skip

    def __init__(self, supervision: int, label: str, about: str, ask: str):
        self.supervision = supervision
        self.label = label
        self.about = about
        self.ask = ask
