"""Pages in schema.org's words, for search engines: only what the page itself shows."""

from ..guidance.guides.reader import Guide
from ..models import Facility
from ..taxonomy import ServiceSet
from ..taxonomy.groups import CARD_PAYMENTS, MEDICATION_SERVICES, service_labels
from .card import describe_source

CONTEXT = {"@context": "https://schema.org"}
HOSPITALS = ServiceSet.of("hospital-inpatient")
KINDS = ServiceSet.of("hospital-inpatient", "residential", "outpatient", "detox")


def facility_json_ld(facility: Facility, address: str) -> dict:
    """``address`` is the page's own. A confidential street stays out."""
    postal = {
        "@type": "PostalAddress",
        "addressLocality": facility.city,
        "addressRegion": facility.state,
        "addressCountry": "US",
    }
    described = CONTEXT | {
        "@type": "MedicalClinic" if not facility.offered & HOSPITALS else "Hospital",
        "@id": address,
        "url": address,
        "name": facility.name,
        "address": postal,
    }
    if not facility.is_address_confidential:
        postal |= {
            "streetAddress": ", ".join(filter(None, (facility.street, facility.street2))),
            "postalCode": facility.zip,
        }
        if facility.point and not facility.is_approximate:
            described["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": facility.latitude,
                "longitude": facility.longitude,
            }
    if facility.phone:
        described["telephone"] = facility.phone
    if facility.website:
        described["sameAs"] = facility.website
    return described


def facility_meta_description(facility: Facility, language: str) -> str:
    offered = facility.offered
    kinds = [*service_labels(offered & KINDS, language)]
    sentences = (
        f"{', '.join(kinds)} ({facility.city}, {facility.state})" if kinds else "",
        ", ".join(service_labels(offered & MEDICATION_SERVICES, language)),
        ", ".join(service_labels(offered & CARD_PAYMENTS, language)),
    )
    return (
        " ".join(f"{words}." for words in sentences if words)
        + " "
        + describe_source(facility, language)
    )


def website_json_ld(name: str, address: str, language: str) -> dict:
    return CONTEXT | {"@type": "WebSite", "name": name, "url": address, "inLanguage": language}


def article_json_ld(guide: Guide, address: str, language: str) -> dict:
    return CONTEXT | {
        "@type": "MedicalWebPage",
        "name": guide.title,
        "description": guide.description,
        "url": address,
        "inLanguage": language,
        "lastReviewed": guide.reviewed_on.isoformat(),
        "citation": [source.address for source in guide.sources],
    }
