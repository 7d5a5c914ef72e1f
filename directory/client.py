"""Where a request comes from: read through as many proxies as are configured, and never logged."""

from django.conf import settings


def address(request) -> str:
    """The client's address: the last hop, or what the outermost of our own proxies wrote down."""
    if not settings.PROXY_COUNT:
        return request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop]
    if len(hops) < settings.PROXY_COUNT:
        return request.META.get("REMOTE_ADDR", "")
    return hops[-settings.PROXY_COUNT]
