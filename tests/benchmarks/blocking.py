"""How long hostile text keeps the event loop from anything else: from the question to the rendered message."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from time import perf_counter

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.app import load_advisor
from bot.config import default_knowledge
from bot.frontends.discord.rendering import Renderer
from bot.services.ask import Asker, AskService, NoOpenings
from tests.benchmarks.table import Line

LENGTH = 6_000
LIMIT_MS = 20.0
TIMES = 3
"""The best of so many runs of a slow text counts: other programs may hold the machine up, and never help it."""
RANDOM_TEXTS = 10_000
_NAMES = ("data engineer", "what does a ", " earn", "MLE vs DS ", "@everyone ", "{role}")
_PIECES = (*_NAMES, "\u202e", "\u200b", "```", "> ", "$", "🙂")
RANDOM_TEXT = st.one_of(
    st.text(max_size=LENGTH),
    st.lists(st.one_of(st.text(max_size=9), st.sampled_from(_PIECES)), max_size=200).map("".join),
    st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12), max_size=200).map(" ".join),
)


def measure() -> list[Line]:
    """Return for each kind of text, and for all random ones, the longest time that nothing else could run."""
    with asyncio.Runner() as runner:
        service = AskService(load_advisor(default_knowledge()), NoOpenings(), runner.get_loop().time)
        renderer = Renderer(service)

        def longest_gap(text: str) -> float:
            gap = runner.run(_longest_gap(service, renderer, text))
            for _ in range(TIMES - 1):
                if gap >= LIMIT_MS / 2:
                    gap = min(gap, runner.run(_longest_gap(service, renderer, text)))
            return gap

        longest_gap("hello")
        lines = [_line(name, longest_gap(text)) for name, text in hostile_texts().items()]
        return [*lines, _line(f"{RANDOM_TEXTS:,} random texts", longest_of_random(longest_gap))]


def _line(name: str, gap: float) -> Line:
    return Line(name, gap, "ms", kept=gap < LIMIT_MS)


def longest_of_random(longest_gap: Callable[[str], float], texts: int = RANDOM_TEXTS) -> float:
    """Return the longest gap of any of so many texts that hypothesis makes up, the same ones every time."""
    gaps: list[float] = []

    @settings(
        max_examples=texts,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(RANDOM_TEXT)
    def ask(text: str) -> None:
        gaps.append(longest_gap(text))

    ask()
    return max(gaps)


async def _longest_gap(service: AskService, renderer: Renderer, text: str) -> float:
    """Return the longest time in milliseconds between two turns of a task that only wants a turn."""
    longest, done = 0.0, False

    async def watch() -> None:
        nonlocal longest
        last = perf_counter()
        while not done:
            await asyncio.sleep(0)
            now = perf_counter()
            longest, last = max(longest, now - last), now

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    asker = Asker(user=1, channel=1)
    renderer.reply(await service.ask(text, asker), asker.user, asked=True)
    await asyncio.sleep(0)
    done = True
    await watching
    return longest * 1_000


def hostile_texts() -> dict[str, str]:
    """Return texts of LENGTH characters, each made to be slow in its own way; the same ones every time."""
    chance = random.Random(6_000)
    letters = "abcdefghijklmnopqrstuvwxyz"

    def random_word() -> str:
        return "".join(chance.choices(letters, k=chance.randint(3, 11)))

    def mistyped(words: str) -> str:
        at = chance.randrange(len(words))
        return words[:at] + chance.choice(letters) + words[at + 1 :]

    def filled(make: Callable[[], str]) -> str:
        parts: list[str] = []
        while sum(map(len, parts)) < LENGTH:
            parts.append(make())
        return "".join(parts)[:LENGTH]

    return {
        "one letter": "a" * LENGTH,
        "single letters": filled(lambda: chance.choice(letters) + " "),
        "random words": filled(lambda: random_word() + " "),
        "mistyped roles": filled(lambda: mistyped("data engineer machine learning scientist ")),
        "roles": filled(lambda: "MLE vs DS vs data engineer "),
        "questions": filled(lambda: "what does a data engineer earn in germany? "),
        "mistyped questions": filled(lambda: mistyped("how do I become a machine learning engineer? ")),
        "one sentence with many ands": filled(lambda: f"{random_word()} and "),
        "numbers": filled(lambda: f"{chance.randrange(10**6)}k - ${chance.randrange(10**6)} "),
        "digits": "7" * LENGTH,
        "combining marks": "a" + "\u0301\u0323\u0489" * (LENGTH // 3),
        "directions and joiners": "\u202e\u200b\u2066\u200d\ufeff" * (LENGTH // 5),
        "emoji": "👩🏽\u200d💻" * (LENGTH // 4),
        "mojibake": "โ€“ cafรฉ Ã¤Ã¶ â€™ " * (LENGTH // 18),
        "full width": "ｄａｔａ　ｓｃｉｅｎｔｉｓｔ　" * (LENGTH // 15),
        "ligatures": "\ufdfa" * LENGTH,
        "other scripts": filled(lambda: chr(chance.randrange(0x4E00, 0x9FFF))),
        "brackets": "[(<{" * (LENGTH // 4),
        "links": "https://a.example/?q=@everyone " * (LENGTH // 31),
        "markdown": "**_`~|>#" * (LENGTH // 8),
        "full stops": "a. " * (LENGTH // 3),
        "line breaks": "\n\r\u2028 " * (LENGTH // 4),
        "quotes": "'\"’" * (LENGTH // 3),
        "slots": "{role} vs {role} " * (LENGTH // 17),
        "half characters": "\ud83d" * LENGTH,
        "NUL": "\0" * LENGTH,
    }
