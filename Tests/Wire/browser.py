"""A real browser on a page: Debian's Chromium, headless, driven by Playwright. What it complains about is kept."""

import os
import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


class Watched:
    """A page with its console errors, its errors and every address that it asked for."""

    def __init__(self, page):
        self.page = page
        self.errors = []
        self.requests = []
        page.on("console", lambda message: message.type in ("error", "warning") and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    @property
    def overflow(self):
        """How many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def foreign(self, origin):
        return [url for url in self.requests if not url.startswith((origin + "/", "data:"))]

    def text(self, selector):
        return self.page.inner_text(selector)

    def wait_for_text(self, selector, text, seconds=5):
        self.page.wait_for_function(
            "([selector, text]) => document.querySelector(selector)?.innerText.includes(text)",
            arg=[selector, text], timeout=seconds * 1000)


@contextmanager
def chromium():
    path = shutil.which("chromium")
    assert path, "no chromium: run scripts/bootstrap --tests"
    # Chromium's own sandbox does not start as root.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser, url, **options):
    """The page of an address in a context of its own: `viewport`, `color_scheme`, `java_script_enabled` as Playwright has them."""
    context = browser.new_context(**({"viewport": DESK} | options))
    try:
        watched = Watched(context.new_page())
        watched.page.goto(url)
        yield watched
    finally:
        context.close()
