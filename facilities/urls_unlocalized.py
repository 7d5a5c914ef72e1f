"""Addresses outside any language: what crawlers and programs fetch."""

from django.urls import path

from .views import published_data, robots, security_contact

app_name = "unlocalized"
urlpatterns = [
    path("data/<slug:snapshot>/<str:name>", published_data.published_file, name="data_file"),
    path("robots.txt", robots.robots_txt, name="robots"),
    path(".well-known/security.txt", security_contact.security_txt, name="security_txt"),
    path("sitemap.xml", robots.sitemap_index, name="sitemap"),
    path("sitemap-pages.xml", robots.sitemap_pages, name="sitemap_pages"),
    path("sitemap-areas.xml", robots.sitemap_areas, name="sitemap_areas"),
    path(
        "sitemap-facilities-<int:number>.xml", robots.sitemap_facilities, name="sitemap_facilities"
    ),
]
