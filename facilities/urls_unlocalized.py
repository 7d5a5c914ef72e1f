"""The addresses that belong to no language: what programs fetch at the root of the site."""

from django.urls import path

from .views import robots

urlpatterns = [
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.index, name="sitemap"),
    path("sitemap-pages.xml", robots.pages, name="sitemap-pages"),
    path("sitemap-facilities-<int:number>.xml", robots.facilities, name="sitemap-facilities"),
]
