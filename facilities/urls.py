"""The public addresses, each to one view."""

from django.urls import path

from .views import choose, facility, guides, home, methodology, search

urlpatterns = [
    path("", home.home, name="home"),
    path("how-it-works/", methodology.methodology, name="methodology"),
    path("choose/", choose.choose, name="choose"),
    path("guides/", guides.guides, name="guides"),
    path("guides/<slug:slug>/", guides.guide, name="guide"),
    path("search/", search.search, name="search"),
    path("facility/<slug:slug>/", facility.facility, name="facility"),
]
