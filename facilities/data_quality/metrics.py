"""Each thing that is measured: its name, why it matters, and how it is counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import median

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..curation import audits
from ..curation.reports import CLOSED, OPEN
from ..models import Conflict, Facility, Report, Verification
from ..places.service_area import ServiceArea
from ..rules.citations import Citation
from .listing_counts import CHECKED, MISSING, POSITIONS, count_listings, listing_conditions
from .wilson import ConfidenceInterval, wilson_interval

YEAR = timedelta(days=365)
RILEY_2024 = Citation(
    "Riley 2024, PMC11260587", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC11260587/"
)


@dataclass(frozen=True)
class MetricScope:
    """What is measured: the listings of an area, as of a day."""

    area: ServiceArea
    today: date

    @property
    def facilities(self) -> QuerySet[Facility]:
        return Facility.objects.listed().filter(self.area.as_q())

    @cached_property
    def _counts(self) -> tuple[int, Mapping[str, tuple[int, ...]]]:
        return count_listings(self.area, self.today)

    @property
    def total(self) -> int:
        return self._counts[0]

    def bars(self, metric: str) -> tuple["MetricBar", ...]:
        conditions, counts = listing_conditions(self.today)[metric], self._counts[1][metric]
        return tuple(
            MetricBar(str(label), count, self.total)
            for (label, _condition), count in zip(conditions, counts, strict=True)
        )


@dataclass(frozen=True)
class MetricBar:
    """So many of so many; of a sample, with the interval that the rate of all lies in."""

    label: str
    count: int
    whole: int
    interval: ConfidenceInterval | None = None

    @property
    def share(self) -> float:
        return self.count / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class DescribedMetric:
    """One sentence, and bars to draw."""

    words: str
    bars: tuple[MetricBar, ...] = ()


@dataclass(frozen=True)
class Metric:
    """One thing to measure."""

    slug: str
    name: str | Promise
    why: str | Promise
    measure: Callable[[MetricScope], DescribedMetric]
    source: Citation | None = None


def accuracy_metric(scope: MetricScope) -> DescribedMetric:
    found = audits.latest_audit_summary()
    if found is None:
        return DescribedMetric(_("We have not measured this copy yet."))
    counts = vars(found) | {"called": found.call_count, "day": date_format(found.audit.sampled_on)}
    words = _(
        "Of %(drawn)s listings drawn at random on %(day)s we have called %(called)s: everything "
        "was right at %(right)s, enough to reach care at %(reached)s more; wrong were %(wrong)s, "
        "and at %(no_answer)s nobody answered."
    )
    rates = (
        (_("Everything right"), found.right),
        (_("Right enough to reach care"), found.reached_count),
    )
    bars = (
        MetricBar(label, count, found.call_count, wilson_interval(count, found.call_count))
        for label, count in rates
    )
    return DescribedMetric(words % counts, tuple(bars))


def checked_metric(scope: MetricScope) -> DescribedMetric:
    bars = scope.bars(CHECKED)
    count = scope.total - bars[-1].count
    if not count:
        return DescribedMetric(_("We have not checked any listing yet."), bars)
    said = ngettext(
        "%(count)s of %(total)s listing has been checked by us.",
        "%(count)s of %(total)s listings have been checked by us.",
        scope.total,
    )
    return DescribedMetric(said % {"count": f"{count:,}", "total": f"{scope.total:,}"}, bars)


def missing_facts_metric(scope: MetricScope) -> DescribedMetric:
    return DescribedMetric(_("Listings in which this is not reported:"), scope.bars(MISSING))


def position_precision_metric(scope: MetricScope) -> DescribedMetric:
    return DescribedMetric(_("Distances are counted from:"), scope.bars(POSITIONS))


def conflicts_metric(scope: MetricScope) -> DescribedMetric:
    """Count checked facts that the newest file contradicts, not numbers that nobody checked yet."""
    same = Verification.objects.standing().filter(
        facility=OuterRef("facility"), fact=OuterRef("fact")
    )
    is_in_scope = Exists(scope.facilities.filter(pk=OuterRef("facility")))
    if not Verification.objects.standing().filter(is_in_scope).exists():
        return DescribedMetric(_("We have checked nothing yet, so there is nothing to compare."))
    checked = Exists(same) | Q(fact="status")
    found = Conflict.objects.filter(checked, facility__in=scope.facilities)
    counts = found.aggregate(facts=Count("pk"), listings=Count("facility", distinct=True))
    said = ngettext(
        "The newest federal file contradicts %(count)s fact that we checked.",
        "The newest federal file contradicts %(count)s facts that we checked.",
        counts["facts"],
    )
    bar = MetricBar(_("Listings with a conflict to settle"), counts["listings"], scope.total)
    return DescribedMetric(said % {"count": f"{counts['facts']:,}"}, (bar,))


def reports_metric(scope: MetricScope) -> DescribedMetric:
    """Count reports that are open or were closed within a year, and how long those took."""
    area = Q(facility__in=Facility.objects.filter(scope.area.as_q()))
    since = scope.today - YEAR
    recent = Q(state__in=CLOSED, closed_at__date__gt=since) | Q(state__in=OPEN)
    rows = list(
        Report.objects.filter(area & recent).values_list("state", "reported_on", "closed_at")
    )
    labels = {
        _("Waiting"): (Report.State.OPEN,),
        _("Being checked"): (Report.State.IN_PROGRESS,),
        _("Closed in the last year"): CLOSED,
    }
    bars = tuple(
        MetricBar(label, sum(state in states for state, *_days in rows), len(rows))
        for label, states in labels.items()
    )
    if not rows:
        return DescribedMetric(_("Nobody has reported a mistake in the last year."))
    days = [(closed.date() - made).days for state, made, closed in rows if state in CLOSED]
    if not days:
        return DescribedMetric(_("No report was closed in the last year."), bars)
    middle = median(days)
    if not middle:
        said = _("Half of the reports closed in the last year were closed on the day they came.")
        return DescribedMetric(said, bars)
    said = ngettext(
        "Half of the reports closed in the last year took %(days)s day or less.",
        "Half of the reports closed in the last year took %(days)s days or less.",
        middle,
    )
    return DescribedMetric(said % {"days": f"{middle:g}"}, bars)


METRICS = (
    Metric(
        "accuracy",
        gettext_lazy("Is it right?"),
        gettext_lazy(
            "An audit draws listings at random, calls each one and compares every fact. A study "
            "that called 697 listings of ten other directories found everything right at 56% of "
            "them."
        ),
        accuracy_metric,
        RILEY_2024,
    ),
    Metric(
        "checked",
        gettext_lazy("How much of it have we checked, and when?"),
        gettext_lazy("A listing counts by its newest check of any fact."),
        checked_metric,
    ),
    Metric(
        "missing",
        gettext_lazy("What is missing?"),
        gettext_lazy("Not reported is not a no. It is something to ask about."),
        missing_facts_metric,
    ),
    Metric(
        "reports",
        gettext_lazy("What happens to reports?"),
        gettext_lazy("Whoever reports a mistake can follow it with the code on the receipt."),
        reports_metric,
    ),
    Metric(
        "conflicts",
        gettext_lazy("Where do we and the federal list disagree?"),
        gettext_lazy("A new federal file never overwrites what we checked. We look at both again."),
        conflicts_metric,
    ),
    Metric(
        "positions",
        gettext_lazy("Where do the distances come from?"),
        gettext_lazy("A position that is only the center of a ZIP code may be miles off."),
        position_precision_metric,
    ),
)
