"""An administrator's way of loading a release: the file sent, then "Load it" pressed."""

from django.urls import reverse

from .background import run_jobs
from .releases import read_edition

UPLOAD = "admin:facilities_release_upload"


def send(client, folder, year: int, *lines, **fields) -> str:
    """Upload an edition, without lines the file written before; the page that shows it."""
    if lines:
        read_edition(folder, year, *lines)
    with (folder / f"directory-{year}.xlsx").open("rb") as workbook:
        answer = client.post(reverse(UPLOAD), {"workbook": workbook, **fields})
    assert answer.status_code == 302, answer.context["form"].errors
    run_jobs()
    return client.get(answer["Location"])["Location"]


def look(client, address: str):
    """Open the page of what a file would change, once that is worked out."""
    page = client.get(address, follow=True)
    if not page.redirect_chain:
        return page
    run_jobs()
    return client.get(address)


def asked(client, address: str, **decisions):
    """Press "Load it" on the page, having seen what it shows; the page of what came of it."""
    seen = look(client, address).context["seen"]
    return press(client, address, do="load", seen=seen, **decisions)


def press(client, address: str, **posted):
    """Press a button of the page; the page that follows, once background work is done."""
    answer = client.post(address, posted)
    if answer.status_code != 302:
        return answer
    run_jobs()
    return client.get(answer["Location"], follow=True)
