"""The staff's site: Django's admin for those who gave a password and a code."""

from django.conf import settings
from django.contrib import admin
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _


class StaffSite(admin.AdminSite):
    """An admin site that knows nobody who has not shown a second factor in this session."""

    site_header = site_title = lazystr(settings.SITE_NAME)
    index_title = _("Curation")
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request) -> bool:
        return super().has_permission(request) and request.user.is_verified()


staff_site = StaffSite(name="admin")
