"""A real browser for the tests of pages: the machine's own Chromium, started once.

Pages are opened as files, without a server, and whatever a page asks for from elsewhere is a failure of the test.
Playwright keeps an event loop running as long as the browser is open, so tests in this folder are not ``async``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Request, sync_playwright

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}

Scheme = Literal["light", "dark"]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; without one the tests are left out on a developer's machine, and fail where ``CI`` is set."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        reason = f"no Chromium on this machine (looked for {', '.join(CHROMIUM)}); install Debian's package chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return how to open a file: ``opened(path, width…, scheme="dark")``; scripts of the page itself are off."""
    asked_for: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "about:")):
            asked_for.append(request.url)

    contexts = []

    def open_file(path: Path, size: dict[str, int] = PHONE, scheme: Scheme = "light", scripts: bool = False) -> Page:
        context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("request", note)
        page.goto(path.resolve().as_uri())
        return page

    yield open_file

    for context in contexts:
        context.close()
    assert asked_for == []


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong at WCAG A and AA, each with the first place where it does; needs ``scripts=True``."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options)", AXE)
    assert len(found["passes"]) > 5, "axe looked at nothing"
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


Look = tuple[dict[str, int], Scheme]
"""The size of a screen, and whether it is light or dark."""


def hard_to_read(page: Page, looks: Iterable[Look]) -> list[str]:
    """Return what is wrong with a page on each of these screens; needs ``scripts=True``."""
    wrong = []
    for size, scheme in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found = violations(page) + ["is wider than the screen"] * is_wider_than_the_screen(page)
        wrong += [f"{size['width']} wide, {scheme}: {one}" for one in found]
    return wrong


def is_wider_than_the_screen(page: Page) -> bool:
    """Tell whether somebody has to scroll sideways; needs ``scripts=True``."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
