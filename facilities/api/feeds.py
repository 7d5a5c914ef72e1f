"""What changed as Atom feeds, of everything and of each state: for whoever has a feed reader."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..facts.registry import fact_label
from ..models import Change, DataVersion, Facility
from ..models.place import Place, PlaceKind
from .changes import PublicChange, build_public_changes, public_change_rows
from .conditional import with_version_etag

ENTRIES = 100
# How far back a feed looks for the changes of a state.
REVISIONS = 5_000


@require_safe
@with_version_etag
def changes_feed(request: HttpRequest) -> HttpResponse:
    return _feed_response(request, _("all listings"), "")


@require_safe
@with_version_etag
def state_feed(request: HttpRequest, state: str) -> HttpResponse:
    place = Place.objects.filter(kind=PlaceKind.STATE, state=state.upper()).first()
    if place is None:
        raise Http404
    return _feed_response(request, place.label(get_language()), place.state)


def _feed_response(request: HttpRequest, name: str, state: str) -> HttpResponse:
    origin = f"{request.scheme}://{request.get_host()}"
    feed = Atom1Feed(
        title=f"{settings.SITE_NAME}: {name}",
        link=origin + reverse("facilities:home"),
        description=_("What changed in the list of treatment facilities."),
        language=get_language(),
        feed_url=origin + request.path,
    )
    for change in newest_changes(state):
        feed.add_item(
            title=_title(change),
            link=origin + _link(change),
            description=_words(change),
            unique_id=f"urn:uuid:{change.facility_uuid}#{change.revision}",
            updateddate=change.at,
            pubdate=change.at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def newest_changes(state: str = "") -> list[PublicChange]:
    """Return the newest changes, of a state if it is given; the newest first."""
    oldest = DataVersion.current().number - REVISIONS
    rows = public_change_rows().filter(revision__gt=oldest)
    if state:
        there = Facility.objects.filter(state=state).values("uuid")
        rows = rows.filter(facility_uuid__in=there)
    return [*build_public_changes(rows.order_by("-revision", "facility_uuid")[:ENTRIES])]


def _title(change: PublicChange) -> str:
    """Name the facility, unless it is one that we no longer name."""
    kind = str(Change.Kind(change.kind).label)
    if not change.is_on_a_page:
        return f"{kind}: {change.code}"
    found = change.facility
    return f"{kind}: {found.name} ({found.city}, {found.state})"


def _words(change: PublicChange) -> str:
    language = get_language()
    if change.successor:
        return _("Now part of another listing: %(code)s") % {"code": change.successor.code}
    return ", ".join(fact_label(name, language) for name in change.fields)


def _link(change: PublicChange) -> str:
    shown = change.facility if change.is_on_a_page else change.successor
    return shown.get_absolute_url() if shown else reverse("facilities:home")
