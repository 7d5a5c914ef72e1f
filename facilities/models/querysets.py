"""Every named subset of facilities, and every shape in which they are fetched."""

from django.db.models import F, FloatField, JSONField, Max, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from ..geo import BoundingBox, Point, bounding_box, cosine_of_miles, unit_vector

# What a release keeps for its own page: long, and parsed for every facility it would come with.
LONG_RELEASE_FIELDS = ("key_sheet", "counts", "report")


class FacilityQuerySet(QuerySet):
    """Named subsets of facilities; names of fetching shapes begin with ``for_``."""

    # Subsets

    def listed(self):
        """What a search finds: not withdrawn, hidden or a draft."""
        return self.filter(status="listed")

    def in_state(self, state: str):
        return self.filter(state=state)

    def in_county(self, state: str, county_fips: str):
        return self.filter(state=state, county_fips=county_fips)

    def in_box(self, box: BoundingBox):
        """A box over the date line has two ranges of longitude."""
        longitudes = Q()
        for longitude_range in box.longitude_ranges:
            longitudes |= Q(longitude__range=longitude_range)
        return self.filter(longitudes, latitude__range=(box.south, box.north))

    def within(self, point: Point, miles: float):
        """Facilities without a position are left out."""
        return (
            self.in_box(bounding_box(point, miles))
            .with_cosine(point)
            .filter(cosine__gte=cosine_of_miles(miles))
        )

    # Annotations and orders

    def with_phone(self, digits: str):
        """Match ten digits with the facility's own number and those of intake."""
        number = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
        intake = Cast("intake_phones", TextField())
        return self.alias(intake_text=intake).filter(
            Q(phone=number) | Q(intake_text__contains=number)
        )

    def with_cosine(self, point: Point):
        """Annotate ``cosine`` of the angle to ``point``: greater is nearer."""
        x, y, z = unit_vector(point)
        return self.annotate(
            cosine=F("x") * Value(x, FloatField())
            + F("y") * Value(y, FloatField())
            + F("z") * Value(z, FloatField())
        )

    def by_distance(self, point: Point):
        return self.with_cosine(point).order_by(F("cosine").desc(nulls_last=True), "pk")

    # Fetching shapes

    def for_map(self):
        """Key, position and what a dot on the map is called, as tuples."""
        return self.values_list("pk", "latitude", "longitude", "position_origin", "name", "code")

    def for_cards(self):
        """Load what a card shows, but no release; of long fields denials and sources alone."""
        long_fields = [
            field.name
            for field in self.model._meta.concrete_fields
            if isinstance(field, TextField | JSONField)
            if field.name not in ("denied_services", "fact_sources")
        ]
        return self.defer("name_key", *long_fields)

    def for_sitemap(self, start: int, stop: int):
        """Load the words of addresses, and when a file and a person last said something.

        The rows from ``start`` to ``stop`` are chosen before the verifications are joined: grouping
        comes before LIMIT, and would go through all.
        """
        part = self.listed().order_by("pk").values("pk")[start:stop]
        return (
            self.filter(pk__in=part)
            .only("code", "name", "city", "state")
            .annotate(
                loaded_at=F("source_release__loaded_at"),
                verified_at=Max("verifications__checked_at"),
            )
            .order_by("pk")
        )

    def for_page(self):
        releases = (f"source_release__{name}" for name in LONG_RELEASE_FIELDS)
        return self.select_related("source_release", "merged_into").defer(*releases)
