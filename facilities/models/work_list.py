"""What staff keep to find listings again: tags, which the public never sees, and saved views."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .facility import Facility


class ListingTag(models.Model):
    """A word of the staff about one facility."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40, db_index=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.UniqueConstraint(fields=["facility", "name"], name="tag_once")]

    def __str__(self):
        return f"{self.name}: facility {self.facility_id}"


class SavedView(models.Model):
    """A search of the list of facilities under a name that all staff use."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True, help_text="The end of its address.")
    query = models.TextField(blank=True, help_text="The query string of the list.")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")

    def __str__(self):
        return self.name
