"""What a facility's services answer about one of them: yes, no, not listed, or nobody has said.

How denials are read. "Does not treat opioid use disorder" and its like deny each service named in
their ``denies``; what several of them deny is united. "Alcohol only" and "opioids only" each allow
one group of people, so a facility that ticks both takes both groups, and only what *all* of them
deny is denied. "Impaired-driving clients only" says who comes, not for which substance: it denies
nothing by itself, yet it excludes, and stands in ``ONLY``.

The choices behind ``denies`` in services.csv:

- *No opioid treatment* denies opioid detox, opioid treatment programs, methadone, buprenorphine and
  lofexidine in every form. It leaves naltrexone and clonidine alone: both are used for more than
  opioids (41 and 99 of the 890 facilities of 2023 that say so list them).
- *No medication for opioid use* denies methadone, buprenorphine and naltrexone used in treatment,
  prescribed, started or as maintenance. It does not deny what may serve withdrawal alone (detox
  with methadone or buprenorphine, their doses and tablets), naltrexone as a medicine for alcohol,
  accepting people whose medication is prescribed elsewhere, or continuing it: "does not use" is
  not "does not allow".
- *No alcohol treatment* denies alcohol detox, medication for alcohol whoever prescribes it, and
  "alcohol only"; *no alcohol medication* denies prescribing it, acamprosate and disulfiram.
  Naltrexone is left alone by both.
- *Alcohol only* denies detox from other drugs and opioid treatment; *opioids only* denies detox
  from other substances and alcohol medication prescribed there.
- *Not allowed* for a medication denies starting and continuing it.
"""

from enum import Enum
from functools import cache, reduce
from operator import and_

from .service_set import ServiceSet, union_of_services
from .services import VOCABULARY, Service

EXCLUSIVE_SERVICES = ServiceSet.of("alcohol-only", "opioid-only", "impaired-driving-only")
_ONE_SUBSTANCE = ServiceSet.of("alcohol-only", "opioid-only")
_DENIED_BY = {service: ServiceSet.of(*service.denies) for service in VOCABULARY if service.denies}
_DENIERS = ServiceSet.of(*_DENIED_BY)
_CLOSED = {
    category: ServiceSet.of(*VOCABULARY.in_category(category.code))
    for category in VOCABULARY.categories
    if category.closed
}


class Answer(Enum):
    """The answers a facility can give about a service. Absence is never "no" by itself."""

    YES = "yes"
    NO = "no"
    NOT_LISTED = "not-listed"
    NOT_REPORTED = "not-reported"


def answer_for_service(service: Service, offered: ServiceSet, denied: ServiceSet) -> Answer:
    if service in offered:
        return Answer.YES
    if service in denied:
        return Answer.NO
    closed = _CLOSED.get(service.category)
    if closed is not None and not offered.isdisjoint(closed):
        return Answer.NOT_LISTED
    return Answer.NOT_REPORTED


@cache
def services_that_decide_answers(services: ServiceSet) -> ServiceSet:
    """Return what may be offered that decides the answers for these services."""
    closed = (_CLOSED.get(service.category, ServiceSet()) for service in services)
    return services | union_of_services(closed)


def services_denied_by(offered: ServiceSet) -> ServiceSet:
    """Return what the services offered deny, without what is offered all the same."""
    return union_of_services(_denials(offered).values()) - offered


def contradictory_services(offered: ServiceSet) -> tuple[tuple[Service, Service], ...]:
    """Return pairs of a service that denies and the one it denies, both offered: to ask about."""
    return tuple(
        (denier, denied)
        for denier, services in _denials(offered).items()
        for denied in services & offered
    )


def _denials(offered: ServiceSet) -> dict[Service, ServiceSet]:
    deniers = offered & _DENIERS
    denials = {denier: _DENIED_BY[denier] for denier in deniers}
    only = deniers & _ONE_SUBSTANCE
    if only:
        shared = reduce(and_, (_DENIED_BY[one] for one in only))
        denials |= dict.fromkeys(only, shared)
    return denials
