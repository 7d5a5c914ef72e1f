"""Prints the cookie of a new curator, then key and slug of the facilities that they work on."""

from facilities.models import Facility
from tests.support.accounts import client_of, staff_member

FACILITIES = 20

if __name__ == "__main__":
    print(client_of(staff_member("curator", name="load")).cookies["staff"].value)
    for facility in Facility.objects.listed().order_by("pk")[:FACILITIES]:
        print(facility.pk, facility.slug)
