"""The way from one call to the next."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from ...curation.work_queue import assignments
from ...curation.work_queue.ranking import read_queue
from ...models import Facility
from ...web.context_processors import service_area
from .filters import QueueFilterForm


def redirect_to_next_call(request) -> HttpResponse:
    """Take the first free listing under the same filter; go back to the list if none is left."""
    queue = read_queue(service_area(), timezone.now())
    asked = QueueFilterForm(request.GET, queue)
    entries = queue.filter(asked.wanted, request.user.pk) if asked.wanted else []
    key = assignments.claim_first_free(entries, request.user, now=queue.now)
    if key is None:
        messages.info(request, gettext("Nothing waits here now."))
        return redirect(reverse_with_query("admin:queue", asked.kept))
    code = Facility.objects.values_list("code", flat=True).get(pk=key)
    return redirect(reverse_with_query("admin:queue_call", asked.kept, code))


def reverse_with_query(name: str, query: str, *values) -> str:
    return reverse(name, args=values) + (f"?{query}" if query else "")
