"""Việc của tôi, and the notices behind the bell."""

from __future__ import annotations

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cadre_portal.common import clock
from cadres.selectors.notices import notices_of, unread_count
from cadres.services.notices import notices_read
from cadres.todo import Todo, todos_of

PER_PAGE = 50


@require_safe
def todo_list(request: HttpRequest) -> HttpResponse:
    """What waits for me, by kind; what is overdue first."""
    today = clock.today()
    todos = todos_of(request.user, today)
    order = list(dict.fromkeys(todo.group for todo in todos))
    grouped = groupby(sorted(todos, key=lambda todo: order.index(todo.group)), _group)
    context = {
        "groups": [
            {"title": title, "rows": [_row(todo, today) for todo in rows]}
            for title, rows in grouped
        ],
        "count": sum(todo.count for todo in todos),
        "late": sum(todo.count for todo in todos if todo.due_on and todo.due_on < today),
    }
    return render(request, "cadres/todo/list.html", context)


def _group(todo: Todo) -> str:
    return todo.group


def _row(todo: Todo, today: object) -> dict[str, object]:
    left = (todo.due_on - today).days if todo.due_on else None  # type: ignore[operator]
    return {"todo": todo, "left": left, "late": None if left is None else -left}


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """What the portal told me."""
    page = Paginator(notices_of(request.user), PER_PAGE).get_page(request.GET.get("trang"))
    context = {"page": page, "unread": unread_count(request.user)}
    return render(request, "cadres/todo/notices.html", context)


@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where a notice leads, and mark it as read."""
    notice = get_object_or_404(notices_of(request.user), pk=pk)
    notices_read(actor=request.user, pk=notice.pk)
    return redirect(notice.url)


@require_POST
def notices_all_read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    notices_read(actor=request.user)
    return redirect("cadres:notice-list")
