"""How people reach whoever runs the site."""

from django.conf import settings

WAYS_TO_REACH = ("https://", "http://", "mailto:")


def operator_contact() -> dict[str, str]:
    """Return ``contact``, an address to link to, and ``contact_words``; "" if there is none."""
    address = settings.CONTACT_URL
    return {
        "contact": address if address.startswith(WAYS_TO_REACH) else "",
        "contact_words": address.removeprefix("mailto:"),
    }
