"""The four searches that are measured, as the search page is asked them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """``query`` is the query string of the search page; ``words`` say it to people."""

    name: str
    words: str
    query: str


NEW_YORK = "place=New+York%2C+NY&within=50"
FOUR_FILTERS = (
    "substance=opioid-detox&setting=overnight-detox&medication=buprenorphine&payment=medicaid"
)

ASKED = (
    Asked("a", "New York, NY, 50 miles, four filters", f"{NEW_YORK}&{FOUR_FILTERS}"),
    Asked("b", "New York, NY, 50 miles, no filter", NEW_YORK),
    Asked("c", "California, two filters", "place=California&medication=methadone&payment=medicaid"),
    Asked("d", "5 miles around Austin, Nevada (89310): nothing", "place=89310&within=5"),
)
