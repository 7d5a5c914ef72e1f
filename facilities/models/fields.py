"""Two column types that behave alike on SQLite and PostgreSQL."""

from django.db import models
from django.db.models import Lookup


class KeyField(models.CharField):
    """Folded text that both engines order byte by byte (collation C, SQLite's BINARY)."""

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class BitsField(models.BigIntegerField):
    """63 services as bits of one signed 64-bit number; look up with ``__overlaps=mask``."""


class _BitLookup(Lookup):
    def as_sql(self, compiler, connection):
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return self.template % (left, right), [*left_params, *right_params]


@BitsField.register_lookup
class Overlaps(_BitLookup):
    """True where any bit of the mask is set."""

    lookup_name = "overlaps"
    template = "(%s & %s) <> 0"
