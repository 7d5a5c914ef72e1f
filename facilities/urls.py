"""The public addresses, each to one view."""

from django.urls import path, register_converter

from .shortlist import CodesConverter
from .views import call, choose, compare, facility, guides, home, methodology, search

register_converter(CodesConverter, "codes")

urlpatterns = [
    path("", home.home, name="home"),
    path("how-it-works/", methodology.methodology, name="methodology"),
    path("choose/", choose.choose, name="choose"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:slug>/", guides.guide, name="guide"),
    path("search/", search.search, name="search"),
    path("facility/<slug:slug>/", facility.facility, name="facility"),
    path("compare/", compare.compare, name="compare"),
    path("compare/<codes:codes>/", compare.compared, name="comparison"),
    path("call/", call.call, name="call"),
    path("call/<codes:codes>/", call.call_sheet, name="call-sheet"),
    path("handout/", call.handout, name="handout"),
    path("handout/<codes:codes>/", call.handout_sheet, name="handout-sheet"),
    path("worksheets/<slug:slug>/", call.worksheet, name="worksheet"),
]
