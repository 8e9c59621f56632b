"""Pages in a browser, signed in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def open_page(
    browser: Browser, live_server: LiveServer, admin_client: Client, browser_context_args: dict
) -> Iterator[Callable[..., Page]]:
    """`open_page(address, **look)` signed in as administrator; fails on any refusal or error."""
    contexts, complaints = [], []

    def open_one(address: str, *, signed_in: bool = True, **look: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, **look})
        contexts.append(context)
        if signed_in:
            name = settings.SESSION_COOKIE_NAME
            value = admin_client.cookies[name].value
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if _bad(line) else None)
        page.goto(live_server.url + address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def _bad(line: Any) -> bool:
    """An error in the console, but for the 404 that the test itself asked for."""
    return line.type == "error" and "404" not in line.text
