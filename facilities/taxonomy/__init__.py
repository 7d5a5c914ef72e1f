"""The words for what facilities offer: services, sets of them, and what they answer."""

from .answers import ONLY, Answer, answer, contradictions, denied_by
from .service_set import BITS, WORDS, ServiceSet, service_set
from .services import VOCABULARY, Category, Service, Vocabulary

__all__ = [
    "BITS",
    "ONLY",
    "VOCABULARY",
    "WORDS",
    "Answer",
    "Category",
    "Service",
    "ServiceSet",
    "Vocabulary",
    "answer",
    "contradictions",
    "denied_by",
    "service_set",
]
