"""What search engines are told: what to leave alone, and where the pages for them are."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ..models.release import newest_release
from ..web.context_processors import language_codes
from ..web.language_urls import addresses_in_every_language
from . import sitemaps

HOURS_KEPT = 6
# Pages of results are not named: only who may fetch one can read in it that it is for no index.
ROBOTS = "User-agent: *\n"
cached_for_hours = cache_control(public=True, max_age=HOURS_KEPT * 3600)


@require_safe
@cached_for_hours
def robots_txt(request: HttpRequest) -> HttpResponse:
    lines = ROBOTS + "".join(
        f"Disallow: {each.address}\n"
        for each in addresses_in_every_language("/admin/", language_codes())
    )
    if not is_demonstration():
        lines += f"Sitemap: {site_origin(request)}{reverse('unlocalized:sitemap')}\n"
    return HttpResponse(lines, content_type="text/plain; charset=utf-8")


@require_safe
@cached_for_hours
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Invented facilities are for nobody to find, so it names none of those."""
    addresses = []
    if not is_demonstration():
        numbers = range(1, sitemaps.sitemap_part_count() + 1)
        addresses = [reverse("unlocalized:sitemap_pages"), reverse("unlocalized:sitemap_areas")]
        addresses += [
            reverse("unlocalized:sitemap_facilities", args=[number]) for number in numbers
        ]
    return xml_response(sitemaps.index_xml(site_origin(request), addresses))


@require_safe
@cached_for_hours
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    if is_demonstration():
        raise Http404
    return xml_response(
        sitemaps.urlset_xml(site_origin(request), sitemaps.plain_pages(language_codes()))
    )


@require_safe
@cached_for_hours
def sitemap_areas(request: HttpRequest) -> HttpResponse:
    if is_demonstration():
        raise Http404
    return xml_response(
        sitemaps.urlset_xml(site_origin(request), sitemaps.area_pages(language_codes()))
    )


@require_safe
@cached_for_hours
def sitemap_facilities(request: HttpRequest, number: int) -> HttpResponse:
    if is_demonstration() or not 1 <= number <= sitemaps.sitemap_part_count():
        raise Http404
    return xml_response(
        sitemaps.urlset_xml(site_origin(request), sitemaps.facility_pages(number, language_codes()))
    )


def is_demonstration() -> bool:
    release = newest_release()
    return bool(release and release.is_demonstration)


def site_origin(request: HttpRequest) -> str:
    """Return scheme and host as the request names them; ALLOWED_HOSTS limits them."""
    return f"{request.scheme}://{request.get_host()}"


def xml_response(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
