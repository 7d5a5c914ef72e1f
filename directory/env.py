"""How settings are read from the environment: an invalid value stops the start and is named.

environs reads what is general: yes and no, numbers, lists, JSON. Passwords are part of some values:
a message quotes only values that cannot hold one.
"""

import importlib.util
import os
import re
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, validate

from .sqlite_file import ExistingFile

TRUE = {"1", "true", "True", "yes", "Yes", "on", "On", "TRUE", "YES", "ON"}
FALSE = {"0", "false", "False", "no", "No", "off", "Off", "FALSE", "NO", "OFF", ""}
# Of PostgreSQL, for every connection: what waits for a lock, or forgot to end a transaction, ends.
SERVER_SETTINGS = {"lock_timeout": "20s", "idle_in_transaction_session_timeout": "10min"}
SEVERAL_HOSTS_AGE = 5  # seconds that a connection is kept
MAIL_PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
RENAMED = {
    "PROXY_COUNT": "TRUSTED_PROXY_COUNT",
    "SHELF_LIVES": "FACT_MAX_AGE",
    "UPLOADS": "UPLOAD_ROOT",
}

env = Env()


def refuse_renamed() -> None:
    """Stop the start where a setting goes by an old name: it would be ignored without a word."""
    for old, new in RENAMED.items():
        if old in os.environ:
            raise ImproperlyConfigured(f"{old} is now called {new}: rename it.")


def text(name: str, default: str = "") -> str:
    return env.str(name, default).strip()


def is_strong_key(key: str) -> bool:
    """Tell whether a key is long enough and not the same few characters."""
    return len(key) >= 50 and len(set(key)) >= 5


def former_keys(name: str) -> list[str]:
    """Read the keys that were used before; the messages never quote one."""
    keys = words(name, "")
    if not all(map(is_strong_key, keys)):
        raise ImproperlyConfigured(
            f"{name} must list former keys, separated by commas, each as long as SECRET_KEY."
        )
    return keys


def choice(name: str, choices: tuple[str, ...]) -> str:
    """Read one of ``choices``; the first is the default."""
    value = text(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {value!r}.")
    return value


def require_package(name: str, module: str, *, extra: str) -> None:
    """Stop the start where a setting needs a package that only some installations have."""
    if not importlib.util.find_spec(module):
        raise ImproperlyConfigured(
            f"{name} needs more packages: run `pip install '.[{extra}]'` in the environment."
        )


def metrics_folder() -> str:
    """Return the folder in which processes add up what they measured.

    prometheus_client reads its name from the environment, as soon as it is imported.
    """
    return os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="metrics-"))


def token(name: str) -> str:
    """Read a secret that a program sends; none by default. The message never quotes it."""
    secret = text(name)
    if secret and (len(secret) < 32 or not secret.isascii() or " " in secret):
        raise ImproperlyConfigured(f"{name} must be at least 32 letters, digits and signs.")
    return secret


def storage(name: str) -> dict[str, Any]:
    """Read where files are kept into one of Django's STORAGES; nothing without an address.

    A folder is file:///folder, an S3-compatible bucket s3://bucket/prefix?endpoint=https://host.
    The bucket's keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which boto3 reads.
    """
    address = text(name)
    if not address:
        return {}
    parts = urlsplit(address)
    if parts.scheme == "file" and not parts.netloc and len(parts.path) > 1:
        options = {
            "location": unquote(parts.path),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    endpoint = dict(parse_qsl(parts.query)).get("endpoint")
    if parts.scheme != "s3" or not parts.hostname or parts.username or parts.port:
        raise ImproperlyConfigured(
            f"{name} must look like file:///folder or s3://bucket/prefix?endpoint=https://host."
        )
    require_package(name, "storages", extra="s3")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.hostname,
            "location": parts.path.strip("/"),
            "endpoint_url": endpoint,
            "file_overwrite": False,
            "default_acl": None,
        },
    }


def public_key(name: str) -> str:
    """Read the public half of an age key; none by default."""
    key = text(name)
    if key:
        require_package(name, "pyrage", extra="encryption")
        if not re.fullmatch(r"age1[a-z0-9]{58}", key):
            raise ImproperlyConfigured(f"{name} must be the public half of an age key (age1…).")
    return key


def flag(name: str, *, default: bool) -> bool:
    """Read a yes/no setting; anything but 1/0, true/false, yes/no, on/off is refused."""
    try:
        # environs passes these on to marshmallow; its types do not know them.
        return env.bool(name, default, truthy=TRUE, falsy=FALSE)  # type: ignore[call-overload]
    except EnvValidationError:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {os.environ[name]!r}.") from None


def words(name: str, default: str, *, delimiter: str = ",") -> list[str]:
    """Read a list; empty entries are dropped."""
    entries = env.list(name, default.split(delimiter), subcast=str.strip, delimiter=delimiter)
    return [entry for entry in entries if entry]


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    try:
        return env.int(name, default, validate=validate.Range(least, most))
    except EnvValidationError:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {least} to {most}, not {os.environ[name]!r}."
        ) from None


