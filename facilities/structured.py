"""A facility in schema.org's words, for search engines: only what the page itself shows."""

from .models import Facility
from .vocabulary import ServiceSet

HOSPITALS = ServiceSet.of("hospital-inpatient")


def described(facility: Facility, address: str) -> dict:
    """JSON-LD of a facility; ``address`` is the page's own. A confidential street stays out."""
    postal = {
        "@type": "PostalAddress",
        "addressLocality": facility.city,
        "addressRegion": facility.state,
        "addressCountry": "US",
    }
    described = {
        "@context": "https://schema.org",
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
    return described
