"""Where a request comes from: read through as many proxies as are configured, and never logged."""

import ipaddress

from django.conf import settings

HOUSEHOLD_BITS = 64  # of an IPv6 address; the rest a device may choose as it likes


def client_network(request) -> str:
    """Return the client's address, of IPv6 that of its network, whatever proxies are between.

    Everything that counts or locks by address goes by this one. What is no address is given as it
    came.
    """
    client = client_address(request)
    try:
        found = ipaddress.ip_address(client)
    except ValueError:
        return client
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    network = ipaddress.ip_network((found, HOUSEHOLD_BITS), strict=False)
    return str(network.network_address)


def client_address(request) -> str:
    """The client's address: the last hop, or what the outermost of our own proxies wrote down."""
    last_hop = request.META.get("REMOTE_ADDR", "")
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    if not 0 < settings.TRUSTED_PROXY_COUNT <= len(hops):
        return last_hop
    hop = hops[-settings.TRUSTED_PROXY_COUNT].strip()
    return hop if is_address(hop) else last_hop


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
