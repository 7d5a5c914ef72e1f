"""By what the list of facilities is filtered."""

from datetime import date, timedelta

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ...curation.reports import OPEN
from ...curation.tags import tags_in_use
from ...models import Conflict, LegalHold, ListingTag, Proposal, Report
from ...models.lookups import offers_any
from ...places.service_area import UnknownServiceArea, read_service_area
from ...rules.freshness import max_age
from ...taxonomy import VOCABULARY, ServiceSet
from ...text_normalization import normalize_text
from ..filters import AreaFilter, TextFilter, USStateFilter


class CountyFilter(TextFilter):
    """Filters by a county or state as people write it: "Travis County, TX"."""

    title = _("county")
    parameter_name = "county"

    def rows_of(self, value: str) -> Q:
        try:
            return read_service_area([value]).as_q()
        except UnknownServiceArea:
            return Q(pk__in=[])


class ServiceFilter(TextFilter):
    """Filters by a service, by its label in the reader's language or its slug."""

    title = _("service")
    parameter_name = "service"

    @property
    def suggestions(self) -> list[str]:
        return sorted(service.label(get_language()) for service in VOCABULARY)

    def rows_of(self, value: str) -> Q:
        wanted = normalize_text(value)
        named = [
            service
            for service in VOCABULARY
            if wanted
            in (normalize_text(service.label(get_language())), normalize_text(service.slug))
        ]
        return offers_any(ServiceSet.of(*named))


class CheckedFilter(admin.SimpleListFilter):
    """Filters by whether the last check is older than the shelf life of a phone number."""

    title = _("last checked")
    parameter_name = "checked"

    def lookups(self, request, model_admin):
        return [
            ("never", _("never")),
            ("fresh", _("within the shelf life of a number")),
            ("stale", _("longer ago")),
        ]

    def queryset(self, request, queryset):
        edge = timezone.localdate() - max_age("phone") - timedelta(days=1)
        conditions = {
            "never": Q(last_verified_on__isnull=True),
            "fresh": Q(last_verified_on__gt=edge),
            "stale": Q(last_verified_on__lte=edge),
        }
        return queryset.filter(conditions.get(self.value(), Q()))


class CheckedDateFilter(TextFilter):
    """Filters by the day of the last check; what is no day finds nothing."""

    input_type = "date"
    lookup = ""

    def rows_of(self, value: str) -> Q:
        try:
            return Q(**{self.lookup: date.fromisoformat(value)})
        except ValueError:
            return Q(pk__in=[])


class CheckedSinceFilter(CheckedDateFilter):
    title = _("last checked on or after")
    parameter_name = "since"
    lookup = "last_verified_on__gte"


class CheckedBeforeFilter(CheckedDateFilter):
    title = _("last checked before")
    parameter_name = "before"
    lookup = "last_verified_on__lt"


class ConflictFilter(admin.SimpleListFilter):
    """Filters by whether the newest file disagrees with what we show."""

    title = _("conflict")
    parameter_name = "conflict"

    def lookups(self, request, model_admin):
        return [("yes", _("in conflict with a file"))]

    def queryset(self, request, queryset):
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=Conflict.objects.values("facility"))


class WaitingWorkFilter(admin.SimpleListFilter):
    """Filters by what waits for somebody at a listing."""

    title = _("what waits")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("proposal", _("a change, for a second person")), ("report", _("an open report"))]

    def queryset(self, request, queryset):
        waiting = {
            "proposal": Proposal.objects.filter(state=Proposal.State.WAITING),
            "report": Report.objects.filter(state__in=OPEN),
        }.get(self.value())
        if waiting is None:
            return queryset
        return queryset.filter(pk__in=waiting.values("facility"))


class HoldFilter(admin.SimpleListFilter):
    """Filters by legal holds."""

    title = _("legal hold")
    parameter_name = "hold"

    def lookups(self, request, model_admin):
        return [("yes", _("notes kept from deletion"))]

    def queryset(self, request, queryset):
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=LegalHold.objects.standing().values("facility"))


class TagFilter(admin.SimpleListFilter):
    """Filters by a tag; Django leaves it out where there is none."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        return [(tag, tag) for tag in tags_in_use()]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        tagged = ListingTag.objects.filter(name=self.value())
        return queryset.filter(pk__in=tagged.values("facility"))


FACILITY_FILTERS = (
    AreaFilter,
    CountyFilter,
    ServiceFilter,
    TagFilter,
    "status",
    WaitingWorkFilter,
    ConflictFilter,
    CheckedFilter,
    CheckedSinceFilter,
    CheckedBeforeFilter,
    HoldFilter,
    USStateFilter,
)
