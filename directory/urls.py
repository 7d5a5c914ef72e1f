"""All addresses: English at the root, each other language under its code."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("", include("facilities.urls_unlocalized")),
    path("api/hsds/", include("facilities.api.hsds.urls")),
    *i18n_patterns(
        path("", include("facilities.urls")),
        path("", include("facilities.api.urls")),
        path("admin/", include("facilities.admin.urls")),
        prefix_default_language=False,
    ),
]
if settings.OIDC_ISSUER:
    # The provider knows one address to send people back to, whatever their language. The module
    # needs packages that only such a site installs.
    provider = path("admin/provider/", include("facilities.admin.accounts.identity_provider"))
    urlpatterns.insert(0, provider)
handler400 = "facilities.web.errors.bad_request"
handler500 = "facilities.web.errors.server_error"
