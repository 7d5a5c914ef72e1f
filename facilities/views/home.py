"""The front page: where to look, and who to call."""

from django.shortcuts import render


def home(request):
    return render(request, "facilities/home.html")
