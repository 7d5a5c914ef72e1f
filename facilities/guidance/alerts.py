"""What a page says first when somebody types about danger: calls to make and steps to take.

Every sentence rests on a public source. An alert's code stands in the address in place of the
words, so that neither the address nor the title tells what was typed.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

CDC_RESPONSE = "https://www.cdc.gov/stop-overdose/response/index.html"
LIFELINE = "https://988lifeline.org"


@dataclass(frozen=True)
class DangerAlert:
    """One kind of danger. ``calls`` are (words, number to dial); the first is the first control."""

    code: str
    meaning: str
    heading: str
    calls: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    source: str
    source_name: str

    @property
    def is_danger(self) -> bool:
        """Whether a life may be at stake; a caution is not."""
        return self.meaning != "caution"


CALL_911 = (_("Call 911"), "911")
CALL_988 = (_("Call or text 988"), "988")
SAMHSA = ("SAMHSA 1-800-662-4357", "+18006624357")

# The gravest first: where a text says several, the first counts.
ALERTS = (
    DangerAlert(
        "a1",
        "now",
        _("Is someone in danger now? Call 911."),
        (CALL_911,),
        (
            _(
                "Cannot be woken, is not breathing well, or has blue or gray lips: give naloxone"
                " if you have it. It does no harm if it was not opioids."
            ),
            _("Do what the 911 operator tells you. Stay. If they breathe, lay them on their side."),
            _(
                "A seizure, or seeing things or severe confusion after stopping alcohol or pills:"
                " that is an emergency too."
            ),
            _("A child swallowed a drug or medicine: call 911 even if the child seems well."),
            _("Someone is violent: go to a safe place first if you can, then call."),
        ),
        CDC_RESPONSE,
        "CDC",
    ),
    DangerAlert(
        "a2",
        "crisis",
        _("Thoughts of suicide? Call or text 988 now."),
        (CALL_988, CALL_911),
        (
            _("Someone answers at any hour, free and in private. Spanish: press 2, or text AYUDA."),
            _("Veterans: press 1, or text 838255. Deaf: “ASL Now” on 988lifeline.org."),
            _("Life in danger now: call 911. Do not leave the person alone."),
        ),
        LIFELINE,
        "988lifeline.org",
    ),
    DangerAlert(
        "a3",
        "withdrawal",
        _("In withdrawal now? Get medical care first, tonight."),
        (CALL_911, SAMHSA),
        (
            _(
                "Withdrawal from alcohol or benzodiazepines can kill. Go to the nearest emergency"
                " room: it must examine you, whatever you can pay."
            ),
            _(
                "A seizure, fever, severe confusion, seeing things or an irregular heartbeat: call"
                " 911."
            ),
            _(
                "Pregnant: do not stop opioids suddenly. An emergency room can help tonight;"
                " methadone or buprenorphine with prenatal care is recommended over detox."
            ),
            _("Do not go through it alone, and do not drive."),
        ),
        "https://medlineplus.gov/ency/article/000764.htm",
        "MedlinePlus",
    ),
    DangerAlert(
        "a4",
        "caution",
        _("Stopping suddenly, or starting again after a break, can be dangerous."),
        (SAMHSA,),
        (
            _(
                "Out of a medicine, or cut off from it: call the prescriber today, or go to an"
                " emergency room. After days without it the old dose can kill: have naloxone at"
                " hand. Shaking, confusion or a seizure: call 911."
            ),
        ),
        "https://www.fda.gov/drugs/drug-safety-and-availability",
        "FDA",
    ),
)
ALERTS_BY_CODE = {alert.code: alert for alert in ALERTS}
