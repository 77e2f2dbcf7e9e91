"""python -m tests.screenshots: draw the README's pictures anew from the real preview, in headless Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {"desktop": (1000, 900), "phone": (420, 860)}
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
WAIT_MILLISECONDS = 30_000


def find_chromium() -> str | None:
    """Return the path of a Chromium on this machine."""
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


@contextmanager
def running_preview(*options: str) -> Iterator[str]:
    """Start the preview as a process of its own, yield its address, and end it."""
    command = [sys.executable, "-m", "bot", "preview", "--no-browser", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = next(filter(None, map(ADDRESS.search, process.stdout)), None)
        if found is None:
            raise RuntimeError("the preview ended before it had an address")
        yield found.group()
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def open_page(address: str, width: int, height: int) -> Iterator[Page]:
    """Open an address in a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(SWITCHES))
        try:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.set_default_timeout(WAIT_MILLISECONDS)
            page.goto(address)
            page.wait_for_selector("#channel-composer-input")
            page.get_by_text("Viewport updated").wait_for()
            yield page
        finally:
            browser.close()


def say(page: Page, text: str, *, until: str) -> None:
    """Type a message, and wait until `until` is shown."""
    page.fill("#channel-composer-input", text)
    page.press("#channel-composer-input", "Enter")
    shown = page.get_by_text(until).last
    shown.wait_for()
    latest = page.get_by_text("jump to latest")
    if latest.is_visible():
        latest.click()
    page.get_by_text("Updating viewport").wait_for(state="hidden")
    shown.scroll_into_view_if_needed()


def main() -> int:
    """Draw each picture; 1 when there is no Chromium."""
    if find_chromium() is None:
        print("No Chromium found; on Debian or Ubuntu: sudo apt install chromium", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, (width, height) in SIZES.items():
        with running_preview() as address, open_page(address, width, height) as page:
            say(page, "whats the diffrence between a data scientst and ML engineer?", until="Choose Data Scientist")
            page.screenshot(path=PICTURES / f"{name}.png")
            say(page, "and the pay?", until="Advertised pay")
            page.screenshot(path=PICTURES / f"{name}-pay.png")
            say(page, "wat skils does a data enginer need", until="Must have")
            page.screenshot(path=PICTURES / f"{name}-skills.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
