"""The addresses: the public's, each to one view, and the staff's."""

from django.urls import path, register_converter

from .admin import staff_site
from .shortlist import CodesConverter
from .views import (
    accessibility,
    call,
    choose,
    compare,
    components,
    device,
    facility,
    guides,
    help_now,
    history,
    home,
    map,
    methodology,
    privacy,
    quality,
    report,
    search,
    update,
)

register_converter(CodesConverter, "codes")

urlpatterns = [
    path("", home.home, name="home"),
    path("for/<slug:slug>/", home.need, name="need"),
    path("how-it-works/", methodology.methodology, name="methodology"),
    path("choose/", choose.choose, name="choose"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:slug>/", guides.guide, name="guide"),
    path("search/", search.search, name="search"),
    path("map/", map.results_map, name="map"),
    path("map/points/", map.points, name="map_points"),
    path("facility/<slug:slug>/", facility.facility, name="facility"),
    path("compare/", compare.compare, name="compare"),
    path("compare/<codes:codes>/", compare.compared, name="comparison"),
    path("call/", call.call, name="call"),
    path("call/<codes:codes>/", call.call_sheet, name="call-sheet"),
    path("handout/", call.handout, name="handout"),
    path("handout/<codes:codes>/", call.handout_sheet, name="handout-sheet"),
    path("worksheets/<slug:slug>/", call.worksheet, name="worksheet"),
    path("facility/<slug:slug>/history/", history.history, name="facility_history"),
    path("facility/<slug:slug>/report/", report.report, name="report"),
    path("receipt/", report.receipt, name="receipt"),
    path("update/", update.update, name="update"),
    path("components/", components.components, name="components"),
    path("accessibility/", accessibility.accessibility, name="accessibility"),
    path("quality/", quality.quality, name="quality"),
    path("help-now/", help_now.help_now, name="help-now"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("clear/", device.clear, name="clear"),
    path("offline/", device.offline, name="offline"),
    path("service-worker.js", device.service_worker, name="service-worker"),
    path("admin/", staff_site.urls),
]
