"""The public pages: each address and its view."""

from django.urls import path, register_converter

from .api import page as api_page
from .presenters.selection import CodesConverter
from .views import (
    accessibility,
    area,
    care_finder,
    compare,
    embed,
    facility,
    guides,
    handouts,
    help_now,
    history,
    home,
    hsds_profile,
    map,
    methodology,
    offline,
    privacy,
    published_data,
    quality,
    reports,
    search,
    self_service,
    styleguide,
    terms,
)

register_converter(CodesConverter, "codes")

app_name = "facilities"
urlpatterns = [
    path("", home.home, name="home"),
    path("for/<slug:slug>/", home.search_preset, name="search_preset"),
    path("how-it-works/", methodology.methodology, name="methodology"),
    path("choose/", care_finder.choose, name="care_finder"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:slug>/", guides.guide, name="guide"),
    path("search/", search.search, name="search"),
    path("map/", map.results_map, name="map"),
    path("map/points/", map.map_points, name="map_points"),
    path("facility/<slug:slug>/", facility.facility, name="facility"),
    path("area/<slug:slug>/", area.area, name="area"),
    path("embed/", embed.embed, name="embed"),
    path("embed/webmasters/", embed.webmasters, name="webmasters"),
    path("compare/", compare.redirect_to_comparison, name="compare"),
    path("compare/<codes:codes>/", compare.comparison_page, name="comparison"),
    path("call/", handouts.redirect_to_call_sheet, name="call"),
    path("call/<codes:codes>/", handouts.call_sheet, name="call_sheet"),
    path("handout/", handouts.redirect_to_handout, name="handout"),
    path("handout/<codes:codes>/", handouts.handout_sheet, name="handout_sheet"),
    path("worksheets/<slug:slug>/", handouts.worksheet, name="worksheet"),
    path("facility/<slug:slug>/history/", history.history, name="facility_history"),
    path("facility/<slug:slug>/report/", reports.report, name="report"),
    path("receipt/", reports.receipt, name="receipt"),
    path("update/", self_service.update_listing, name="self_service"),
    path("components/", styleguide.components, name="styleguide"),
    path("accessibility/", accessibility.accessibility, name="accessibility"),
    path("terms/", terms.terms_of_use, name="terms"),
    path("api/", api_page.api_page, name="api"),
    path("quality/", quality.quality, name="quality"),
    path("api/hsds/profile/", hsds_profile.hsds_profile, name="hsds_profile"),
    path("data/", published_data.published_data_page, name="data"),
    path("help-now/", help_now.help_now, name="help_now"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("clear/", offline.clear_device_data, name="clear_device"),
    path("offline/", offline.offline, name="offline"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
]
