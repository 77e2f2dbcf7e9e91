"""The one place that builds, wires and closes everything."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.advisor.advisor import Advisor
from bot.advisor.loading import load_knowledge
from bot.advisor.recognition import Recogniser
from bot.cache import keep_heads, key_of, read_heads
from bot.config import PREFIX, Config, EncoderFolder, read_config, read_environment
from bot.errors import CareerBotError, EncoderError, SettingsError, StuckError
from bot.exiting import exit_soon
from bot.folder import read_folder
from bot.health import BEAT_SECONDS, ToldFile, heartbeat_file, withdraw_heartbeat, write_heartbeat
from bot.jobs.imported import Recognition
from bot.jobs.polling import Source
from bot.jobs.query import JobQuery
from bot.language.titles import Title
from bot.services.alerts import AlertService
from bot.services.announce import AnnounceService
from bot.services.ask import AskService
from bot.services.collect import CollectService
from bot.services.curate import CurateService
from bot.services.find import FindService
from bot.services.openings import StoredOpenings
from bot.services.poll import PollService
from bot.services.ports import UnauthorisedError
from bot.services.reload import ReloadService
from bot.services.saved import SavedService
from bot.services.sources import SourceService
from bot.services.telling import TellService
from bot.services.ticker import Ticker
from bot.services.watchdog import Watchdog, patience
from bot.sources.configured import read_sources
from bot.sources.reading import read_document
from bot.sources.registry import NAMES, requests_a_day

if TYPE_CHECKING:
    import discord

    from bot.advisor.meaning import Encoder
    from bot.frontends.discord.client import CareerClient
    from bot.frontends.discord.desk import Services
    from bot.services.ports import Clock
    from bot.sources.fetch import Fetcher
    from bot.store.locking import ProcessLock
    from bot.store.opening import Store


_log = logging.getLogger(__name__)

EXPIRY_SECONDS = 3_600
"""How often jobs that are over are looked for."""
POLL_SECONDS = 60
"""How often it is looked which sources are due."""
Work = Callable[[], Coroutine[Any, Any, None]]
"""Something that goes on until it is cancelled."""


def system_clock() -> datetime:
    """Return the time of day, aware and in UTC."""
    return datetime.now(UTC)


def load_advisor(folder: Path | None = None) -> Advisor:
    """Return an advisor for the knowledge in `folder` (default: the one that the settings name).

    It has the encoder that the settings name. Raises SettingsError when there is no such folder or encoder and
    KnowledgeError with every fault of what is in it.
    """
    config = read_config(read_environment())
    return make_advisor(folder or config.knowledge, load_encoder(config.encoder))


def make_advisor(folder: Path, encoder: Encoder | None) -> Advisor:
    """Return an advisor for the knowledge in `folder`. Raises SettingsError and KnowledgeError as load_advisor does."""
    files = read_folder(folder)
    knowledge = load_knowledge(files)
    kept, key = cache_folder(), key_of(files, encoder.fingerprint if encoder else None)
    trained = read_heads(kept, key)
    if encoder and trained is None:
        _log.info("Training with the encoder, once for this knowledge: to encode what may be asked takes half a minute")
    advisor = Advisor(knowledge, encoder=encoder, trained=trained)
    if trained is None:
        keep_heads(kept, key, advisor.interpreter.trained)
    return advisor


def load_ahead(config: Config) -> Callable[[], Advisor]:
    """Load the advisor that the settings name, and return what loads it: at first this one, if no file has changed.

    Raises SettingsError and KnowledgeError as load_advisor does.
    """
    encoder = load_encoder(config.encoder)
    ahead = [(read_folder(config.knowledge), make_advisor(config.knowledge, encoder))]

    def load() -> Advisor:
        if ahead:
            files, advisor = ahead.pop()
            if files == read_folder(config.knowledge):
                return advisor
        return make_advisor(config.knowledge, encoder)

    return load


def load_encoder(setting: EncoderFolder | None) -> Encoder | None:
    """Return the encoder in a folder; None when none is wanted or, where none has to be, none is found.

    Raises SettingsError when a folder that somebody set holds no usable encoder. In the folder where one is looked for
    by default that is logged, and the bot goes on without.
    """
    if setting is None or not (setting.required or setting.path.is_dir()):
        return None
    from bot.encoder import OnnxEncoder, has_files  # noqa: PLC0415  # only where there is one

    if not setting.required and not has_files(setting.path):
        return None
    try:
        return OnnxEncoder(setting.path)
    except EncoderError as error:
        if setting.required:
            raise SettingsError((f"{PREFIX}ENCODER: {error}",)) from None
        _log.warning("Going on without the encoder: %s", error)
        return None


def cache_folder() -> Path:
    """Return the folder for what can be computed anew."""
    from platformdirs import user_cache_path  # noqa: PLC0415  # only where something is kept

    return user_cache_path("career-bot", appauthor=False)


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs without Discord: the store, and the services on it."""

    config: Config
    clock: Clock
    store: Store
    ask: AskService
    collect: CollectService
    curate: CurateService
    find: FindService
    read_query: Callable[[str], JobQuery]
    reload: ReloadService
    fetcher: Fetcher


