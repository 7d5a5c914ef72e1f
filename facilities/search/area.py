"""Where a search looks: around a point, in a county or state, or everywhere."""

from dataclasses import dataclass

from ..geo import Point
from ..models import Place

RADIUS_CHOICES = (5, 10, 25, 50, 100)  # miles
DEFAULT_MILES = 25
WHOLE_STATE = "state"


@dataclass(frozen=True)
class SearchArea:
    """A point with a radius in miles, or an area, or neither: the whole country.

    ``point`` without ``miles`` is only what distances are counted from.
    """

    place: Place | None = None
    point: Point | None = None
    miles: int | None = None
    state: str = ""
    county_fips: str = ""
    city: tuple[str, str] | None = None

    @classmethod
    def for_point(cls, point: Point, within: str, city: tuple[str, str]) -> "SearchArea":
        """``city`` is the nearest one's name and state."""
        if within == WHOLE_STATE:
            return cls(point=point, state=city[1], city=city)
        return cls(point=point, miles=int(within) if within else DEFAULT_MILES, city=city)

    @classmethod
    def for_place(cls, place: Place, within: str) -> "SearchArea":
        """ZIP codes and cities are points; counties and states are areas unless miles are asked."""
        if within == WHOLE_STATE:
            return cls(place, place.point, state=place.state)
        if within or not place.is_area:
            return cls(place, place.point, int(within) if within else DEFAULT_MILES)
        return cls(place, place.point, state=place.state, county_fips=place.county_fips)

    def with_radius(self, within: str) -> "SearchArea":
        if self.place is not None:
            return SearchArea.for_place(self.place, within)
        return SearchArea.for_point(self.point, within, self.city)

    @property
    def is_everywhere(self) -> bool:
        return self.point is None and not self.state

    @property
    def is_near(self) -> bool:
        """Whether a point was asked for, so that miles from it mean something."""
        if self.place is not None:
            return self.miles is not None or not self.place.is_area
        return self.point is not None

    def filter_queryset(self, facilities):
        if self.miles is not None:
            return facilities.within(self.point, self.miles)
        if self.county_fips:
            return facilities.in_county(self.state, self.county_fips)
        return facilities.in_state(self.state) if self.state else facilities
