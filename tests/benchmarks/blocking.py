"""How long hostile text keeps the event loop from anything else: from the question to the rendered message."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import Callable
from time import perf_counter

from bot.app import load_advisor
from bot.config import default_knowledge
from bot.frontends.discord.rendering import Renderer
from bot.services.ask import Asker, AskService, NoOpenings
from tests.benchmarks.table import Line

LENGTH = 6_000
LIMIT_MS = 20.0
TIMES = 3
"""The best of so many runs counts: other programs may hold the machine up, and never help it."""


def measure() -> list[Line]:
    """Return for each kind of text the longest time that nothing else could run."""
    return asyncio.run(_measure())


async def _measure() -> list[Line]:
    service = AskService(load_advisor(default_knowledge()), NoOpenings(), asyncio.get_running_loop().time)
    renderer = Renderer(service)
    await _longest_gap(service, renderer, "hello")
    lines = []
    for name, text in hostile_texts().items():
        gaps = [await _longest_gap(service, renderer, text) for _ in range(TIMES)]
        lines.append(Line(name, min(gaps), "ms", kept=min(gaps) < LIMIT_MS))
    return lines


async def _longest_gap(service: AskService, renderer: Renderer, text: str) -> float:
    """Return the longest time in milliseconds between two turns of a task that only wants a turn."""
    gc.collect()
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
