"""Accounts of staff, for administrators: who has which role, new links, lifting a lock.

An account is switched off and never deleted: what it checked keeps its name.
"""

from axes.utils import reset
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from ...accounts import enrollment
from ...accounts.provider_accounts import is_linked_to_provider
from ...roles import CURATOR, role_of
from ..site import staff_site
from .sessions import sessions_of

ROLES = {
    "curator": _("Curator: checks, corrects, answers reports"),
    "editor": _("Editor: also adds, hides and merges facilities, keeps credentials"),
    "administrator": _("Administrator: also accounts and releases"),
}


class AccountForm(forms.ModelForm):
    """A name, which never changes; an address; one role; and whether the account works."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES, initial=CURATOR)
    role.widget = forms.RadioSelect(choices=list(ROLES.items()))

    class Meta:
        model = User
        fields = ("username", "email", "role", "is_active")
        help_texts = {"email": _("Where the person is told of a log-in from a new device.")}

    def __init__(self, *arguments, **words):
        super().__init__(*arguments, **words)
        if self.instance.pk:
            self.initial["role"] = role_of(group.name for group in self.instance.groups.all())
            if "username" in self.fields:
                self.fields["username"].disabled = True

        if is_linked_to_provider(self.instance, settings.OIDC_ISSUER):
            self.fields["role"].disabled = True
            self.fields["role"].required = False  # whoever left all groups has none
            self.fields["role"].help_text = _("The groups of the identity provider decide it.")

    def clean(self):
        cleaned = super().clean()
        stays = cleaned.get("role") == "administrator" and cleaned.get("is_active", True)
        if self.instance.pk and not stays and enrollment.is_last_administrator(self.instance):
            raise ValidationError(
                _("This is the only administrator who can log in. Make another one first.")
            )
        return cleaned


@admin.register(User, site=staff_site)
class AccountAdmin(admin.ModelAdmin):
    """The accounts; a superuser's only for superusers."""

    form = AccountForm
    list_display = ("username", "role", "state", "last_login")
    list_filter = ("groups", "is_active")
    search_fields = ("username",)
    show_facets = admin.ShowFacets.NEVER
    ordering = ("username", "pk")
    actions = ("lift_lock",)

    def get_queryset(self, request: HttpRequest):
        accounts = super().get_queryset(request).filter(is_staff=True)
        return accounts.select_related("provider_account").prefetch_related("groups")

    def get_fields(self, request: HttpRequest, obj=None):
        fields = ("username", "email", "role")
        return (*fields, "is_active") if obj else fields

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def get_urls(self) -> list:
        invite = self.admin_site.admin_view(self.invite)
        sessions = self.admin_site.admin_view(self.sessions)
        return [
            path("<int:key>/link/", invite, name="auth_user_link"),
            path("<int:key>/sessions/", sessions, name="auth_user_sessions"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Accounts")} | (extra_context or {}))

    @admin.display(description=_("Role"))
    def role(self, user: User):
        if user.is_superuser:
            return _("Superuser")
        return role_of(group.name for group in user.groups.all()) or "-"

    @admin.display(description=_("State"))
    def state(self, user: User):
        if not user.is_active:
            return _("Switched off")
        if is_linked_to_provider(user, settings.OIDC_ISSUER):
            return _("Logs in with %(provider)s") % {"provider": settings.OIDC_NAME}
        return _("Can log in") if enrollment.is_enrolled(user) else _("Link not used yet")

    @admin.action(description=_("Lift the log-in lock"), permissions=["change"])
    def lift_lock(self, request: HttpRequest, users) -> None:
        for user in users:
            reset(username=user.username)
        self.message_user(request, _("They may try again."))

    def save_model(self, request: HttpRequest, user: User, form, change) -> None:
        if not change:
            user.is_staff = True
            user.set_unusable_password()
        super().save_model(request, user, form, change)
        enrollment.give_role(user, form.cleaned_data["role"])

    def response_add(self, request: HttpRequest, user: User, post_url_continue=None):
        return self.show_link(request, user)

    def invite(self, request: HttpRequest, key: int) -> HttpResponse:
        user = get_object_or_404(self.get_queryset(request), pk=key)
        if not self._may_make_link(request, user):
            raise PermissionDenied
        if request.method == "POST":
            self.log_change(request, user, "New link to begin the account again.")
            return self.show_link(request, user)
        context = self.admin_site.each_context(request) | {"title": _("New link"), "account": user}
        return render(request, "admin/accounts/link_confirm.html", context)

    def _may_make_link(self, request: HttpRequest, user: User) -> bool:
        is_not_theirs = user == request.user or is_linked_to_provider(user, settings.OIDC_ISSUER)
        return not is_not_theirs and self.has_change_permission(request, user)

    def render_change_form(self, request, context, *arguments, obj=None, **named):
        context["may_make_link"] = obj is not None and self._may_make_link(request, obj)
        return super().render_change_form(request, context, *arguments, obj=obj, **named)

    def sessions(self, request: HttpRequest, key: int) -> HttpResponse:
        user = get_object_or_404(self.get_queryset(request), pk=key)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        return sessions_of(request, self.admin_site.each_context(request), user)

    def show_link(self, request: HttpRequest, user: User) -> HttpResponse:
        page = reverse("admin:enroll", query={"link": enrollment.create_enrollment_link(user)})
        context = self.admin_site.each_context(request) | {
            "title": _("The link that begins this account"),
            "account": user,
            "address": request.build_absolute_uri(page),
        }
        return render(request, "admin/accounts/link.html", context)
