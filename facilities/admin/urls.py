"""The pages of the staff site."""

from . import staff_site

urlpatterns, app_name, _ = staff_site.urls
