"""A facility's update page as a browser fills it in and sends it."""

import re
from datetime import timedelta
from urllib.parse import urlencode

from django.test import Client

from facilities.curation.self_service.links import create_link

OURS = {"Sec-Fetch-Site": "same-origin"}
URLENCODED = "application/x-www-form-urlencoded"


def address_for(facility, now) -> str:
    """The address of a new link."""
    _link, token = create_link(facility, sent_to="518-555-0101", by=None, now=now)
    return f"/update/?link={token}"


def fields_in(html: str) -> dict[str, str]:
    """What the browser would send of the form of changes, nothing changed."""
    form = html[html.index('id="changes"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    texts = dict(re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', form))
    areas = dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form))
    selects = re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', form)
    chosen = {name: re.search(r'value="(\w+)" selected', body)[1] for name, body in selects}
    return hidden | texts | areas | chosen


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
