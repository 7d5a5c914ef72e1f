"""Which machines a visit may reach, and which domains belong together. No I/O but the resolver.

A facility's website, or a redirect from it, may name any machine. Only those on the public
internet are visited, and the one that was judged is the one that is connected to.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence

Resolver = Callable[[str, int], Sequence[str]]

# Names below which everybody may have a site of their own, so that neighbors are strangers.
SHARED = (
    "blogspot.com", "facebook.com", "github.io", "godaddysites.com", "google.com", "netlify.app",
    "sharepoint.com", "square.site", "squarespace.com", "tumblr.com", "webador.com", "weebly.com",
    "wixsite.com", "wordpress.com",
)  # fmt: skip
# What stands before a country's two letters where the third part tells who it is: example.co.uk
SECOND_LEVEL = ("ac", "co", "com", "edu", "gov", "net", "org")


class NotPublicAddress(Exception):
    """The name leads to a machine that is not on the public internet."""


def resolve_public_host(host: str, port: int) -> list[str]:
    """Return the addresses of a host as the system resolves them. Raises OSError without any."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public_ip(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    >>> [is_public_ip(ip) for ip in ("93.184.216.34", "169.254.169.254", "::ffff:10.0.0.1")]
    [True, False, False]
    """
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(number, "ipv4_mapped", None) or getattr(number, "sixtofour", None)
    if inner is not None:
        return is_public_ip(str(inner))
    return number.is_global and not number.is_multicast and not _embeds_ipv4(number)


def _embeds_ipv4(number) -> bool:
    """Whether it is an IPv4 address inside a NAT64 address, which could lead anywhere."""
    return number.version == 6 and number in ipaddress.ip_network("64:ff9b::/32")


def have_same_registered_domain(one: str, other: str) -> bool:
    """Whether two hosts most likely have one owner: the same registered domain.

    >>> have_same_registered_domain("www.example.org", "help.example.org")
    True
    >>> have_same_registered_domain("one.wixsite.com", "other.wixsite.com")
    False
    """
    one, other = (host.lower().rstrip(".").removeprefix("www.") for host in (one, other))
    if one == other or "." not in one or "." not in other:
        return one == other
    return _domain(one) == _domain(other)


def _domain(host: str) -> str:
    parts = host.split(".")
    is_country = len(parts[-1]) == 2
    if ".".join(parts[-2:]) in SHARED or (is_country and parts[-2] in SECOND_LEVEL):
        return ".".join(parts[-3:])
    if parts[-1] == "us" and len(parts[-2]) == 2:
        return ".".join(parts[-4:])  # a county or city: co.example.oh.us
    return ".".join(parts[-2:])
