"""How settings are read from the environment: a bad value stops the start and is named."""

import json
import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool) -> bool:
    """Read a yes/no setting; anything but 1/0, true/false, yes/no, on/off is refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def words(name: str, default: str = "") -> list[str]:
    """Read a comma-separated list; empty entries are dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {least} to {most}, not {value!r}."
        )
    return int(value)


def records(name: str, keys: tuple[str, ...]) -> list[dict[str, str]]:
    """Read a JSON list of objects that each have exactly ``keys``, all text."""
    value = text(name, "[]")
    try:
        entries = json.loads(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not JSON: {error}.") from None
    wanted = f"{name} must be a JSON list of objects with the keys {', '.join(keys)}, all text."
    if not isinstance(entries, list):
        raise ImproperlyConfigured(wanted)
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != set(keys):
            raise ImproperlyConfigured(wanted)
        if not all(isinstance(value, str) and value.strip() for value in entry.values()):
            raise ImproperlyConfigured(wanted)
    return entries
