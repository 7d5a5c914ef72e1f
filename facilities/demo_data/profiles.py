"""The kinds of facility that are invented, how many of each, where, and in what words.

A profile is a question to the directory: the codes that its facilities have and lack.
"""

from dataclasses import dataclass

EVERY_REGION = frozenset({"metro", "rural", "tribal"})
METRO_ONLY = frozenset({"metro"})
TRIBAL_ONLY = frozenset({"tribal"})


@dataclass(frozen=True)
class DemoProfile:
    slug: str
    facilities: int
    has: frozenset[str]
    lacks: frozenset[str]
    words: tuple[str, ...]
    programs: tuple[str, ...]
    kinds: frozenset[str] = EVERY_REGION

    def describes(self, codes: frozenset[str]) -> bool:
        return self.has <= codes and self.lacks.isdisjoint(codes)


def _profile(slug, facilities, has, lacks, words, programs, kinds=EVERY_REGION) -> DemoProfile:
    split = (tuple(text.split("|")) for text in (words, programs))
    return DemoProfile(
        slug, facilities, frozenset(has.split()), frozenset(lacks.split()), *split, kinds
    )


PROFILES = (
    _profile(
        "hospital-unit", 17, "SA DT OP HI HID", "VAMC NOOP AUDO DUO OUDO",
        "Hospital|Medical Center", "Withdrawal Care Unit|Behavioral Health Unit|4 West",
    ),
    _profile(
        "veterans", 6, "SA OP VAMC", "RES NOOP AUDO DUO OUDO",
        "Veterans Clinic|Veterans Center", "Substance Use Team|Outpatient Clinic", METRO_ONLY,
    ),
    _profile(
        "residential-detox", 29, "SA DT RES RD", "HI OTP NOOP AUDO DUO OUDO",
        "Recovery Center|Detox and Recovery", "Residential Services|Withdrawal Care",
    ),
    _profile(
        "short-residential", 27, "SA RES RS", "DT HI OTP AUDO DUO OUDO",
        "Treatment Center|Recovery Center", "28 Day Program|Residential Services",
    ),
    _profile(
        "long-residential", 14, "SA RES RL FEM MALE", "DT RS HI OTP AUDO DUO OUDO",
        "Recovery Community|Recovery Farm", "Therapeutic Community|Long Stay Program",
    ),
    _profile(
        "men-residential", 11, "SA RES RL MALE", "DT HI OTP FEM AUDO DUO OUDO",
        "House for Men|Recovery House", "Men Only|Residential Services",
    ),
    _profile(
        "women-and-children", 10, "SA RES FEM BC", "DT HI OTP MALE AUDO DUO OUDO",
        "Women and Families|House for Families", "Women and Children|Family Program",
    ),
    _profile(
        "methadone-clinic", 46, "SA OP OMB OTP MU MM SOTP DEA", "RES HI VAMC CHLD AUDO DUO",
        "Medication Clinic|Treatment Services", "Opioid Treatment Program|Medication Unit",
    ),
    _profile(
        "office-based", 38, "SA OP OMB BU UB", "OTP MU RES HI OIT NOOP AUDO DUO VAMC TBG",
        "Family Medicine|Medical Group|Health Center", "Office Based Treatment|Addiction Medicine",
    ),
    _profile(
        "intensive-outpatient", 66, "SA OP OIT", "OTP MU RES HI AUDO DUO TBG VAMC",
        "Recovery Services|Counseling Center", "Intensive Outpatient|Day Treatment|Outpatient",
    ),
    _profile(
        "mental-health-center", 40, "SA SUMH OP STMH MHS", "OTP MU RES HI AUDO DUO TBG VAMC",
        "Community Mental Health|Behavioral Health", "Adult Services|Outpatient Clinic",
    ),
    _profile(
        "counseling", 40, "SA OP ORT", "OTP MU BU RES HI OIT ODT OMB AUDO DUO TBG VAMC",
        "Counseling|Counseling Services", "Outpatient|Outpatient Services",
    ),
    _profile(
        "tribal", 9, "SA OP TBG", "OTP MU HI AUDO DUO",
        "Tribal Wellness Program|Native Health", "Behavioral Health|Wellness Program", TRIBAL_ONLY,
    ),
    _profile(
        "recovery-housing", 12, "SA HH OP", "RES HI OTP MU AUDO DUO VAMC",
        "Recovery Homes|Sober Living", "Recovery Housing|Outpatient and Housing",
    ),
    _profile(
        "adolescents", 14, "SA OP CHLD AD",
        "ADLT YAD WN MN SE PW VET ADM RES HI OTP MU AUDO DUO VAMC",
        "Youth Services|Youth and Family", "Adolescent Program|Teen Outpatient",
    ),
    _profile(
        "impaired-driving", 10, "SA OP DU", "RES HI OTP MU BU DUO AUDO VAMC",
        "Driver Education and Counseling|DUI Services", "DUI Program|Outpatient",
    ),
    _profile(
        "impaired-driving-only", 3, "SA OP DUO", "RES HI OTP MU AUDO",
        "Driver Program|DUI School", "DUI Program|Weekend Program",
    ),
    _profile(
        "alcohol-only", 3, "SA AUDO", "OUDO DUO OTP MU BU",
        "Alcohol Counseling|Alcohol Recovery", "Outpatient|Alcohol Program",
    ),
    _profile(
        "justice", 5, "SA OP CJ LCCG", "RES HI OTP MU AUDO DUO",
        "County Recovery Services|Reentry Services", "Jail Program|Drug Court Services",
    ),
)  # fmt: skip
