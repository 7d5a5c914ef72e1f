"""Reads and validates the search's query string; nothing else looks at it.

``FacilityFilterSet(request.GET).query`` is the validated search as plain data; ``.qs`` is the
whole search in SQL. Both are empty-handed, with ``errors`` to show, where a value is bad.
"""

from functools import cache, cached_property
from math import isfinite

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ..geo import Point
from ..models import Facility
from ..places.gazetteer import PlaceProblem, PlaceResolution, resolve_place
from ..places.nearest import nearest_city
from .area import WHOLE_STATE, SearchArea
from .compile import predicate_as_q, sort_queryset
from .filter_groups import GROUPS, GROUPS_BY_NAME
from .keywords import Keywords
from .query import ResultView, SearchQuery
from .sort_orders import SORT_LABELS

MAX_OPTIONS = 60
MAX_TEXT_LENGTH = 100
LAST_PAGE = 10_000
# What mail and message programs add to links; it filters nothing and is not read.
TRACKING_PREFIXES = ("utm_", "fbclid", "gclid", "msclkid", "mc_")
SINGLE_PARAMETERS = ("place", "lat", "lon", "within", "q", "sort", "phone", "view")
# What reading free words leaves behind: it filters nothing and stays in every link of the page.
CARRIED_PARAMETERS = ("alert", "ask", "corrected", "ignored", "notice", "other_place", "region")
MAX_CARRIED = 8
MAX_CARRIED_LENGTH = 80

# Plain sentences in place of Django's, by the codes of its errors
NOT_ON_EARTH = _("We could not read that position. Type a ZIP code or a city and state.")
POSITION_ERRORS = dict.fromkeys(("invalid", "min_value", "max_value"), NOT_ON_EARTH)
PLACE_ERRORS = {
    "max_length": PlaceProblem.TOO_LONG.label,
    "null_characters_not_allowed": PlaceProblem.UNREADABLE.label,
}
TEXT_ERRORS = {
    "max_length": _("That is too much to search for. Use fewer words."),
    "null_characters_not_allowed": _("We could not read the name or service. Type it again."),
}
SORT_ERRORS = {
    "invalid_choice": _("Results cannot be put in that order. Choose one from the list.")
}
VIEW_ERRORS = {"invalid_choice": _("Results cannot be shown in that form.")}
PAGE_ERRORS = dict.fromkeys(
    ("invalid", "min_value", "max_value"), _("There is no page with that number.")
)


class SharedFormFields(dict):
    """Fields by name that are the same in the forms of all requests, which change none of them."""

    def __deepcopy__(self, memo):
        return self


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
        known = GROUPS_BY_NAME[self.group_name].options
        unknown = next((slug for slug in slugs if slug not in known), None)
        if unknown is not None:
            message = gettext("“%(value)s” is not one of the choices.") % {"value": unknown[:40]}
            raise forms.ValidationError(message)
        return tuple(slug for slug in known if slug in slugs)


class CarriedField(forms.Field):
    """Repeatable short texts that filter nothing; cleans to a tuple without doubles."""

    widget = forms.MultipleHiddenInput

    def clean(self, value):
        texts = tuple(dict.fromkeys(text.strip() for text in value or () if text.strip()))
        if any("\0" in text for text in texts):
            raise forms.ValidationError(TEXT_ERRORS["null_characters_not_allowed"])
        if len(texts) > MAX_CARRIED or any(len(text) > MAX_CARRIED_LENGTH for text in texts):
            raise forms.ValidationError(TEXT_ERRORS["max_length"])
        return texts


@cache
def options_field(group_name: str) -> OptionsField:
    """Return one field for all requests."""
    return OptionsField(group_name=group_name, required=False)


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


class CheaplyCopiedFilter(django_filters.Filter):
    """Is copied for each request without what it holds, which no request changes."""

    def __deepcopy__(self, memo):
        twin = object.__new__(type(self))  # copy.copy() takes five times as long
        twin.__dict__.update(self.__dict__)
        return twin


class NonFilteringParameter(CheaplyCopiedFilter):
    """Reads a parameter that does not filter alone: a part of the area, the order or the page."""

    def __init__(self, field_class: type[forms.Field], **kwargs):
        super().__init__(label="", **kwargs)  # the page has labels of its own
        self.field_class = field_class

    def filter(self, qs, value):
        return qs


class KeywordFilter(CheaplyCopiedFilter, django_filters.CharFilter):
    def filter(self, qs, value):
        return qs.filter(predicate_as_q(Keywords(value).predicate))


class PhoneFilter(CheaplyCopiedFilter, django_filters.CharFilter):
    def filter(self, qs, value):
        return qs.with_phone(value) if value else qs


class GroupFilter(CheaplyCopiedFilter):
    """Keeps the facilities that meet the chosen options of one group, the field's name."""

    @property
    def field(self) -> OptionsField:
        return options_field(self.field_name)

    def filter(self, qs, value):
        return qs.filter(predicate_as_q(GROUPS_BY_NAME[self.field_name].predicate(value)))


