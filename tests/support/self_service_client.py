"""A facility's update page as a browser fills it in and sends it."""

from datetime import timedelta
from urllib.parse import urlencode

from django.test import Client

from facilities.curation.self_service.links import create_update_link

from .html import Page

OURS = {"Sec-Fetch-Site": "same-origin"}
FORM = "[aria-labelledby=changes] form"
URLENCODED = "application/x-www-form-urlencoded"


def address_for(facility, now) -> str:
    """The address of a new link."""
    _link, token = create_update_link(facility, sent_to="518-555-0101", by=None, now=now)
    return f"/update/?link={token}"


def fields_in(html: str) -> dict[str, str]:
    """Return what the browser would send of the form of changes, nothing changed."""
    return Page(html).form(FORM)


def send(client, address, clock, *, visitor="203.0.113.9", seconds=20, **changes):
    page = Page(client.get(address))
    fields = page.form(FORM) if page.all(FORM) else {}
    token = page.all("input[name=form_token]")[0].attributes["value"]
    clock.shift(timedelta(seconds=seconds))
    fields |= {"form_token": token, "act": "changes"} | changes
    return Client(enforce_csrf_checks=True).post(
        address, urlencode(fields), content_type=URLENCODED, headers=OURS,
        REMOTE_ADDR=visitor,
    )  # fmt: skip


def today(client, address, clock, **fields):
    return send(client, address, clock, **{"act": "today", "can_admit": "yes", "hours": 8} | fields)
