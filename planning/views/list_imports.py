"""The plans that an office's list touched, on the page of the list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadre_portal.common import clock
from cadres.selectors.list_imports import list_import_get
from planning.contexts.list_imports import plan_lines
from planning.selectors.list_imports import plans_touched_by


@require_safe
def list_plans(request: HttpRequest, pk: int) -> HttpResponse:
    """Plans with people of the list, those that fail first, judged on the data of now."""
    found = list_import_get(request.user, pk)
    lines = plan_lines(request.user, plans_touched_by(request.user, found), clock.today())
    context: dict[str, Any] = {
        "plans": lines,
        "first": next((line for line in lines if line["is_failing"]), None),
    }
    if request.headers.get("HX-Request"):
        return render(request, "planning/_list_plans.html", context)
    context |= {
        "subject": found.file_name,
        "back_url": reverse("cadres:list-import-detail", args=[pk]),
        "part": "planning/_list_plans.html",
    }
    return render(request, "planning/panel.html", context)
