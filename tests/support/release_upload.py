"""An administrator's way of loading a release: the file sent, then "Load it" pressed."""

from django.urls import reverse

from .releases import read_edition

UPLOAD = "admin:facilities_release_upload"


def send(client, folder, year: int, *lines, **fields) -> str:
    """Upload an edition; the address of the page that shows it."""
    read_edition(folder, year, *lines)
    with (folder / f"directory-{year}.xlsx").open("rb") as workbook:
        answer = client.post(reverse(UPLOAD), {"workbook": workbook, **fields})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]


def asked(client, address: str, **decisions):
    """Press "Load it" on the page, having seen what it shows."""
    seen = client.get(address).context["seen"]
    return client.post(address, {"do": "load", "seen": seen, **decisions}, follow=True)
