"""The addresses of the API and its feeds, in each language."""

from django.urls import path, re_path

from . import feeds, openapi, v1

app_name = "api"
urlpatterns = [
    path("api/v1/openapi.json", openapi.openapi_json, name="openapi"),
    path("api/v1/", v1.api.urls),
    re_path(r"^api/v1/(?P<path>.*)$", v1.not_found),
    path("feeds/all/", feeds.changes_feed, name="feed"),
    path("feeds/<slug:state>/", feeds.state_feed, name="state_feed"),
]