@asynccontextmanager
async def open_app(
    config: Config,
    *,
    clock: Clock = system_clock,
    sole: bool = True,
    lock: ProcessLock | None = None,
    load: Callable[[], Advisor] | None = None,
) -> AsyncIterator[App]:
    """Open the store, load the knowledge and wire the services; everything is closed at the end.

    `sole` opens the store as the one bot process, by its `lock` where that is held already; tools beside it pass False.
    `load` loads the advisor (default: from the settings).
    Raises AlreadyRunningError, StoreUnavailableError, KnowledgeError, and SettingsError for an encoder that was set and
    cannot be used, or a file of sources with faults.
    """
    from bot.sources.fetch import Fetcher  # noqa: PLC0415  # `ask` and `chat` need neither network
    from bot.store.opening import open_bot_store, open_store  # noqa: PLC0415  # nor store

    url = config.database_url
    async with open_bot_store(url, lock) if sole else open_store(url) as store:
        listed = await asyncio.to_thread(read_sources, config.sources.path, required=config.sources.required)
        await store.sources.follow_file(listed, clock())
        if load is None:
            encoder = await asyncio.to_thread(load_encoder, config.encoder)
            load = partial(make_advisor, config.knowledge, encoder)
        advisor = await asyncio.to_thread(load)
        loop = asyncio.get_running_loop()
        ask = AskService(advisor, StoredOpenings(store.jobs), loop.time)
        recognition = recognition_by(lambda: ask.advisor.interpreter.recogniser)

        def read_query(words: str) -> JobQuery:
            return ask.advisor.interpreter.recogniser.job_query(words)

        async with Fetcher() as fetcher:
            yield App(
                config=config,
                clock=clock,
                store=store,
                ask=ask,
                collect=CollectService(store.jobs, read_document, clock, recognition),
                curate=CurateService(store.jobs, clock, recognition),
                find=FindService(store.jobs, clock, read_query),
                read_query=read_query,
                reload=ReloadService(ask, load),
                fetcher=fetcher,
            )


def recognition_by(recogniser: Callable[[], Recogniser]) -> Recognition:
    """Return how job listings are read with the names that the recogniser of the moment knows."""

    def title_of(title: str) -> Title:
        return recogniser().job_titles.read(title)

    def countries_of(place: str) -> tuple[str, ...]:
        return recogniser().countries_in(place)

    def knows_roles() -> bool:
        return bool(recogniser().titles)

    return Recognition(title_of, countries_of, knows_roles)


def create_discord_bot(
    config: Config | None = None,
    *,
    clock: Clock = system_clock,
    watch: bool = False,
    lock: ProcessLock | None = None,
    load: Callable[[], Advisor] | None = None,
) -> discord.Client:
    """Return the bot as a Discord client whose `setup_hook` does all set-up (None: settings from the environment).

    With `watch` it takes changes of the knowledge in while it runs, and reads it anew at SIGHUP. `lock` is that of the
    database, where the process holds it for longer than the client lives; `load` is as in `open_app`.
    """
    from bot.frontends.discord.client import CareerClient  # noqa: PLC0415  # 0.3 s that other commands need not wait

    settings = config or read_config(read_environment())

    @asynccontextmanager
    async def open_services(client: CareerClient) -> AsyncIterator[Services]:
        async with open_app(settings, clock=clock, lock=lock, load=load) as app:
            yield discord_services(app, client, watch=watch)

    return CareerClient(open_services)


