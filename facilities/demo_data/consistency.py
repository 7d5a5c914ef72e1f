"""Which service codes need, forbid or complete one another in a profile that makes sense."""

from .tables import KEY, service_codes_in_category

METHADONE = ("MM", "DM", "METH")
OPIOID_MEDICATIONS = ("MU", "BU", "NU")
OPIOID_TREATMENTS = tuple(
    code for code in service_codes_in_category("OT") if code not in {"NMOA", "NOOP", "DLC", "PAIN"}
)
ALCOHOL_MEDICATIONS = ("PMAT", "ACM", "DSF")
LANGUAGES = service_codes_in_category("OL")

# A code in this table is offered only where all those beside it are.
NEEDS: dict[str, tuple[str, ...]] = {
    "HID": ("HI", "DT"),
    "HIT": ("HI",),
    "GH": ("HI",),
    "PSYH": ("HI",),
    "RD": ("RES", "DT"),
    "RL": ("RES",),
    "RS": ("RES",),
    "BC": ("RES",),
    "OD": ("OP", "DT"),
    **dict.fromkeys(("ODT", "OIT", "ORT", "OMB"), ("OP",)),
    **dict.fromkeys(service_codes_in_category("DETOX"), ("DT",)),
    "DLC": ("DT",),
    "DB": ("BU", "DT"),
    "DM": ("MU", "DT"),
    "MM": ("MU",),
    "METH": ("MU",),
    "OTP": ("MU",),
    "SOTP": ("OTP",),
    **dict.fromkeys(("BUM", "UB", "BWN", "BWON", "BERI", "BSDM"), ("BU",)),
    **dict.fromkeys(("UN", "RPN", "NXN", "VTRL"), ("NU",)),
    **dict.fromkeys(service_codes_in_category("OMSC"), ("MOA",)),
    **dict.fromkeys(service_codes_in_category("SMAT"), ("ACMA",)),
    "WN": ("FEM",),
    "PW": ("FEM",),
    "MN": ("MALE",),
    "AD": ("CHLD",),
    "YAD": ("ADLT",),
    "SNR": ("ADLT",),
    **{code: ("FX",) if code.startswith("F") else ("NX",) for code in LANGUAGES},
}

_OPIOIDS = (
    "OMB",
    *OPIOID_MEDICATIONS,
    *OPIOID_TREATMENTS,
    "NMOA",
    "PAIN",
    "OUDO",
    "ODTX",
    "DLC",
    "LFXD",
)
# A code in this table takes those beside it away.
DENIES: dict[str, tuple[str, ...]] = {
    "NOOP": _OPIOIDS,
    "AUDO": ("NAUT", "OUDO", "DUO", "ODTX", "BDTX", "CDTX", "MDTX", *_OPIOIDS),
    "DUO": ("OUDO",),
    "OUDO": ("DU", "ADTX", "BDTX", "CDTX", "MDTX", *ALCOHOL_MEDICATIONS),
    "NMOA": ("OMB", *OPIOID_MEDICATIONS, *OPIOID_TREATMENTS),
    "NAUT": ("NMAUT", "ACMA", "ADTX", *ALCOHOL_MEDICATIONS),
    "NMAUT": ("ACMA", *ALCOHOL_MEDICATIONS),
    "NP": tuple(code for code in service_codes_in_category("PAY") if code != "NP"),
    "VAMC": ("CHLD", "AD"),
}

# Exactly one of these is offered; at least one of those where the code before them is.
EXACTLY_ONE_OF = (
    service_codes_in_category("FOP"),
    service_codes_in_category("SMP"),
    service_codes_in_category("FVP"),
)
EXACTLY_ONE_WHERE_OFFERED = (("HI", service_codes_in_category("HOSP")),)
AT_LEAST_ONE_WHERE_OFFERED = (
    ("OP", ("ORT", "OIT", "ODT", "OMB")),
    ("RES", ("RL", "RS", "RD")),
    ("HI", ("HIT", "HID")),
    ("DT", ("OD", "RD", "HID")),
    ("DT", ("ADTX", "ODTX")),
    ("OTP", ("SOTP",)),
    ("OTP", ("DEA",)),
    ("OTP", ("MM",)),
    ("FX", tuple(code for code in LANGUAGES if code.startswith("F"))),
    ("SA", service_codes_in_category("PAY")),
    ("CHLD", ("ADLT",)),
)

DENIED_BY: dict[str, frozenset[str]] = {
    entry.service_code: frozenset(
        denier for denier, denied in DENIES.items() if entry.service_code in denied
    )
    for entry in KEY
}


def is_consistent_addition(code: str, codes: frozenset[str] | set[str]) -> bool:
    return codes.issuperset(NEEDS.get(code, ())) and DENIED_BY[code].isdisjoint(codes)


def _depth(code: str) -> int:
    before = (*NEEDS.get(code, ()), *DENIED_BY[code])
    return 1 + max(map(_depth, before), default=-1)


CODES_BY_DEPTH = tuple(sorted((entry.service_code for entry in KEY), key=_depth))
