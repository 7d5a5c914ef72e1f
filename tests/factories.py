"""Records for tests, made of what a test names and plain defaults for the rest."""

import itertools
import uuid
from datetime import date

from facilities.folding import fold
from facilities.geo import Point, unit_vector
from facilities.models import Facility, Release
from facilities.models.facility import code_of, id_of
from facilities.vocabulary import ServiceSet, denied_by

numbers = itertools.count()


def make_facility(
    *, name="Example House", program_name="", services="", latitude=None, longitude=None, **fields
) -> Facility:
    """A listed facility; ``services`` are slugs apart by spaces, a position sets its vector."""
    identity = uuid.uuid5(uuid.NAMESPACE_OID, str(next(numbers)))
    offered = ServiceSet.of(*services.split())
    if latitude is not None:
        x, y, z = unit_vector(Point(latitude, longitude))
        fields |= {"latitude": latitude, "longitude": longitude, "x": x, "y": y, "z": z}
        fields.setdefault("position_origin", "street")
    defaults = {
        "city": "Example City",
        "state": "NY",
        "zip": "10001",
        "denied_slugs": list(denied_by(offered).slugs()),
    }
    words = {f"w{number}": word for number, word in enumerate(offered.words())}
    return Facility.objects.create(
        id=id_of(identity),
        uuid=identity,
        code=code_of(identity),
        name=name,
        program_name=program_name,
        name_key=fold(f"{name} {program_name}"),
        **(defaults | words | fields),
    )


def make_release(
    *, source="directory", edition="2023", published_on=None, is_demonstration=False, **fields
) -> Release:
    return Release.objects.create(
        source=source,
        edition=edition,
        published_on=published_on or date(int(edition), 12, 31),
        file_name=f"{source}-{edition}.xlsx",
        sha256="0" * 64,
        is_demonstration=is_demonstration,
        **fields,
    )
