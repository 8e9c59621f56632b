"""What axe finds wrong with a page in a browser."""

from collections.abc import Iterable, Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: The rules that look at colours: all that another colour scheme can change.
_COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Page, *, colours: bool = False) -> list[tuple[str, str, str]]:
    """Return impact, rule and first element of everything that axe finds; or only of colours."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": _COLOURS} if colours else {})
    return [
        (each["impact"], each["id"], each["nodes"][0]["html"])
        for each in Axe().run(page, options=options).response["violations"]
    ]


def in_light_and_dark(page: Page) -> list[tuple[str, str, str]]:
    """Return what axe finds in either colour scheme; they differ in colours alone."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    return found + violations(page, colours=True)


def more_than_minor(page: Page) -> list[tuple[str, str, str]]:
    """Return what axe finds and does not call minor."""
    return [each for each in violations(page) if each[0] != "minor"]


def told_of(page: Page, addresses: Iterable[str], widths: Sequence[int]) -> list[tuple[str, ...]]:
    """Return what is wrong with pages: too wide for a screen, or more than minor for axe.

    One browser walks through all: opening one for each takes most of the time of looking.
    """
    told: list[tuple[str, ...]] = []
    for address in addresses:
        page.goto(address)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 740})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                told.append((address, "wider than", str(width)))
        page.wait_for_load_state("networkidle")
        told += [(address, *each) for each in more_than_minor(page)]
    return told
