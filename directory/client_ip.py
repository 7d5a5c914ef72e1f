"""Where a request comes from: read through as many proxies as are configured, and never logged."""

from ipaddress import ip_address

from django.conf import settings


def address(request) -> str:
    """The client's address: the last hop, or what the outermost of our own proxies wrote down."""
    last_hop = request.META.get("REMOTE_ADDR", "")
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    if not 0 < settings.TRUSTED_PROXY_COUNT <= len(hops):
        return last_hop
    hop = hops[-settings.TRUSTED_PROXY_COUNT].strip()
    return hop if is_address(hop) else last_hop


def is_address(words: str) -> bool:
    try:
        ip_address(words)
    except ValueError:
        return False
    return True
