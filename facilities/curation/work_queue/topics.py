"""The topics of a call: the facts in each, and how fast they age."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ...rules.freshness import SERVICE_PREFIX
from ...rules.medications import INPUT_SERVICES
from ...taxonomy import ServiceSet
from ...taxonomy.groups import DETOX, MEDICATION_SERVICES, NO_MEDICATION, PAYMENTS


@dataclass(frozen=True)
class CallTopic:
    """One topic. ``facts``: fields; ``kind``: of freshness.max_age, by which the topic ages."""

    slug: str
    label: str | Promise
    kind: str
    facts: tuple[str, ...] = ()
    services: ServiceSet = ServiceSet()

    @property
    def weight(self) -> str:
        return f"{self.slug}-old"


PHONE_TOPIC = CallTopic("phone", _("Phone"), "phone", facts=("phone",))
CALL_TOPICS = (
    PHONE_TOPIC,
    CallTopic("address", _("Name and address"), "other", ("name", "street", "city", "zip")),
    CallTopic("detox", _("Detox"), "service", services=DETOX),
    CallTopic(
        "medication",
        _("Medications"),
        "service",
        services=MEDICATION_SERVICES | INPUT_SERVICES | NO_MEDICATION,
    ),
    CallTopic("payment", _("Payment accepted"), "payment", services=PAYMENTS),
)


def service_facts(services: ServiceSet) -> tuple[str, ...]:
    """Return services by the names that verifications use.

    >>> service_facts(ServiceSet.of("detox"))
    ('service:detox',)
    """
    return tuple(f"{SERVICE_PREFIX}{slug}" for slug in services.slugs())
