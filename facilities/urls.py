"""The addresses: the public's, each to one view, and the staff's."""

from django.urls import path, register_converter

from .admin import staff_site
from .presenters.selection import CodesConverter
from .views import (
    accessibility,
    care_finder,
    compare,
    facility,
    guides,
    handouts,
    help_now,
    history,
    home,
    map,
    methodology,
    offline,
    privacy,
    quality,
    reports,
    search,
    self_service,
    styleguide,
)

register_converter(CodesConverter, "codes")

urlpatterns = [
    path("", home.home, name="home"),
    path("for/<slug:slug>/", home.need, name="need"),
    path("how-it-works/", methodology.methodology, name="methodology"),
    path("choose/", care_finder.choose, name="choose"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:slug>/", guides.guide, name="guide"),
    path("search/", search.search, name="search"),
    path("map/", map.results_map, name="map"),
    path("map/points/", map.points, name="map_points"),
    path("facility/<slug:slug>/", facility.facility, name="facility"),
    path("compare/", compare.compare, name="compare"),
    path("compare/<codes:codes>/", compare.compared, name="comparison"),
    path("call/", handouts.call, name="call"),
    path("call/<codes:codes>/", handouts.call_sheet, name="call-sheet"),
    path("handout/", handouts.handout, name="handout"),
    path("handout/<codes:codes>/", handouts.handout_sheet, name="handout-sheet"),
    path("worksheets/<slug:slug>/", handouts.worksheet, name="worksheet"),
    path("facility/<slug:slug>/history/", history.history, name="facility_history"),
    path("facility/<slug:slug>/report/", reports.report, name="report"),
    path("receipt/", reports.receipt, name="receipt"),
    path("update/", self_service.update, name="update"),
    path("components/", styleguide.components, name="components"),
    path("accessibility/", accessibility.accessibility, name="accessibility"),
    path("quality/", quality.quality, name="quality"),
    path("help-now/", help_now.help_now, name="help-now"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("clear/", offline.clear, name="clear"),
    path("offline/", offline.offline, name="offline"),
    path("service-worker.js", offline.service_worker, name="service-worker"),
    path("admin/", staff_site.urls),
]
