"""Căn cứ: the law in force on a day, the documents, targets and waivers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def law_list(request: HttpRequest) -> HttpResponse:
    """Parameters in force on the date of view."""
    return render(request, "compliance/law_list.html", {})
