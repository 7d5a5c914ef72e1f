"""Requests that anybody can try: what people ask for, and one for each operation."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

OHIO = (("place", "Ohio"), ("medication", "methadone"), ("payment", "medicaid"))

OHIO_IN_HSDS = (
    ("place", "Ohio"),
    ("taxonomy_term_id", "methadone"),
    ("taxonomy_term_id", "medicaid"),
    ("full", "true"),
    ("format", "ndjson"),
)


@dataclass(frozen=True)
class CurlExample:
    """One request; ``pairs`` are its parameters, in the body of a POST."""

    path: str
    pairs: tuple[tuple[str, str], ...] = ()
    is_post: bool = False
    words: str | Promise = ""
    file: str = ""

    def curl_line(self, origin: str) -> str:
        """Return a line for a shell; nothing in it needs more than quotation marks."""
        address = origin + self.path
        if self.is_post:
            body = "".join(f" -d {name}={value}" for name, value in self.pairs)
            return f"curl{body} {address}"
        query = f"?{urlencode(self.pairs)}" if self.pairs else ""
        output = f" -o {self.file}" if self.file else ""
        return f'curl{output} "{address}{query}"'


def headline_examples(search: str, hsds: str) -> list[CurlExample]:
    """Return the same search in each format; ``search`` and ``hsds`` are its addresses."""
    return [
        CurlExample(
            search, (*OHIO, ("format", "csv")), words=_("For a spreadsheet (CSV)"), file="ohio.csv"
        ),
        CurlExample(
            search,
            (*OHIO, ("format", "geojson")),
            words=_("For a map (GeoJSON)"),
            file="ohio.geojson",
        ),
        CurlExample(search, OHIO, words=_("For a program (JSON)")),
        CurlExample(
            hsds, OHIO_IN_HSDS, words=_("For a resource database (HSDS)"), file="ohio.ndjson"
        ),
    ]


def example_parameters_by_path(codes: tuple[str, ...]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return path within the version -> parameters that answer something.

    ``codes``: those of two facilities that are listed.
    """
    return {
        "facilities/": (("place", "43215"), ("medication", "buprenorphine"), ("limit", "5")),
        "places/": (("q", "Columbus"),),
        "compare/": tuple(("code", code) for code in codes),
    }
