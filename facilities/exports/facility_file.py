"""Everything that is kept about one facility, for whoever has a right to see it all.

It follows each relation of a facility in the database, so that a new table is in it by itself.
Left out is what opens something to whoever knows it, and who somebody who reported is.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models

from ..curation.dossier import Dossier, read_dossier
from ..curation.history import FactEvent, read_events
from ..facts.registry import FACTS
from ..models import Facility, Release, Verification

SECRET_FIELDS = frozenset({"token_hash", "receipt", "contact"})


def facility_file(facility: Facility, now: datetime) -> dict[str, Any]:
    """Return plain values, dates and moments: the encoder of Django writes them as JSON."""
    dossier = read_dossier(facility, today=now.date())
    return {
        "exported_at": now,
        "facility": _record(facility),
        "services": {
            "offered": list(facility.offered.slugs()),
            "denied": list(facility.denied.slugs()),
        },
        "facts": [*_facts(dossier)],
        "history": [_event(event) for event in read_events(facility)],
        "records": dict(_related_records(facility)),
    }


def _facts(dossier: Dossier) -> Iterator[dict[str, Any]]:
    for fact in (*FACTS, *sorted(dossier.current_checks.keys() - FACTS.keys())):
        check = dossier.current_checks.get(fact)
        yield {
            "fact": fact,
            "shown": dossier.shown_value(fact),
            "files_say": dossier.source_value(fact),
            "checked_at": check.checked_at if check else None,
            "method": check.method if check else None,
        }


def _event(event: FactEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "kind": event.kind,
        "by": _person(event.check, event.kind) or event.role,
        "fact": event.fact,
        "before": event.before,
        "after": event.after,
        "release": str(event.release) if event.release else None,
        "note": event.note,
    }


def _person(check: Verification | None, kind: str) -> str:
    if check is None:
        return ""
    user = check.reverted_by if kind == "taken_back" else check.checked_by
    return user.get_username() if user else ""


def _related_records(facility: Facility) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield (table, its records about the facility); records of two facilities are in it too."""
    paths: dict[type[models.Model], list[str]] = {}
    for relation in Facility._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel):
            paths.setdefault(relation.related_model, []).append(relation.field.name)
    for model, names in sorted(paths.items(), key=lambda item: item[0]._meta.model_name):
        condition = models.Q(*((name, facility.pk) for name in names), _connector=models.Q.OR)
        records = model._base_manager.filter(condition).order_by("pk")
        to_one = [field.name for field in model._meta.concrete_fields if _is_named(field)]
        if found := [_record(record) for record in records.select_related(*to_one)]:
            yield model._meta.model_name, found


def _is_named(field: models.Field) -> bool:
    """Whether a key is of a person or a release, which is written by its name."""
    return field.related_model in (get_user_model(), Release)


def _record(record: models.Model) -> dict[str, Any]:
    values = {}
    for field in record._meta.concrete_fields:
        if field.name in SECRET_FIELDS:
            continue
        if _is_named(field):
            related = getattr(record, field.name)
            values[field.name] = str(related) if related else None
        else:
            values[field.name] = getattr(record, field.attname)
    return values
