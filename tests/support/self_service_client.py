"""A facility's update page as a browser fills it in and sends it."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.test import Client

from facilities.curation.self_service.links import create_link

OURS = {"Sec-Fetch-Site": "same-origin"}
URLENCODED = "application/x-www-form-urlencoded"


def address_for(facility, now) -> str:
    """The address of a new link."""
    _link, token = create_link(facility, sent_to="518-555-0101", by=None, now=now)
    return f"/update/?link={token}"


class _Fields(HTMLParser):
    """Collects the fields of the form of changes, as a browser would send them."""

    def __init__(self):
        super().__init__()
        self.fields: dict[str, str] = {}
        self.name = ""  # of the text area or the selection that is open

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and "name" in attrs:
            self.fields[attrs["name"]] = attrs.get("value") or ""
        elif tag in ("textarea", "select"):
            self.name = attrs["name"]
            self.fields[self.name] = ""
        elif tag == "option" and "selected" in attrs:
            self.fields[self.name] = attrs["value"]

    def handle_data(self, data):
        if self.lasttag == "textarea" and self.name:
            self.fields[self.name] = data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag in ("textarea", "select"):
            self.name = ""


def fields_in(html: str) -> dict[str, str]:
    """Return what the browser would send of the form of changes, nothing changed."""
    parser = _Fields()
    parser.feed(html[html.index('id="changes"') :].partition("</form>")[0])
    return parser.fields


def send(client, address, clock, *, visitor="203.0.113.9", seconds=20, **changes):
    html = client.get(address).content.decode()
    fields = fields_in(html) if 'id="changes"' in html else {}
    token = re.search(r'name="form_token" value="([^"]+)"', html)[1]
    clock.shift(timedelta(seconds=seconds))
    fields |= {"form_token": token, "act": "changes"} | changes
    return Client(enforce_csrf_checks=True).post(
        address, urlencode(fields), content_type=URLENCODED, headers=OURS,
        REMOTE_ADDR=visitor,
    )  # fmt: skip


def today(client, address, clock, **fields):
    return send(client, address, clock, **{"act": "today", "can_admit": "yes", "hours": 8} | fields)
