"""Addresses as in HSDS's own OpenAPI document: without a slash at the end."""

from django.urls import path

from . import views

app_name = "hsds"
urlpatterns = [
    path("", views.about_this_api, name="about"),
    path("openapi.json", views.openapi, name="openapi"),
    path("services", views.list_services, name="services"),
    path("services/<uuid:key>", views.read_service, name="service"),
    path("service_at_locations", views.list_service_at_locations, name="service_at_locations"),
    path(
        "service_at_locations/<uuid:key>",
        views.read_service_at_location,
        name="service_at_location",
    ),
    path("organizations", views.list_organizations, name="organizations"),
    path("organizations/<uuid:key>", views.read_organization, name="organization"),
    path("taxonomies", views.list_taxonomies, name="taxonomies"),
    path("taxonomies/<uuid:key>", views.read_taxonomy, name="taxonomy"),
    path("taxonomy_terms", views.list_taxonomy_terms, name="taxonomy_terms"),
    path("taxonomy_terms/<uuid:key>", views.read_taxonomy_term, name="taxonomy_term"),
]
