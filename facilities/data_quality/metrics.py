"""Each thing that is measured: its name, why it matters, and how it is counted."""

from collections.abc import Callable
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
from ..facts.registry import FACTS
from ..models import Conflict, Facility, Report, Verification
from ..models.lookups import offers_any
from ..places.service_area import ServiceArea
from ..rules.citations import Citation
from ..rules.criteria import CRITERIA
from ..taxonomy.groups import OPIOID_MEDICATION_ANSWERS, PAYMENTS
from ..taxonomy.service_set import union
from .wilson import ConfidenceInterval, wilson_interval

YEAR = timedelta(days=365)
AGES = (90, 180, 365)  # days
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
    def total(self) -> int:
        return self.facilities.count()


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
    """Listings by the age of the newest check of any of their facts."""
    edges = [scope.today - timedelta(days=days) for days in AGES]
    day, no_day = "last_verified_on", Q(last_verified_on__isnull=True)
    ages = [
        Q(**{f"{day}__gte": edges[0]}),
        Q(**{f"{day}__gte": edges[1], f"{day}__lt": edges[0]}),
        Q(**{f"{day}__gte": edges[2], f"{day}__lt": edges[1]}),
        Q(**{f"{day}__lt": edges[2]}),
        no_day,
    ]
    labels = [
        _("in the last 90 days"), _("91 to 180 days ago"), _("181 days to a year ago"),
        _("more than a year ago"), _("never by us"),
    ]  # fmt: skip
    bars = count_bars(scope, dict(zip(labels, ages, strict=True)))
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
    """What nobody has said, neither the file nor a check."""
    wanting = {
        **_unreported(is_stated=True),
        _("Payment accepted"): ~offers_any(PAYMENTS),
        _("Medications for opioid use disorder"): ~offers_any(OPIOID_MEDICATION_ANSWERS),
        **_unreported(is_stated=False),
    } | {
        str(criterion.title): ~offers_any(union(piece.services for piece in criterion.evidence))
        for criterion in CRITERIA
    }
    return DescribedMetric(_("Listings in which this is not reported:"), count_bars(scope, wanting))


def _unreported(*, is_stated: bool) -> dict[str, Q]:
    """Label of a fact -> the facilities that have no value of it."""
    return {
        str(fact.label): Q(**{fact.name: fact.default})
        for fact in FACTS.values()
        if fact.is_counted_when_missing and fact.is_stated_by_files == is_stated
    }


def position_precision_metric(scope: MetricScope) -> DescribedMetric:
    origins = Facility.PositionOrigin
    approximate = Q(position_origin__in=(origins.ZIP, origins.CITY))
    nowhere = Q(latitude__isnull=True)
    kinds = {
        _("the street address"): ~approximate & ~nowhere,
        _("the center of a ZIP code or city"): approximate & ~nowhere,
        _("nowhere: not on the map"): nowhere,
    }
    return DescribedMetric(_("Distances are counted from:"), count_bars(scope, kinds))


def conflicts_metric(scope: MetricScope) -> DescribedMetric:
    """Checked facts that the newest file contradicts; not numbers that nobody has checked yet."""
    same = Verification.objects.standing().filter(
        facility=OuterRef("facility"), fact=OuterRef("fact")
    )
    if not Verification.objects.standing().filter(facility__in=scope.facilities).exists():
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
    """Reports that are open or were closed within a year, and how long those took."""
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


def count_bars(scope: MetricScope, conditions: dict[str, Q]) -> tuple[MetricBar, ...]:
    """How many listings each condition holds for, in one query."""
    names = [f"n{number}" for number in range(len(conditions))]
    found = scope.facilities.aggregate(
        **{
            name: Count("pk", filter=condition)
            for name, condition in zip(names, conditions.values(), strict=True)
        }
    )
    return tuple(
        MetricBar(label, found[name], scope.total)
        for name, label in zip(names, conditions, strict=True)
    )


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