def json_value(name: str, default: Any) -> Any:
    try:
        return env.json(name, default)
    except EnvValidationError:
        raise ImproperlyConfigured(f"{name} is not JSON.") from None


def records(name: str, keys: tuple[str, ...]) -> list[dict[str, str]]:
    """Read a JSON list of objects that each have exactly ``keys``, all text."""
    entries = json_value(name, [])
    wanted = f"{name} must be a JSON list of objects with the keys {', '.join(keys)}, all text."
    if not isinstance(entries, list):
        raise ImproperlyConfigured(wanted)
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != set(keys):
            raise ImproperlyConfigured(wanted)
        if not all(isinstance(value, str) and value.strip() for value in entry.values()):
            raise ImproperlyConfigured(wanted)
    return entries


def notices(name: str, kinds: tuple[str, ...]) -> list[dict[str, str]]:
    """Read a JSON list of notices: each of a kind, in a language such as "es", with its text."""
    entries = records(name, ("kind", "language", "text"))
    for entry in entries:
        if entry["kind"] not in kinds:
            raise ImproperlyConfigured(
                f"{name} knows the kinds {', '.join(kinds)}, not {entry['kind']!r}."
            )
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", entry["language"]):
            raise ImproperlyConfigured(
                f'{name} must give languages such as "es", not {entry["language"]!r}.'
            )
    return entries


def durations(name: str, kinds: tuple[str, ...]) -> dict[str, timedelta]:
    """Read a JSON object such as {"phone": "90 days"}; what it leaves out keeps its default."""
    entries = json_value(name, {})
    if not isinstance(entries, dict) or not set(entries) <= set(kinds):
        raise ImproperlyConfigured(
            f"{name} must be a JSON object with any of the keys {', '.join(kinds)}."
        )
    return {kind: duration(f"{name} ({kind})", entry) for kind, entry in entries.items()}


def duration(name: str, value: object) -> timedelta:
    """Read "180 days" or "8 hours"; at least one hour, at most ten years."""
    found = re.fullmatch(r"([1-9][0-9]{0,4}) (day|hour)s?", str(value), re.ASCII)
    length = timedelta(**{f"{found[2]}s": int(found[1])}) if found else None
    if length is None or length > timedelta(days=3_650):
        raise ImproperlyConfigured(
            f'{name} must be a time such as "180 days" or "8 hours", not {value!r}.'
        )
    return length


def hosts(name: str, default: str) -> list[str]:
    """Read host names; addresses with a scheme, a path or a lone "*" are refused."""
    names = words(name, default)
    for host in names:
        if host == "*" or "/" in host or " " in host:
            raise ImproperlyConfigured(
                f"{name} must list host names such as example.org, separated by commas, "
                f"not {host!r}."
            )
    if not names:
        raise ImproperlyConfigured(f"{name} must name at least one host.")
    return names


def origins(name: str) -> list[str]:
    """Read origins of the web, such as https://county.example.org: no path, nobody's password."""
    found = words(name, "")
    for origin in found:
        if not re.fullmatch(r"https://[a-z0-9.-]+\.[a-z0-9-]+(:[0-9]{1,5})?", origin):
            raise ImproperlyConfigured(
                f"{name} must list origins such as https://county.example.org, separated by "
                f"commas, not {origin!r}."
            )
    return found


def secure_page(name: str, default: str) -> str:
    """Read the address of a page on the web: https, a full host name, nobody's password."""
    address = text(name, default)
    try:
        parts = urlsplit(address)
        is_page = parts.scheme == "https" and not parts.username and not parts.password
        is_page = is_page and "." in (parts.hostname or "") and parts.port in (None, 443)
    except ValueError:
        is_page = False
    if not is_page or any(sign.isspace() for sign in address):
        raise ImproperlyConfigured(
            f"{name} must be the address of a page, such as https://www.example.org/."
        )
    return address


def is_secure(scheme: str, host: str) -> bool:
    """Whether nobody on the way can read along: HTTPS, or this very machine."""
    return scheme == "https" or (scheme == "http" and host in LOOPBACK)


def issuer(name: str) -> str:
    """Read the address by which an identity provider names itself; none by default.

    Kept letter for letter, a slash at its end too: what the provider signs must name the same.
    """
    address = text(name)
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host, scheme = parts.hostname or "", parts.scheme
        is_clean = parts.port != 0 and not re.search(r"[\s?#@]", address)
    except ValueError:
        host, scheme, is_clean = "", "", False
    if not host or not is_secure(scheme, host) or not is_clean:
        raise ImproperlyConfigured(
            f"{name} must be an address such as https://login.example.org/realms/county."
        )
    return address


