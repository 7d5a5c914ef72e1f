"""The staff site: Django's admin, for people who gave a password and a code."""

from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect

from ..accounts.provider_accounts import came_through_provider
from .accounts import enrollment, sessions
from .accounts.login import StaffLogin, provider_context
from .dashboard import dashboard_links
from .federal_differences import federal_difference_urls
from .jobs import job_urls
from .organizations import organization_urls
from .queue import entries
from .today import today_context


class StaffSite(admin.AdminSite):
    """An admin site that requires a second factor in each session, here or at the provider."""

    index_title = _("Today")
    site_url = "/"
    enable_nav_sidebar = False
    login_form = StaffLogin

    def each_context(self, request: HttpRequest) -> dict:
        name = settings.SITE_NAME
        return super().each_context(request) | {"site_header": name, "site_title": name}

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and (
            request.user.is_verified() or came_through_provider(request.session)
        )

    def admin_view(self, view, *options, **named):
        """Refuse NUL in an address with 400: PostgreSQL takes it in no text, whatever filters."""
        protected = super().admin_view(view, *options, **named)

        @wraps(view)
        def respond(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if "%00" in request.META.get("QUERY_STRING", ""):
                raise SuspiciousOperation
            return protected(request, *args, **kwargs)

        return respond

    def page(self, view, permission: str):
        """Return ``view(request, context, **values)`` as a page for those who have a permission."""

        @wraps(view)
        def permitted(request: HttpRequest, **values) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, self.each_context(request), **values)

        return self.admin_view(permitted)

    def get_urls(self) -> list:
        own = [
            path("enroll/", csrf_protect(self.enroll), name="enroll"),
            path("backup-codes/", self.admin_view(self.backup_codes), name="backup_codes"),
            path("keys/", self.admin_view(self.keys), name="keys"),
            path("sessions/", self.admin_view(self.own_sessions), name="sessions"),
            *entries.queue_urls(self),
            *job_urls(self),
            *organization_urls(self),
            *federal_difference_urls(self),
        ]
        return own + super().get_urls()

    def index(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        context = {
            "links": dashboard_links(request.user),
            "new_devices": sessions.new_devices(request),
            **today_context(request.user),
        }
        return super().index(request, context | (extra_context or {}))

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        context = provider_context(request) | (extra_context or {})
        response = super().login(request, context)
        if request.method == "POST" and response.status_code == 302:
            sessions.record_login(request, response)
        return response

    def enroll(self, request: HttpRequest) -> HttpResponse:
        return enrollment.enrollment_page(request, self.each_context(request))

    def backup_codes(self, request: HttpRequest) -> HttpResponse:
        return enrollment.backup_codes_page(request, self.each_context(request))

    def keys(self, request: HttpRequest) -> HttpResponse:
        context = self.each_context(request) | {"title": gettext("Keys")}
        return render(request, "admin/keys.html", context)

    def own_sessions(self, request: HttpRequest) -> HttpResponse:
        return sessions.own_sessions(request, self.each_context(request))


staff_site = StaffSite()
