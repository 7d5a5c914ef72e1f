"""Services of a listing that do not match the credentials we know of, for curators to ask about.

The rules are this table. What a listing says against itself in its services alone is in
``rules/inconsistencies.py``, and asked in public; these rules need papers that somebody saw.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from ..models import Credential, Facility
from ..taxonomy import ServiceSet

LICENSE_TYPES = ServiceSet.of(
    "state-substance-agency", "state-health", "state-mental-health", "hospital-licence"
)


@dataclass(frozen=True)
class CredentialRule:
    """Something offered that needs a paper: one of ``papers`` listed, or a current credential.

    ``bodies`` are parts of names of those who issue such credentials; empty: any of that kind.
    """

    offered: ServiceSet
    papers: ServiceSet
    kind: str
    bodies: tuple[str, ...]
    sentence: str

    def is_violated(self, facility: Facility, current: Iterable[Credential]) -> bool:
        if not facility.offered & self.offered or facility.offered & self.papers:
            return False
        return not any(self.is_satisfied_by(credential) for credential in current)

    def is_satisfied_by(self, credential: Credential) -> bool:
        body = credential.issuer.casefold()
        named = any(part in body for part in self.bodies) or not self.bodies
        return credential.kind == self.kind and named


CREDENTIAL_RULES = (
    CredentialRule(
        ServiceSet.of("residential-detox", "hospital-detox"),
        LICENSE_TYPES,
        Credential.Kind.LICENSE,
        (),
        _("It offers overnight detox, but neither the file nor we know of a license."),
    ),
    CredentialRule(
        ServiceSet.of("opioid-treatment-program"),
        ServiceSet.of("samhsa-otp-certification"),
        Credential.Kind.CERTIFICATION,
        ("samhsa",),
        _("It is listed as an opioid treatment program without SAMHSA’s certification."),
    ),
)
# Service that claims an accreditation -> part of the name of the body that gives it
CREDENTIAL_CLAIMS = {
    "joint-commission": "joint commission",
    "carf": "carf",
    "coa": "council on accreditation",
}
EXPIRED_ACCREDITATION_WARNING = _(
    "The file says that it is accredited by %(body)s; the one we saw expired on %(day)s."
)


def credential_contradictions(
    facility: Facility, credentials: Iterable[Credential], today: date
) -> tuple[str, ...]:
    credentials = list(credentials)
    current = [each for each in credentials if each.is_current(today)]
    broken = [
        str(rule.sentence) for rule in CREDENTIAL_RULES if rule.is_violated(facility, current)
    ]
    return (*broken, *_expired(facility, credentials, current))


def _expired(facility: Facility, credentials: list[Credential], current: list[Credential]):
    for slug, part in CREDENTIAL_CLAIMS.items():
        seen = [each for each in credentials if part in each.issuer.casefold()]
        if slug in facility.offered and seen and not any(each in current for each in seen):
            newest = max(seen, key=lambda each: each.expires_on)
            yield EXPIRED_ACCREDITATION_WARNING % {
                "body": newest.issuer,
                "day": newest.expires_on.isoformat(),
            }
