"""Somebody's browser in a journey of several people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

#: Milliseconds: a busy machine is waited for.
PATIENCE = 30_000


class Desk:
    """A browser of its own, signed in."""

    def __init__(
        self,
        browser: Browser,
        live_server: LiveServer,
        client: Client,
        arguments: dict[str, Any],
    ) -> None:
        context = browser.new_context(**arguments)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        self.base, self.page = live_server.url, context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.set_default_timeout(PATIENCE)

    def open(self, path: str) -> Page:
        """Go to an address."""
        self.page.goto(self.base + path)
        return self.page

    def press(self, name: str) -> None:
        """Press the first button of that name."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        """Follow the first link of that name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()
