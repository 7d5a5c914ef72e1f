"""Permanent identifiers of HSDS's objects: they follow from the facility or the name alone."""

import uuid
from hashlib import sha1

NAMESPACE = uuid.UUID("0c8a5f1e-4a5b-5d0e-8f27-6a1d3b9c7e42")  # ours; never to be changed


def organization_id(name: str) -> str:
    """Return the identifier of whoever operates facilities under exactly this name."""
    return str(uuid.uuid5(NAMESPACE, f"organization:{name}"))


def part_id(facility: uuid.UUID, part: str) -> str:
    """Return the identifier of a part of a facility's record, such as "phone:main".

    It is ``uuid.uuid5(facility, part)``, without an object for each of 800,000 attributes.
    """
    digest = sha1(facility.bytes + part.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def taxonomy_id() -> str:
    return str(uuid.uuid5(NAMESPACE, "taxonomy:services"))


def term_id(name: str) -> str:
    """Return the identifier of a term: "service:methadone" or "category:opioid-medications"."""
    return str(uuid.uuid5(NAMESPACE, f"term:{name}"))
