"""What several staff lists have in common."""

from django.contrib import admin


class ListAdmin(admin.ModelAdmin):
    """A list of fixed length without bulk actions. Nothing is added or deleted by hand."""

    actions = None
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class ReadOnlyAdmin(ListAdmin):
    """A list that changes only by the buttons of its own pages."""

    def has_change_permission(self, request, obj=None) -> bool:
        return False