class SearchForm(forms.Form):
    """What no single field can tell: both coordinates or none, and what the place means."""

    resolution: PlaceResolution | None = None

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
                message = gettext("We cannot search by “%(name)s”.") % {"name": name[:40]}
                self.add_error(None, message)
                return

    def _resolve(self, text):
        self.resolution = resolve_place(text, language=get_language() or "en")
        if self.resolution.place is None:
            problem = self.resolution.problem
            self.add_error(
                "place", problem.label if problem else _("Several places bear that name.")
            )


class FacilityFilterSet(django_filters.FilterSet):
    """The search of the site: page, API, exports and admin all ask through it."""

    place = NonFilteringParameter(
        forms.CharField, max_length=MAX_TEXT_LENGTH, error_messages=PLACE_ERRORS
    )
    lat = NonFilteringParameter(
        forms.FloatField, min_value=-90, max_value=90, error_messages=POSITION_ERRORS
    )
    lon = NonFilteringParameter(
        forms.FloatField, min_value=-180, max_value=180, error_messages=POSITION_ERRORS
    )
    within = NonFilteringParameter(WithinField)
    q = KeywordFilter(label="", max_length=MAX_TEXT_LENGTH, error_messages=TEXT_ERRORS)
    phone = PhoneFilter(
        label="",
        validators=[RegexValidator(r"^\d{10}$", _("A telephone number has ten digits."))],
    )
    sort = NonFilteringParameter(
        forms.ChoiceField, choices=list(SORT_LABELS.items()), error_messages=SORT_ERRORS
    )
    view = NonFilteringParameter(
        forms.ChoiceField,
        choices=[(view.value, view.value) for view in ResultView if view.value],
        error_messages=VIEW_ERRORS,
    )
    page = NonFilteringParameter(
        forms.IntegerField, min_value=1, max_value=LAST_PAGE, error_messages=PAGE_ERRORS
    )

    _form_class: type[SearchForm] | None = None

    class Meta:
        model = Facility
        fields = ()
        form = SearchForm

    @cached_property
    def raw_params(self) -> dict[str, str]:
        """What was typed for the single parameters, valid or not, for the form to show again."""
        return {name: self.data.get(name, "")[:MAX_TEXT_LENGTH] for name in SINGLE_PARAMETERS}

    def checked_options(self, name: str) -> frozenset[str]:
        return frozenset(self.data.getlist(name))

    def error_messages(self) -> list[tuple[str, str]]:
        """Return (parameter, sentence) for each thing that is wrong."""
        return [
            (name, message)
            for name, messages in self.errors.get_json_data().items()
            for message in (entry["message"] for entry in messages)
        ]

    @property
    def resolution(self) -> PlaceResolution | None:
        """What the gazetteer made of the place box, with choices if it was unsure."""
        return self.form.resolution

    @cached_property
    def query(self) -> SearchQuery | None:
        """The validated search; None if there are ``errors``."""
        if self.errors:
            return None
        cleaned = self.form.cleaned_data
        area = self._area(cleaned)
        return SearchQuery(
            raw_params=self.raw_params,
            area=area,
            keywords=Keywords(cleaned["q"]),
            chosen={group.name: cleaned[group.name] for group in GROUPS},
            sort=cleaned["sort"] or ("distance" if area.is_near else "fit"),
            page=int(cleaned["page"] or 1),
            phone=cleaned["phone"],
            view=ResultView(cleaned["view"]),
            carried=tuple((name, text) for name in CARRIED_PARAMETERS for text in cleaned[name]),
        )

    @classmethod
    def get_filters(cls):
        return (
            super().get_filters()
            | {group.name: GroupFilter(field_name=group.name) for group in GROUPS}
            | {name: NonFilteringParameter(CarriedField) for name in CARRIED_PARAMETERS}
        )

    def get_form_class(self):
        """Return one form class for all requests: building it takes a fifth of reading a query."""
        cls = type(self)
        if cls._form_class is None:
            cls._form_class = super().get_form_class()
            cls._form_class.base_fields = SharedFormFields(cls._form_class.base_fields)
        return cls._form_class

    def filter_queryset(self, queryset):
        """Return the whole search in SQL, in order; nothing at all if a value is bad."""
        if self.query is None:
            return queryset.none()
        in_area = self.query.area.filter_queryset(queryset.listed())
        return sort_queryset(super().filter_queryset(in_area), self.query.sort_order.keys)

    def _area(self, cleaned) -> SearchArea:
        if cleaned["place"]:
            return SearchArea.for_place(self.resolution.place, cleaned["within"])
        if cleaned["lat"] is not None:
            point = Point(round(cleaned["lat"], 2), round(cleaned["lon"], 2))
            city = nearest_city(point)
            return SearchArea.for_point(point, cleaned["within"], (city.name, city.state))
        return SearchArea()
