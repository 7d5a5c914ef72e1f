"""The words for what facilities offer: services, sets of them, and what they answer."""

from .answers import (
    EXCLUSIVE_SERVICES,
    Answer,
    answer_for_service,
    contradictory_services,
    services_denied_by,
    services_that_decide_answers,
)
from .service_set import BITS, WORDS, ServiceSet, service_set
from .services import VOCABULARY, Category, Service, Vocabulary

__all__ = [
    "BITS",
    "EXCLUSIVE_SERVICES",
    "VOCABULARY",
    "WORDS",
    "Answer",
    "Category",
    "Service",
    "ServiceSet",
    "Vocabulary",
    "answer_for_service",
    "services_that_decide_answers",
    "contradictory_services",
    "services_denied_by",
    "service_set",
]
