"""Places of the gazetteer: ZIP codes and cities (points), counties and states (areas)."""

from django.db import models

from ..geo import Point

STATE_WORDS = {"en": ("state", "territory"), "es": ("estado", "territorio")}
TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})


class PlaceKind(models.TextChoices):
    ZIP = "zip", "ZIP code"
    CITY = "city", "city"
    COUNTY = "county", "county"
    STATE = "state", "state"


class Place(models.Model):
    """One row of the packaged gazetteer; written by ``load_places`` and by nothing else.

    ``code`` is made from the place itself ("zip:11206", "city:TX:austin", "county:48453",
    "state:TX"), so that both engines and every reinstallation agree. ``key`` is the folded
    name that searches compare with. ``detail`` is a ZIP code's city, or the county that tells
    two cities of one name in one state apart. Populations order places and are not shown.
    """

    code = models.CharField(max_length=120, primary_key=True)
    kind = models.CharField(max_length=6, choices=PlaceKind.choices)
    name = models.CharField(max_length=80)
    name_es = models.CharField(max_length=80, blank=True)
    detail = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    county_fips = models.CharField(max_length=5, blank=True)
    key = models.CharField(max_length=80)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    population = models.PositiveIntegerField(default=0)

    class Meta:
        # Serves look-ups by key alone and by key and kind.
        indexes = [models.Index(fields=["key", "kind"], name="place_key_kind")]

    def __str__(self) -> str:
        return self.label("en")

    def label(self, language: str) -> str:
        """Return a name that no other place has; typed as a search it leads back here."""
        if self.kind == PlaceKind.ZIP:
            within = f"{self.detail}, {self.state}".strip(", ")
            return f"{self.name} ({within})" if within else self.name
        if self.kind == PlaceKind.STATE:
            return self._state_label(language)
        name = f"{self.name}, {self.state}"
        return f"{name} ({self.detail})" if self.detail else name

    @property
    def is_area(self) -> bool:
        """Counties and states are searched whole, ZIP codes and cities by radius."""
        return self.kind in (PlaceKind.COUNTY, PlaceKind.STATE)

    @property
    def point(self) -> Point | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)

    def _state_label(self, language: str) -> str:
        language = language.partition("-")[0]
        name = (self.name_es if language == "es" else "") or self.name
        if self.state == "DC":
            return name
        state, territory = STATE_WORDS.get(language, STATE_WORDS["en"])
        return f"{name} ({territory if self.state in TERRITORIES else state})"
