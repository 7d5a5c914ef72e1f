"""Reads and validates the search's query string; nothing else looks at it.

``FacilityFilterSet(request.GET).query`` is the validated search as plain data; ``.qs`` is the
whole search in SQL. Both are empty-handed, with ``errors`` to show, where a value is bad.
"""

from copy import copy
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import isfinite

import django_filters
from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ..geo import Point
from ..models import Facility
from ..places.gazetteer import Problem, Resolution, resolve
from ..places.nearest import nearest_city
from .area import WHOLE_STATE, SearchArea
from .filter_groups import GROUPS, OPIOID_CHOICES
from .keywords import Keywords
from .sort import SORT_LABELS, SortOrder

RADIUS_CHOICES = (5, 10, 25, 50, 100)
MAX_OPTIONS = 60
MAX_TEXT_LENGTH = 100
LAST_PAGE = 10_000
# What mail and message programs add to links; it filters nothing and is not read.
TRACKING_PREFIXES = ("utm_", "fbclid", "gclid", "msclkid", "mc_")
SINGLE_PARAMETERS = ("place", "lat", "lon", "within", "q", "sort")

# Plain sentences in place of Django's, by the codes of its errors
NOT_ON_EARTH = _("We could not read that position. Type a ZIP code or a city and state.")
POSITION_ERRORS = dict.fromkeys(("invalid", "min_value", "max_value"), NOT_ON_EARTH)
PLACE_ERRORS = {
    "max_length": Problem.TOO_LONG.label,
    "null_characters_not_allowed": Problem.UNREADABLE.label,
}
TEXT_ERRORS = {
    "max_length": _("That is too much to search for. Use fewer words."),
    "null_characters_not_allowed": _("We could not read the name or service. Type it again."),
}
SORT_ERRORS = {
    "invalid_choice": _("Results cannot be put in that order. Choose one from the list.")
}
PAGE_ERRORS = dict.fromkeys(
    ("invalid", "min_value", "max_value"), _("There is no page with that number.")
)


@dataclass(frozen=True)
class SearchQuery:
    """One valid search. ``given`` holds the single parameters as they were asked, as text."""

    raw_params: dict[str, str]
    area: SearchArea
    keywords: Keywords
    chosen: dict[str, tuple[str, ...]]
    sort: str
    page: int

    @property
    def is_about_opioids(self) -> bool:
        """Whether detox from opioids or a medication for opioid use disorder is asked for."""
        return bool(
            OPIOID_CHOICES.intersection(slug for each in self.chosen.values() for slug in each)
        )

    @property
    def sort_order(self) -> SortOrder:
        return SortOrder(self.sort, self.area.point, self.area.is_near, self.is_about_opioids)

    def with_options(self, **chosen: tuple[str, ...]) -> "SearchQuery":
        """The same search with other choices in some groups."""
        return replace(self, chosen=self.chosen | chosen, page=1)

    def with_radius(self, within: str) -> "SearchQuery":
        """The same search at another distance: miles as text, or the whole state."""
        area = self.area.with_radius(within)
        return replace(self, raw_params=self.raw_params | {"within": within}, area=area, page=1)

    def without_keywords(self) -> "SearchQuery":
        return replace(self, raw_params=self.raw_params | {"q": ""}, keywords=Keywords(""), page=1)

    @property
    def is_filtered(self) -> bool:
        return bool(self.keywords.words) or any(self.chosen.values())


class OptionsField(forms.Field):
    """Repeatable slugs of one group; cleans to a tuple in the group's order, without doubles."""

    widget = forms.MultipleHiddenInput  # has no choices to copy for every request

    def __init__(self, *, group_name: str, **kwargs):
        super().__init__(**kwargs)
        self.group_name = group_name

    def clean(self, value):
        slugs = dict.fromkeys(slug for slug in value or () if slug)
        if len(slugs) > MAX_OPTIONS:
            raise forms.ValidationError(_("Too many choices at once: take at most 60."))
        known = OPTIONS[self.group_name]
        unknown = next((slug for slug in slugs if slug not in known), None)
        if unknown is not None:
            message = gettext("“%(value)s” is not one of the choices.") % {"value": unknown[:40]}
            raise forms.ValidationError(message)
        return tuple(slug for slug in known if slug in slugs)


class WithinField(forms.Field):
    """Miles as a whole number from 5 to 100, "state", or nothing."""

    def clean(self, value):
        value = (value or "").strip()
        if value in ("", WHOLE_STATE):
            return value
        if not (value.isascii() and value.isdigit() and len(value) < 4 and 5 <= int(value) <= 100):
            raise forms.ValidationError(
                _("The distance must be a whole number of miles from 5 to 100, or “state”.")
            )
        return str(int(value))


class ParameterFilter(django_filters.Filter):
    """Only reads and validates: ``filter_queryset`` applies the whole query."""

    def __deepcopy__(self, memo):
        """A copy for one request, as django-filter asks; what it consists of never changes."""
        return copy(self)


