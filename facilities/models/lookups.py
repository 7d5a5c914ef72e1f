"""Conditions on the bit columns of a facility."""

from django.db.models import Q

from ..taxonomy import ServiceSet


def offers_any(services: ServiceSet) -> Q:
    """Match facilities that offer at least one of ``services``; none for an empty set."""
    condition = Q()
    for position, bits in enumerate(services.words()):
        if bits:
            condition |= Q(**{f"service_bits_{position}__overlaps": bits})
    return condition or Q(pk__in=[])
