"""Settings and pages that several staff lists share."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect


class PagedListAdmin(admin.ModelAdmin):
    """A list of fixed length without bulk actions."""

    actions = None
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER


class NoAddOrDeleteAdmin(PagedListAdmin):
    """A list to which nobody adds records by hand, and from which nobody deletes any."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class ReadOnlyAdmin(NoAddOrDeleteAdmin):
    """A list that changes only by the buttons of its own pages."""

    def has_change_permission(self, request, obj=None) -> bool:
        return False


class RecordPageMixin:
    """Shows a page of our own in place of Django's form and history of a record."""

    def record_page(self, request, record, context: dict) -> HttpResponse:
        """Answer GET and POST; POST only comes from people who may change the record."""
        raise NotImplementedError

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {"opts": self.opts}
        return self.record_page(request, record, context)

    def history_view(self, request, object_id, extra_context=None) -> HttpResponse:
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", object_id)
