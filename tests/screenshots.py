"""python -m tests.screenshots: draw the README's pictures anew from the real preview, in headless Chromium."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator

from tests.preview.browser import Visitor, find_chromium, open_page, running_preview

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
WIDTHS = {"desktop": 1000, "phone": 420}
"""How wide the channel is."""
SIDEBAR = 256
"""What the page shows beside the channel where there is room for it."""
MARGIN = 24
"""What is left free above and below the messages together; some of it is their own."""
SCROLL_TO = """(message, margin) => {
    const timeline = message.closest("#channel-timeline");
    timeline.scrollTop += message.getBoundingClientRect().top - timeline.getBoundingClientRect().top - margin;
}"""

QUESTION = "whats the diffrence between a data scientst and ML engineer?"

REPLIES = {
    "pay": ("what does an AI engineer earn?", "AI Engineer · Pay"),
    "skills": ("wat skils does a data enginer need", "Data Engineer · Skills"),
    "term": ("what is a feature store", "Feature store"),
    "choices": ("what about analytics", "Did you mean"),
    "decline": ("what's the weather tomorrow?", "I can't help with that"),
    "jobs": ("any remote jobs?", "Open jobs"),
}
"""One question for each other kind of reply, and what the reply says."""


def draw(visitor: Visitor, name: str, *, first: Locator, last: Locator) -> None:
    """Keep a picture of the channel, just high enough for the messages from `first` to `last`."""
    above, below = box(first), box(last)
    timeline = visitor.page.locator("#channel-timeline")
    size = visitor.page.viewport_size
    assert size is not None
    spare = box(timeline)["height"] - (below["y"] + below["height"] - above["y"]) - MARGIN
    visitor.page.set_viewport_size({"width": size["width"], "height": round(size["height"] - spare)})
    visitor.page.evaluate("document.activeElement.blur()")
    visitor.settled()
    first.evaluate(SCROLL_TO, MARGIN / 6)
    picture = Image.open(io.BytesIO(visitor.page.locator("#channel-layout").screenshot())).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)
    visitor.page.set_viewport_size(size)
    visitor.settled()


def box(shown: Locator) -> dict[str, float]:
    """Return where something is shown."""
    found = shown.bounding_box()
    assert found is not None
    return {"y": found["y"], "height": found["height"]}


def asked(visitor: Visitor, question: str) -> Locator:
    """Return the message that asked; the reply to it quotes it."""
    return visitor.messages.filter(has_text=question).nth(-2)


def draw_conversation(visitor: Visitor, device: str) -> None:
    """Ask what newcomers ask, compare one section, have a job announced, and draw each."""
    visitor.says(QUESTION)
    answer = visitor.sees("Data Scientist vs Machine Learning Engineer", "Choose Data Scientist")
    draw(visitor, device, first=asked(visitor, QUESTION), last=answer)

    visitor.runs("compare", first="Data Scientist", second="Machine Learning Engineer", section="Pay")
    comparison = visitor.sees("Data Scientist vs Machine Learning Engineer · Pay", "Advertised pay")
    draw(visitor, f"{device}-compare", first=comparison, last=comparison)

    visitor.runs("preview next-job")
    job = visitor.sees("Founding AI Engineer, Agents", "Occam AI")
    draw(visitor, f"{device}-job", first=job, last=job)


def draw_replies(visitor: Visitor, device: str) -> None:
    """Draw a reply of each other kind."""
    for name, (question, said) in REPLIES.items():
        visitor.says(question)
        reply = visitor.sees(said)
        draw(visitor, f"{device}-{name}", first=asked(visitor, question), last=reply)


SUBSCRIBED = (("senior data engineer", None), ("remote machine learning", "daily at"), ("germany", "Mondays"))
"""Which jobs each of three more subscriptions is for, and when they come."""
BY_HAND = (
    ("Data Engineer, Streaming", "Fern", "https://jobs.example.com/1", "Berlin, hybrid", "€60k - 80k a year"),
    ("Machine Learning Engineer", "Moss", "https://jobs.example.com/2", "Munich", "€70k - 90k a year"),
)


def draw_day(visitor: Visitor) -> None:
    """Draw a day of a server: set up, three filters, a list, a closed job, and why a job came."""
    for words, when in SUBSCRIBED:
        visitor.runs("announce setup")
        visitor.presses(visitor.sees("Pings", "Which jobs"), "Which jobs …")
        visitor.fills_in(words)
        setup = visitor.sees("Pings", "open job")
        if when:
            visitor.chooses(setup, "When:", when)
            setup = visitor.sees("Pings", when)
        if when == SUBSCRIBED[1][1]:
            draw(visitor, "day-setup", first=setup, last=setup)
        visitor.presses(setup, "Save")
        visitor.sees("Saved", "#")
    visitor.runs("announce edit", subscription="#1")
    setup = visitor.sees("Pings", "#1")
    visitor.chooses(setup, "When:", "daily at")
    visitor.presses(visitor.sees("Pings", "#1"), "Save")
    visitor.sees("That holds for jobs to come")

    visitor.runs("preview next-job")
    visitor.sees("A job has come in")
    for job in BY_HAND:
        visitor.runs("job add")
        visitor.fills_in(*job)
        visitor.sees(job[0], "is in.")
    visitor.runs("announce status")
    status = visitor.sees("Job announcements", "#4")
    draw(visitor, "day-status", first=status, last=status)

    visitor.runs("preview next-day")
    listed = visitor.sees("3 new jobs")
    draw(visitor, "day-list", first=listed, last=listed)
    visitor.runs("job close", job=BY_HAND[0][0])
    closed = visitor.sees("3 new jobs", "This job is closed")
    draw(visitor, "day-closed", first=closed, last=closed)
    visitor.runs("jobs why", job=BY_HAND[1][0])
    why = visitor.sees("Moss", "#4")
    draw(visitor, "day-why", first=why, last=why)


def main() -> int:
    """Draw each picture; 1 when there is no Chromium."""
    if find_chromium() is None:
        print("No Chromium found; on Debian or Ubuntu: sudo apt install chromium", file=sys.stderr)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    for device, width in WIDTHS.items():
        beside = SIDEBAR if device == "desktop" else 0
        with (
            running_preview("--job-after", "1000000") as address,
            open_page(address, width=width + beside, height=1600) as visitor,
        ):
            draw_conversation(visitor, device)
            if device == "phone":
                draw_replies(visitor, device)
    with (
        running_preview("--job-after", "1000000") as address,
        open_page(address, width=WIDTHS["phone"], height=1600) as visitor,
    ):
        draw_day(visitor)
    return 0


if __name__ == "__main__":
    sys.exit(main())
