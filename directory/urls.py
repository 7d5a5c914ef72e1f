"""All addresses: English at the root, Spanish under /es/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = i18n_patterns(path("", include("facilities.urls")), prefix_default_language=False)