def parameter(field_class: type[forms.Field], **kwargs) -> ParameterFilter:
    reader = ParameterFilter(**kwargs)
    reader.field_class = field_class
    return reader


class SearchForm(forms.Form):
    """What no single field can tell: both coordinates or none, and what the place means."""

    resolution: Resolution | None = None

    def clean(self):
        cleaned = super().clean()
        self._refuse_unknown()
        if cleaned.get("place"):
            self._resolve(cleaned["place"])
        elif "lat" in cleaned and (cleaned["lat"] is None) != (cleaned.get("lon") is None):
            self.add_error("lat", _("Give both a latitude and a longitude, or neither."))
        for name in ("lat", "lon"):
            if cleaned.get(name) is not None and not isfinite(cleaned[name]):
                self.add_error(name, NOT_ON_EARTH)
        return cleaned

    def _refuse_unknown(self):
        """A misspelled group would be no filter at all, and the answer not one to the query."""
        for name in self.data:
            if name not in self.fields and not name.startswith(TRACKING_PREFIXES):
                message = gettext("This search does not know “%(name)s”.") % {"name": name[:40]}
                self.add_error(None, message)
                return

    def _resolve(self, text):
        self.resolution = resolve(text, language=get_language() or "en")
        if self.resolution.place is None:
            problem = self.resolution.problem
            self.add_error(
                "place", problem.label if problem else _("Several places bear that name.")
            )


class FacilityFilterSet(django_filters.FilterSet):
    """The search of the site: page, API, exports and admin all ask through it."""

    place = parameter(forms.CharField, max_length=MAX_TEXT_LENGTH, error_messages=PLACE_ERRORS)
    lat = parameter(forms.FloatField, min_value=-90, max_value=90, error_messages=POSITION_ERRORS)
    lon = parameter(forms.FloatField, min_value=-180, max_value=180, error_messages=POSITION_ERRORS)
    within = parameter(WithinField)
    q = parameter(forms.CharField, max_length=MAX_TEXT_LENGTH, error_messages=TEXT_ERRORS)
    sort = parameter(
        forms.ChoiceField, choices=list(SORT_LABELS.items()), error_messages=SORT_ERRORS
    )
    page = parameter(
        forms.IntegerField, min_value=1, max_value=LAST_PAGE, error_messages=PAGE_ERRORS
    )

    class Meta:
        model = Facility
        fields = ()
        form = SearchForm

    @cached_property
    def raw_params(self) -> dict[str, str]:
        """What was typed for the single parameters, valid or not, for the form to show again."""
        return {name: self.data.get(name, "")[:MAX_TEXT_LENGTH] for name in SINGLE_PARAMETERS}

    def checked_options(self, name: str) -> frozenset[str]:
        """Which options of a group were asked for, valid or not."""
        return frozenset(self.data.getlist(name))

    def error_messages(self) -> list[tuple[str, str]]:
        """(parameter, sentence) for each thing that is wrong, for people."""
        return [
            (name, message)
            for name, messages in self.errors.get_json_data().items()
            for message in (entry["message"] for entry in messages)
        ]

    @property
    def resolution(self) -> Resolution | None:
        """What the gazetteer made of the place box; choices to offer where it was unsure."""
        return self.form.resolution

    @cached_property
    def query(self) -> SearchQuery | None:
        """The validated search; None where ``errors`` is not empty."""
        if self.errors:
            return None
        cleaned = self.form.cleaned_data
        area = self._area(cleaned)
        return SearchQuery(
            raw_params=self.raw_params,
            area=area,
            keywords=Keywords(cleaned["q"]),
            chosen={group.name: cleaned[group.name] for group in GROUPS},
            sort=cleaned["sort"] or ("distance" if area.is_near else "name"),
            page=int(cleaned["page"] or 1),
        )

    @classmethod
    @cache
    def _form_class(cls) -> type[forms.Form]:
        fields = {name: reader.field for name, reader in cls.base_filters.items()}
        return type("FacilitySearchForm", (SearchForm,), fields)

    def get_form_class(self):
        """The same for every request; django-filter would build it anew each time."""
        return self._form_class()

    def filter_queryset(self, queryset):
        """The whole search in SQL, in order; nothing at all where a value is bad."""
        query = self.query
        if query is None:
            return queryset.none()
        facilities = query.area.filter_queryset(queryset.listed()).filter(query.keywords.q())
        for group in GROUPS:
            facilities = facilities.filter(group.q(query.chosen[group.name]))
        return query.sort_order.sort_queryset(facilities)

    def _area(self, cleaned) -> SearchArea:
        if cleaned["place"]:
            return SearchArea.for_place(self.resolution.place, cleaned["within"])
        if cleaned["lat"] is not None:
            point = Point(round(cleaned["lat"], 2), round(cleaned["lon"], 2))
            city = nearest_city(point)
            return SearchArea.for_point(point, cleaned["within"], (city.name, city.state))
        return SearchArea()


OPTIONS = {group.name: group.options for group in GROUPS}
for _group in GROUPS:
    FacilityFilterSet.base_filters[_group.name] = parameter(OptionsField, group_name=_group.name)
