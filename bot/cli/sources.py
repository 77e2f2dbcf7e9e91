"""career-bot jobs poll and jobs source: the boards and feeds that are asked for jobs by themselves."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

import click

from bot.cli.store import collecting, now, with_store
from bot.config import read_config, read_environment
from bot.errors import UsageError
from bot.jobs.polling import EVERY, Featuring, Source, SourceState, read_interval, words_of
from bot.services.sources import AUTO, Change, SourceService

if TYPE_CHECKING:
    from bot.services.poll import Polled
    from bot.store.opening import Store


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
def poll(names: tuple[str, ...]) -> None:
    """Ask the sources that are due, or those named whether they are due or not, for new jobs.

    The exit code is 1 when any of them failed.
    """
    results = with_store(lambda store: _poll(store, names))
    for polled in results:
        click.echo(f"{polled.source.name}: {_outcome(polled)}", err=polled.fault is not None)
    if not results:
        click.echo("no source is due; career-bot jobs source list shows them")
    sys.exit(1 if any(polled.fault for polled in results) else 0)


@click.group()
def source() -> None:
    """The boards and feeds that the bot asks for jobs: add, list, pause, resume, remove."""


@source.command(name="list")
def list_() -> None:
    """List the sources, how each is doing, and how many open jobs it has."""

    async def look(store: Store) -> tuple[tuple[Source, int], ...]:
        await _follow_file(store)
        return await _service(store).listed()

    found = with_store(look)
    if found:
        _print_sources(found)
    else:
        click.echo("there are no sources; career-bot jobs source add NAME ADDRESS makes one")


@source.command()
@click.argument("name")
@click.argument("address")
@click.option("--format", "form", default=AUTO, metavar="NAME", help="A format of `jobs formats`; auto looks.")
@click.option("--company", help="Whose board it is, where its jobs do not say so well.")
@click.option("--every", default=words_of(EVERY), metavar="TIME", help="How often it is asked: 30m, 6h, 1d.")
@click.option("--daily", type=int, help="At most so many requests a day.")
@click.option(
    "--featured",
    type=click.Choice([each.value for each in Featuring]),
    default=Featuring.BY_HAND.value,
    help="Which of its new jobs are announced.",
)
@click.option("--matching", help="With --featured matching: words as in a search, such as senior data engineer.")
def add(  # noqa: PLR0917  # a command's options
    name: str,
    address: str,
    form: str,
    company: str | None,
    every: str,
    daily: int | None,
    featured: str,
    matching: str | None,
) -> None:
    """Have the bot ask ADDRESS for jobs, under a short NAME."""
    interval = read_interval(every)
    if interval is None:
        raise UsageError(f'"{every}" is no interval; write 30m, 6h or 1d')
    new = Source(
        name=name,
        address=address,
        form=None if form == AUTO else form,
        company=company,
        every=interval,
        daily=daily,
        featured=Featuring(featured),
        matching=matching,
    )
    if fault := with_store(lambda store: _service(store).add(new)):
        raise UsageError(fault)
    click.echo(f"{name} is asked every {words_of(interval)}, at first at the bot's next look")


@source.command()
@click.argument("name")
def pause(name: str) -> None:
    """Ask the source NAME no more until it is resumed; its jobs stay."""
    _change(name, lambda service: service.pause(name), "is paused", "is paused already")


@source.command()
@click.argument("name")
def resume(name: str) -> None:
    """Ask the source NAME again."""
    _change(name, lambda service: service.resume(name), "is asked at the bot's next look", "is not paused")


@source.command()
@click.argument("name")
def remove(name: str) -> None:
    """Forget the source NAME; its jobs stay until they expire."""
    _change(name, lambda service: service.remove(name), "is removed", "is removed")


def _change(name: str, change: Callable[[SourceService], Awaitable[Change]], done: str, already: str) -> None:
    async def work(store: Store) -> str:
        service = _service(store)
        match await change(service):
            case Change.DONE:
                return done
            case Change.ALREADY:
                return already
            case Change.UNKNOWN:
                raise UsageError(_unknown(name, await service.names()))
            case Change.IN_FILE:
                raise UsageError(f"{name} stands in the file of sources; take it out there, or pause it")

    click.echo(f"{name} {with_store(work)}")


def _service(store: Store) -> SourceService:
    from bot.sources.registry import NAMES

    return SourceService(store.sources, now, NAMES)


def _unknown(name: str, known: Iterable[str]) -> str:
    return f'there is no source "{name}"; there are {", ".join(known) or "none"}'


async def _poll(store: Store, names: tuple[str, ...]) -> tuple[Polled, ...]:
    from bot.services.poll import PollService
    from bot.sources.fetch import Fetcher
    from bot.sources.registry import requests_a_day

    await _follow_file(store)
    service, recogniser = collecting(store)
    async with Fetcher() as fetcher:
        polling = PollService(
            store.sources, fetcher, service, now, read_query=recogniser.job_query, allowed=requests_a_day
        )
        if not names:
            return await polling.run()
        known = {each.name: each for each in await store.sources.every()}
        if missing := [name for name in names if name not in known]:
            raise UsageError(_unknown(missing[0], known))
        return tuple([await polling.poll(known[name]) for name in names])


async def _follow_file(store: Store) -> None:
    from bot.sources.configured import read_sources

    file = read_config(read_environment()).sources
    await store.sources.follow_file(read_sources(file.path, required=file.required), now())


def _outcome(polled: Polled) -> str:
    if polled.fault:
        return polled.fault
    if polled.report is None:
        return "nothing has changed"
    kinds = ("new", "changed", "unchanged", "merged", "irrelevant", "refused")
    counts = [f"{len(getattr(polled.report, kind))} {kind}" for kind in kinds]
    return ", ".join([*counts, f"{polled.gone} gone"])


def _print_sources(found: tuple[tuple[Source, int], ...]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Name", "State", "Open jobs", "Every", "Featured", "Last answer", "Next", "What is wrong"):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"Name", "State"})
    for each, jobs in found:
        answered = f"{each.succeeded:%Y-%m-%d %H:%M}" if each.succeeded else "never"
        due = f"{each.due:%Y-%m-%d %H:%M}" if each.due and each.state is SourceState.ON else ""
        rule = f"{each.featured.value}: {each.matching}" if each.matching else each.featured.value
        row = (each.name, each.state.value, str(jobs), words_of(each.every), rule, answered, due)
        table.add_row(*map(Text, (*row, each.reason or "")))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
