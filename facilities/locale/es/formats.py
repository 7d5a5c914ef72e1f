"""Numbers as Spanish speakers write them in the United States: 12,744 and 3.4, as in English."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
