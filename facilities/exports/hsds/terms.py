"""The vocabulary of services as a taxonomy of HSDS: categories, and the services within them."""

from collections.abc import Mapping
from functools import cache

from ...taxonomy import VOCABULARY, Category, Service, ServiceSet
from .identifiers import taxonomy_id, term_id

NAME = "Services of substance use treatment"
DESCRIPTION = (
    "What facilities of substance use treatment offer, accept or refuse: the services of SAMHSA's "
    "National Directory under names that stay the same from year to year, and some that only the "
    "facility or a curator can state. Each name and description is also given in Spanish."
)


def taxonomy() -> dict:
    return {"id": taxonomy_id(), "name": NAME, "description": DESCRIPTION}


@cache
def taxonomy_terms() -> tuple[dict, ...]:
    """Return all terms, each category before its services."""
    return tuple(
        term
        for category in VOCABULARY.categories
        for term in (
            _category_term(category),
            *map(_service_term, VOCABULARY.in_category(category.code)),
        )
    )


@cache
def terms_by_id() -> Mapping[str, dict]:
    return {term["id"]: term for term in taxonomy_terms()}


@cache
def term_ids_by_code() -> Mapping[str, str]:
    """Return code of a term -> its identifier; a service before a category of the same code."""
    return {term["code"]: term["id"] for term in sorted(taxonomy_terms(), key=_is_service)}


def _is_service(term: Mapping[str, str]) -> bool:
    return "parent_id" in term


@cache
def service_terms_by_slug() -> Mapping[str, dict]:
    """Return slug of a service -> its term as attributes hold it, 60 to a facility: in short."""
    fields = ("id", "code", "name", "description", "taxonomy_id")
    return {
        term["code"]: {field: term[field] for field in fields}
        for term in taxonomy_terms()
        if "parent_id" in term
    }


@cache
def services_by_term() -> Mapping[str, ServiceSet]:
    """Return identifier of a term -> the service, or the services of the category."""
    services = {service_term_id(service): ServiceSet.of(service) for service in VOCABULARY}
    return services | {
        category_term_id(category): ServiceSet.of(*VOCABULARY.in_category(category.code))
        for category in VOCABULARY.categories
    }


@cache
def service_term_id(service: Service) -> str:
    return term_id(f"service:{service.slug}")


def category_term_id(category: Category) -> str:
    return term_id(f"category:{category.slug}")


def _category_term(category: Category) -> dict:
    return {
        "id": category_term_id(category),
        "code": category.slug,
        "name": category.label_en,
        "name_es": category.label_es,
        "description": f"A group of services: {category.label_en}.",
        "description_es": f"Un grupo de servicios: {category.label_es}.",
        "taxonomy": NAME,
        "taxonomy_id": taxonomy_id(),
        "language": "en",
    }


def _service_term(service: Service) -> dict:
    return {
        "id": service_term_id(service),
        "code": service.slug,
        "name": service.label_en,
        "name_es": service.label_es,
        "description": service.help_en or service.label_en,
        "description_es": service.help_es or service.label_es,
        "parent_id": category_term_id(service.category),
        "taxonomy": NAME,
        "taxonomy_id": taxonomy_id(),
        "language": "en",
    }
