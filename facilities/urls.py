"""The addresses: the public's, each to one view, and the staff's."""

from django.urls import path

from .admin import staff_site
from .views import (
    choose,
    facility,
    guides,
    history,
    home,
    methodology,
    quality,
    report,
    search,
    update,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("how-it-works/", methodology.methodology, name="methodology"),
    path("choose/", choose.choose, name="choose"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:slug>/", guides.guide, name="guide"),
    path("search/", search.search, name="search"),
    path("facility/<slug:slug>/", facility.facility, name="facility"),
    path("facility/<slug:slug>/history/", history.history, name="facility_history"),
    path("facility/<slug:slug>/report/", report.report, name="report"),
    path("receipt/", report.receipt, name="receipt"),
    path("update/", update.update, name="update"),
    path("quality/", quality.quality, name="quality"),
    path("admin/", staff_site.urls),
]
