"""The words for what facilities offer: services, sets of them, and what they answer."""

from .answers import ONLY, Answer, answer, contradictions, denied_by
from .services import VOCABULARY, Category, Service, Vocabulary
from .serviceset import BITS, WORDS, ServiceSet, services

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
    "services",
]
