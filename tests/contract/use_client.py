"""A search by the client that openapi-python-client makes: run with the site's address."""

import sys

from open_treatment_directory_client import Client
from open_treatment_directory_client.api.facilities import read_facility, search_facilities
from open_treatment_directory_client.models import (
    SearchFacilitiesMedicationItem as Medication,
)
from open_treatment_directory_client.models import SearchFacilitiesPaymentItem as Payment


def main(address: str) -> int:
    """Return how many the search found; fail where its facilities do not answer it."""
    client = Client(base_url=address, raise_on_unexpected_status=True)
    found = search_facilities.sync(
        client=client,
        medication=[Medication.METHADONE],
        payment=[Payment.MEDICAID],
        limit=5,
    )
    assert found.results, found
    for record in found.results:
        assert record.services["methadone"] == record.services["medicaid"] == "yes"
    complete = read_facility.sync(code=found.results[0].code, client=client)
    assert complete.facts[0].source.date
    return found.total


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1])}\n")
