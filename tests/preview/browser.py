"""A visitor with a Chromium: types, uses commands and presses buttons on the page of the preview."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
WAIT_MILLISECONDS = 30_000
STOP_SECONDS = 30
SETTLED = """() => {
    const page = window.simcordPreview, known = page?.presentation?.host, size = page?.geometry?.host;
    return page?.ready && !page.pendingAction && known?.width === size.width && known?.height === size.height;
}"""
"""Whether the page has shown all, takes an action (it drops those that come too early) and knows its size."""


def find_chromium() -> str | None:
    """Return the path of a Chromium on this machine."""
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


@contextmanager
def running_preview(*options: str, folder: Path | None = None) -> Iterator[str]:
    """Start the preview as a process of its own, yield its address, and end it."""
    command = [sys.executable, "-m", "bot", "preview", "--no-browser", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)
    try:
        assert process.stdout is not None
        found = next(filter(None, map(ADDRESS.search, process.stdout)), None)
        if found is None:
            raise RuntimeError("the preview ended before it had an address")
        yield found.group()
    finally:
        process.terminate()
        process.wait(timeout=STOP_SECONDS)
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def open_page(address: str, *, width: int = 1280, height: int = 900, scale: float = 1) -> Iterator[Visitor]:
    """Open an address in a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(SWITCHES))
        try:
            # Playwright waits for things with scripts, which the page would not let run.
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=scale, bypass_csp=True
            )
            context.set_default_timeout(WAIT_MILLISECONDS)
            page = context.new_page()
            page.goto(address)
            visitor = Visitor(page)
            visitor.settled()
            yield visitor
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who uses the page."""

    page: Page

    @property
    def messages(self) -> Locator:
        """Every message that is shown, oldest first."""
        return self.page.locator(".channel-message")

    def settled(self) -> None:
        """Wait until the page has shown what there is, and takes the next action."""
        self.page.wait_for_function(SETTLED)

    def sees(self, *texts: str) -> Locator:
        """Wait for a message that holds every text, and return the newest one."""
        found = self.messages
        for text in texts:
            found = found.filter(has_text=text)
        found.last.wait_for()
        self.settled()
        return found.last

    def says(self, text: str) -> None:
        """Type a message and send it."""
        self.settled()
        self.page.fill("#channel-composer-input", text)
        self.page.press("#channel-composer-input", "Enter")

    def presses(self, message: Locator, label: str) -> None:
        """Press a button of a message."""
        self.settled()
        emoji_and_label = re.compile(rf"^\W*{re.escape(label)}$")
        message.get_by_role("button", name=emoji_and_label).click()

    def chooses(self, message: Locator, before: str, option: str) -> None:
        """Choose another option of the select of a message that shows `before`."""
        self.settled()
        message.locator(".select-trigger", has_text=before).click()
        self.page.locator(".select-option", has_text=option).locator("visible=true").first.click()
        self.settled()

    def fills_in(self, *texts: str) -> None:
        """Fill the fields of the form that is open, from the first on, and submit it."""
        form = self.page.locator("[role=dialog], dialog").locator("visible=true").first
        fields = form.locator(".modal-input, textarea")
        fields.first.wait_for()
        for position, text in enumerate(texts):
            fields.nth(position).fill(text)
        form.get_by_role("button", name="Submit").click()
        self.settled()

    def runs(self, command: str, *, written: Mapping[str, str] | None = None, **options: str) -> None:
        """Pick a slash command, pick each option from what is offered for what is typed, write others, and send it."""
        self.page.click("#channel-composer-input")
        self.page.keyboard.type(f"/{command}")
        self._pick(f"/{command}")
        for option, typed in options.items():
            self._types(option, typed)
            self._pick(typed)
        for option, typed in (written or {}).items():
            self._types(option, typed)
        self.settled()
        self.page.click("#send-message")

    def _types(self, option: str, typed: str) -> None:
        field = self.page.locator(f"input.command-option-input[data-option={option}]")
        if not field.is_visible():
            self.page.locator(".command-ghost").click()
            self._pick(option)
        field.click()
        self.page.keyboard.type(typed)

    def _pick(self, text: str) -> None:
        self.page.locator(".command-popup [role=option]", has_text=text).first.click()
