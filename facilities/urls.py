"""The public addresses, each to one view."""

from django.urls import path

from .views import facility, home, search

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("facility/<slug:slug>/", facility.facility, name="facility"),
]
