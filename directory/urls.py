"""All addresses: English at the root, Spanish under /es/, and what machines fetch."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("", include("facilities.root_urls")),
    *i18n_patterns(path("", include("facilities.urls")), prefix_default_language=False),
]
handler400 = "facilities.views.errors.bad_request"
handler500 = "facilities.views.errors.server_error"
