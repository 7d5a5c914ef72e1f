"""The addresses that belong to no language: what programs fetch at the root of the site."""

from django.urls import path

from .views import crawlers

urlpatterns = [
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.index, name="sitemap"),
    path("sitemap-pages.xml", crawlers.pages, name="sitemap-pages"),
    path("sitemap-facilities-<int:number>.xml", crawlers.facilities, name="sitemap-facilities"),
]
