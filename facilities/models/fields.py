"""Two column types that behave the same on SQLite and PostgreSQL."""

from django.db import models
from django.db.models import Lookup


class KeyField(models.CharField):
    """Normalized text that both engines sort byte by byte (collation C, SQLite's BINARY)."""

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class BitsField(models.BigIntegerField):
    """63 services as bits of one signed 64-bit number; look up with ``__overlaps=mask``."""


@BitsField.register_lookup
class BitsOverlap(Lookup):
    """True where any bit of the mask is set."""

    lookup_name = "overlaps"

    def as_sql(self, compiler, connection):
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"({left} & {right}) <> 0", [*left_params, *right_params]