def required(name: str, *, by: str) -> str:
    """Read a text without which another setting does not work. The message never quotes it."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is needed where {by} is set.")
    return value


def roles_of_groups(name: str, roles: tuple[str, ...]) -> dict[str, str]:
    """Read a JSON object such as {"dir-editors": "editor"}: a group -> one of ``roles``."""
    entries = json_value(name, {})
    if (
        not isinstance(entries, dict)
        or not entries
        or not all(role in roles for role in entries.values())
    ):
        raise ImproperlyConfigured(
            f"{name} must be a JSON object of groups and roles, such as "
            f'{{"directory-staff": "{roles[0]}"}}; the roles are {", ".join(roles)}.'
        )
    return entries


def tiles(name: str) -> dict[str, str]:
    """Read where the map page may fetch its background; nothing without an address.

    ``url`` is a template with {z}, {x} and {y} or one file ending in .pmtiles; ``origin`` is what
    the security policy must allow, "" where the tiles are this site's own.
    """
    address = text(name)
    if not address:
        return {}
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not a web address.") from None
    is_archive = parts.path.endswith(".pmtiles")
    is_template = all(address.count(part) == 1 for part in ("{z}", "{x}", "{y}"))
    is_own = not parts.scheme and not host and re.match(r"/[^/\\]", address)
    if (
        is_archive == is_template
        or not (is_own or (is_secure(parts.scheme, host) and re.fullmatch(r"[a-z0-9.:-]+", host)))
        or parts.username is not None
        or re.search(r"[\s;,\"'<>]|\{s\}", address)
    ):
        raise ImproperlyConfigured(
            f"{name} must look like https://tiles.example.org/{{z}}/{{x}}/{{y}}.png or "
            "https://tiles.example.org/area.pmtiles, or begin with / for this site's own; one "
            "host, over https, without a user name."
        )
    named = f"[{host}]" if ":" in host else host
    return {
        "url": address,
        "kind": "archive" if is_archive else "raster",
        "host": host,
        "origin": f"{parts.scheme}://{named}{f':{port}' if port else ''}" if host else "",
    }


def mail_server(name: str) -> dict[str, Any]:
    """Read an address of a mail server into Django's settings; none without one.

    smtp:// turns to TLS before it says anything, smtps:// begins with it; only a server on this
    machine may do without. ``from`` is the address that mail is sent from.
    """
    address = text(name)
    if not address:
        return {}
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        sender = dict(parse_qsl(parts.query, strict_parsing=True)).get("from", "")
    except ValueError:
        host, port, sender = "", None, ""
    if not host or parts.scheme not in MAIL_PORTS or parts.path.strip("/") or "@" not in sender:
        raise ImproperlyConfigured(
            f"{name} must look like smtp://user:password@mail.example.org:587"
            "?from=directory@example.org, or begin with smtps://."
        )
    is_local = host in LOOPBACK
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port or (25 if is_local else MAIL_PORTS[parts.scheme]),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and not is_local,
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": sender,
    }


def database(name: str, sqlite_file: Path, *, read_only: bool = False) -> dict[str, Any]:
    """Read a database address into Django's settings; without one, ``sqlite_file`` is used."""
    address = text(name)
    if not address:
        return sqlite(sqlite_file)
    try:
        parsed = dj_database_url.parse(address, conn_max_age=600, conn_health_checks=True)
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, ValueError):
        parsed = {"ENGINE": ""}
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        return sqlite(parsed["NAME"])
    if parsed["ENGINE"] != "django.db.backends.postgresql" or not parsed["NAME"]:
        raise ImproperlyConfigured(
            f"{name} must look like postgresql://user:password@host:5432/database "
            "or sqlite:////folder/file.sqlite3."
        )
    if importlib.util.find_spec("psycopg"):
        raise ImproperlyConfigured(
            "psycopg 3 is installed and Django would take it in place of psycopg2, which this "
            "site is tested with. Run `pip uninstall psycopg`."
        )
    wanted = SERVER_SETTINGS | ({"default_transaction_read_only": "on"} if read_only else {})
    options = parsed.get("OPTIONS", {})
    # Each begins in one transaction and goes on in the next, which pgbouncer may give to another.
    if options.pop("server_side_cursors", "yes") == "no":
        parsed["DISABLE_SERVER_SIDE_CURSORS"] = True
    if "," in str(options.get("host", "")):
        # Back to the first host soon after it was away, and on all threads: others may lag.
        parsed["CONN_MAX_AGE"] = SEVERAL_HOSTS_AGE
    words = [f"-c {setting}={value}" for setting, value in wanted.items()]
    return parsed | {
        "OPTIONS": options | {"options": " ".join([*words, options.get("options", "")]).strip()}
    }


def limit_statements(database: dict[str, Any], seconds: int) -> None:
    """Let no statement of this process run longer: for those that answer requests.

    Called before the first connection. Loads and migrations, which others run, take their time.
    """
    if database["ENGINE"] == "django.db.backends.postgresql":
        database["OPTIONS"]["options"] += f" -c statement_timeout={seconds}s"


def sqlite(file: Path | str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "factory": ExistingFile,
            "transaction_mode": "IMMEDIATE",  # a writer waits at BEGIN, never fails at COMMIT
            "timeout": 20,
            # Each thread has a connection, and so a cache, of its own: the system's is enough.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                "PRAGMA cache_size=-2000; PRAGMA mmap_size=33554432;"
            ),
        },
    }