def discord_services(app: App, client: CareerClient, *, watch: bool = False) -> Services:
    """Return what the Discord client serves, announcing through that client; `watch` as in `create_discord_bot`."""
    from bot.frontends.discord.desk import Services  # noqa: PLC0415
    from bot.frontends.discord.publisher import DiscordPublisher  # noqa: PLC0415

    watchdog = _watchdog(app, client)
    announce = AnnounceService(
        app.store.deliveries,
        app.store.subscriptions,
        DiscordPublisher(client, app.ask),
        app.clock,
        holder=f"{socket.gethostname()}:{os.getpid()}:{time.time_ns()}",
        restraint=client.invalid_requests.restraint,
        progressed=watchdog.progressed,
    )
    expiring = Ticker("expiring jobs", EXPIRY_SECONDS, app.collect.expire).run
    polling = Ticker("polling sources", POLL_SECONDS, _poller(app, client).run).run
    telling = Ticker("telling admins", app.config.announce_seconds, _teller(app, client).run).run
    works = [
        *_announcing(app, announce, watchdog),
        telling,
        expiring,
        polling,
        *([_watching(app, client)] if watch else []),
    ]
    return Services(
        asking=app.ask,
        announcing=announce,
        alerting=AlertService(app.store.subscriptions, app.clock),
        sourcing=SourceService(app.store.sources, app.clock, NAMES),
        curating=app.curate,
        finding=app.find,
        saving=SavedService(app.store.saved, app.clock),
        reloading=app.reload,
        memory=app.store.meta,
        background=partial(_all_of, works),
    )


def _poller(app: App, client: CareerClient) -> PollService:
    """Return what asks sources for jobs; the owner is told of one that is paused because it fails."""
    from bot.frontends.discord.owner import paused_source_text, tell_owner  # noqa: PLC0415

    async def tell(source: Source) -> None:
        await tell_owner(client, paused_source_text(source))

    return PollService(
        app.store.sources,
        app.fetcher,
        app.collect,
        app.clock,
        read_query=app.read_query,
        allowed=requests_a_day,
        tell=tell,
    )


def _teller(app: App, client: CareerClient) -> TellService:
    """Return what tells admins of channels in which announcing met with trouble."""
    from bot.frontends.discord.admins import tell_admin  # noqa: PLC0415

    return TellService(app.store.troubles, partial(tell_admin, client), app.clock)


def _watchdog(app: App, client: CareerClient) -> Watchdog:
    """Return what watches over announcing; the owner is told when that stands still."""
    from bot.frontends.discord.owner import stuck_text, tell_owner  # noqa: PLC0415

    seconds, exits = patience(app.config.announce_seconds), app.config.exit_when_stuck

    async def tell() -> None:
        await tell_owner(client, stuck_text(seconds, exits=exits))

    told = ToldFile(app.config.database_url)
    return Watchdog("announcing", seconds, tell, told, give_up=exit_soon if exits else None)


def _announcing(app: App, announce: AnnounceService, watchdog: Watchdog) -> tuple[Work, ...]:
    """Return the work of announcing, that of writing down that it goes on, and that of watching over it."""
    heartbeat = heartbeat_file(app.config.database_url)

    async def announce_once() -> None:
        report = await announce.run()
        if not report.stalled:
            watchdog.progressed()

    async def beat() -> None:
        if watchdog.is_late():
            withdraw_heartbeat(heartbeat)
        else:
            write_heartbeat(heartbeat, system_clock())

    return (
        Ticker("announcing", app.config.announce_seconds, announce_once, fatal=(UnauthorisedError,)).run,
        Ticker("heartbeat", BEAT_SECONDS, beat).run,
        Ticker("watching over announcing", BEAT_SECONDS, watchdog.look, fatal=(StuckError,)).run,
    )


def _watching(app: App, client: CareerClient) -> Work:
    """Return the work of taking changed knowledge in."""
    from bot.frontends.discord.owner import faults_text, tell_owner  # noqa: PLC0415
    from bot.watching import on_change  # noqa: PLC0415

    async def tell(faults: tuple[str, ...]) -> None:
        await tell_owner(client, faults_text(faults))

    return partial(on_change, app.config.knowledge, partial(app.reload.take_change, tell))


async def _all_of(works: Sequence[Work]) -> None:
    """Do works side by side. Raises UnauthorisedError or StuckError when one of them does."""
    ended: CareerBotError | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            for work in works:
                tasks.create_task(work())
    except* UnauthorisedError as group:
        ended = UnauthorisedError(str(group.exceptions[0]))
    except* StuckError as group:
        ended = StuckError(str(group.exceptions[0]))
    if ended is not None:  # raised out here: Python before 3.11.4 wraps what an except* clause raises
        raise ended
