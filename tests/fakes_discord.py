"""A small career advisor for the Discord tests: real Readings and Answers, no knowledge base, no database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from datetime import UTC, date, datetime

from bot.advisor.answer import (
    Answer,
    Block,
    Choose,
    Figures,
    Gap,
    NoFigure,
    NotDescribed,
    Only,
    Openings,
    Prose,
    RoleLine,
    Shared,
    Suggestions,
    Summaries,
)
from bot.advisor.knowledge import Figure, FigureKind, Section, Source
from bot.advisor.reading import Intent, Outcome, Reading
from bot.frontends.discord.client import CareerClient
from bot.frontends.discord.desk import Services
from bot.jobs.announcing import (
    ALL_AT_ONCE,
    ChannelStatus,
    Delivery,
    DeliveryKind,
    DeliveryState,
    PauseReason,
    Problem,
    Subscription,
    SubscriptionState,
    Terms,
    Venue,
    fault_of,
)
from bot.jobs.explaining import Explanation, Fate, explain
from bot.jobs.imported import Recognition
from bot.jobs.job import Job, JobState, Pay, PayPeriod, Stored
from bot.jobs.polling import Source as PolledSource
from bot.jobs.polling import SourceState
from bot.jobs.query import JobQuery, fits
from bot.jobs.saving import Saved
from bot.language.facets import Employment, Filters, Level
from bot.language.titles import Title
from bot.services.alerts import AlertService
from bot.services.announce import MOST_SUBSCRIPTIONS
from bot.services.ask import Asker, Reply
from bot.services.curate import CurateService
from bot.services.find import FindService
from bot.services.saved import SavedService
from bot.services.sources import SourceService

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

FORMATS = ("greenhouse", "lever", "rss")
TITLES = {
    "data-engineer": "Data Engineer",
    "data-scientist": "Data Scientist",
    "machine-learning-engineer": "Machine Learning Engineer",
    "research-scientist": "Research Scientist (ML/AI)",
    "actuary": "Actuary",
}
CODES = {"data-engineer": "de", "data-scientist": "ds", "machine-learning-engineer": "mle", "research-scientist": "rs"}
TOPICS = {"need-phd": "Do you need a PhD?", "first-programming-language": "Which programming language first?"}
TERMS = {"mlops": "MLOps", "feature-store": "Feature store"}

ADVERTS = Source(
    "ai-jobs",
    "Advertised pay in AI, ML and data jobs",
    "foorilla",
    "CC0-1.0",
    "https://aijobs.net/salaries",
    date(2026, 11, 24),
)
STATISTICS = Source(
    "bls-oews-2025",
    "Occupational Employment and Wage Statistics, May 2025",
    "U.S. Bureau of Labor Statistics",
    "public domain",
    "https://www.bls.gov/oes/",
    date(2026, 11, 24),
)
ONET = Source("onet-29-3", "O*NET 29.3", "U.S. Department of Labor", "CC-BY-4.0", None, date(2026, 11, 24))


def figures(role: str) -> tuple[Figure, ...]:
    """Return one figure of each kind of pay, the reported one dated."""
    return (
        Figure(
            role,
            FigureKind.ADVERTISED_PAY,
            "ai-jobs",
            "USD/year",
            "US",
            "2023-2025",
            150_000,
            100_000,
            218_000,
            sample=4312,
        ),
        Figure(
            role,
            FigureKind.EMPLOYEE_PAY,
            "bls-oews-2025",
            "USD/year",
            "US",
            "May 2025",
            120_230,
            67_240,
            199_130,
            sample=262_440,
            occupation="Database Architects",
            exact=False,
        ),
        Figure(role, FigureKind.REPORTED_PAY, "ai-jobs", "USD/year", "US", "2019", 111_000, dated=True),
    )


def a_job(number: int = 1, **changes: object) -> Job:
    """Return an open job."""
    job = Job(
        id=f"job-{number}",
        title="Senior Data Engineer",
        company="Northwind Analytics",
        source="a listing",
        first_seen=NOW,
        role="data-engineer",
        place="Berlin, Germany",
        countries=("DE",),
        employment=(Employment.FULL_TIME, Employment.CONTRACT),
        level=Level.SENIOR,
        pay=Pay(60_000, 120_000, "USD", PayPeriod.YEAR),
        url="https://jobs.example.com/apply/1",
        posted=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        featured=True,
    )
    return replace(job, **changes)  # type: ignore[arg-type]


def a_delivery(channel: int, *jobs: Job, **changes: object) -> Delivery:
    """Return a claimed delivery of jobs, or of one where none are given, in its first attempt."""
    delivery = Delivery(
        id=1,
        subscription=1,
        venue=Venue.TEXT,
        channel=channel,
        kind=DeliveryKind.DIGEST if len(jobs) > 1 else DeliveryKind.JOB,
        revision=0,
        nonce="0123456789abcdef01234567",
        jobs=jobs or (a_job(),),
        attempt=1,
        claimed=NOW,
        uncertain_attempt=1,
        uncertain_since=NOW,
    )
    return replace(delivery, **changes)  # type: ignore[arg-type]


SKILLS = """You need to program well enough that colleagues can maintain what you wrote.

- **Must have**: SQL, Python, one data warehouse
- **Should have**: orchestration, streaming, data modelling
- **Nice to have**: dbt, Terraform, Spark"""


class FakeAsking:
    """Understands a handful of questions, and remembers what it was asked to answer."""

    def __init__(self) -> None:
        self.questions: list[tuple[str, Asker]] = []
        self.followed: list[Sequence[Reading] | None] = []
        self.readings: list[tuple[Reading, Asker]] = []
        self.failing: Exception | None = None
        self.jobs: tuple[Job, ...] = (a_job(1), a_job(2, title="Analytics Lead", pay=None, url=None, level=None))
        self.before: Callable[[], Awaitable[None]] | None = None

    async def ask(self, question: str, asker: Asker, after: Sequence[Reading] | None = None) -> Reply:
        """Read a question by one of its words."""
        self.questions.append((question, asker))
        self.followed.append(after)
        return await self._reply(self._read(question))

    def remembered(self, asker: Asker) -> tuple[Reading, ...]:
        """Return the readings of all that somebody asked."""
        return tuple(self._read(question) for question, who in self.questions if who == asker)

    async def answer(self, reading: Reading, asker: Asker) -> Reply:
        """Answer a reading."""
        self.readings.append((reading, asker))
        return await self._reply(reading)

    def role_named(self, text: str) -> str | None:
        """Return the role whose id, title or initials a text is."""
        wanted = text.strip().casefold()
        for role, title in TITLES.items():
            if wanted in {role, title.casefold(), CODES.get(role)}:
                return role
        return None

    def suggest_roles(self, typed: str) -> tuple[tuple[str, str], ...]:
        """Return the roles that hold what is typed."""
        return tuple((role, title) for role, title in TITLES.items() if typed.casefold() in title.casefold())

    def code_of(self, role: str) -> str | None:
        """Return a role's code."""
        return CODES.get(role)

    def role_coded(self, code: str) -> str | None:
        """Return the role with a code."""
        return next((role for role, own in CODES.items() if own == code), None)

    def title_of(self, role: str) -> str:
        """Return a role's title."""
        return TITLES.get(role, role)

    def attributions(self) -> tuple[str, ...]:
        """Return what one licence asks for."""
        return ("Includes O*NET data.",)

    def topic_title(self, topic: str) -> str:
        """Return a topic's title."""
        return TOPICS.get(topic, topic)

    def term_title(self, term: str) -> str:
        """Return a term's title."""
        return TERMS.get(term, term)

    async def _reply(self, reading: Reading) -> Reply:
        if self.before is not None:
            await self.before()
        if self.failing is not None:
            raise self.failing
        if reading.outcome is not Outcome.ANSWER:
            return Reply(reading)
        return Reply(reading, tuple(self._answer(part) for part in (replace(reading, also=()), *reading.also)))

    def _read(self, question: str) -> Reading:
        text = question.casefold()
        compare = Reading(Intent.COMPARE, roles=("data-scientist", "machine-learning-engineer"))
        pay = Reading(Intent.ROLE, roles=("data-engineer",), section=Section.SALARY)
        runners_up = (compare, Reading(Intent.TOPIC, topic="need-phd"), Reading(Intent.TERM, term="mlops"))
        readings = {
            "skil": Reading(Intent.ROLE, roles=("data-engineer",), section=Section.SKILLS, choices=runners_up),
            "pay": pay,
            "norway": replace(pay, filters=Filters(country="NO", level=Level.SENIOR)),
            "differ": compare,
            "both": replace(pay, section=Section.SKILLS, also=(pay,)),
            "switch": Reading(Intent.TRANSITION, roles=("data-scientist", "data-engineer")),
            "suits": Reading(Intent.FIT),
            "jobs": Reading(Intent.JOBS),
            "phd": Reading(Intent.TOPIC, topic="need-phd"),
            "mlops": Reading(Intent.TERM, term="mlops"),
            "actuary": Reading(Intent.ROLE, roles=("actuary",), section=Section.OVERVIEW),
            "can you do": Reading(Intent.HELP, kind="commands"),
            "thanks": Reading(Intent.SMALLTALK, kind="thanks"),
            "which": Reading(None, Outcome.CHOICES, choices=(pay, *runners_up)),
            "gone": Reading(Intent.TOPIC, topic="no-such-topic"),
            "pizza": Reading(Intent.OUT_OF_SCOPE, Outcome.DECLINE),
        }
        found = next((reading for word, reading in readings.items() if word in text), None)
        return found or Reading(Intent.OUT_OF_SCOPE, Outcome.DECLINE, choices=runners_up[1:2])

    def _answer(self, reading: Reading) -> Answer:
        titles = tuple(map(self.title_of, reading.roles))
        sources: tuple[Source, ...] = (ONET,)
        match reading.intent:
            case Intent.ROLE if reading.roles[0] not in CODES:
                return Answer(reading, titles, (NotDescribed(reading.roles[0], titles[0]),))
            case Intent.ROLE:
                blocks, sources = self._role(reading)
            case Intent.COMPARE:
                blocks, sources = self._comparison(reading)
            case Intent.TRANSITION:
                blocks = (Gap(("SQL", "Python"), ("orchestration", "streaming")), Prose("Most people take a year."))
            case Intent.FIT:
                lines = tuple(RoleLine(role, TITLES[role], "you like dependable systems") for role in list(CODES)[:3])
                steps = tuple(Reading(Intent.ROLE, roles=(line.role,), section=Section.OVERVIEW) for line in lines)
                return Answer(reading, (), (Suggestions(lines),), next_steps=steps)
            case Intent.JOBS:
                found = tuple(job for job in self.jobs if not reading.roles or job.role in reading.roles)
                return Answer(reading, titles, (Openings(found, len(found) + 3 if found else 0),))
            case Intent.TOPIC:
                titles = (TOPICS[reading.topic or ""],)
                blocks = (Prose("No, except for research.\n\n- **Research posts**: nearly always\n- **Others**: no"),)
            case Intent.TERM:
                titles, blocks = (TERMS[reading.term or ""],), (Prose("Keeping models running in production."),)
            case _:
                return Answer(reading, (), (Prose("You're welcome."),))
        return Answer(reading, titles, blocks, sources, self._next(reading))

    def _role(self, reading: Reading) -> tuple[tuple[Block, ...], tuple[Source, ...]]:
        if reading.section is not Section.SALARY:
            return (Prose(SKILLS),), (ONET,)
        role = reading.roles[0]
        text = Prose("Location and seniority move pay more than tools do.")
        known: tuple[Block, ...] = (Figures(figures(role)), text)
        if reading.filters:
            known = (NoFigure(role, reading.filters), *known)
        return known, (ADVERTS, STATISTICS)

    def _comparison(self, reading: Reading) -> tuple[tuple[Block, ...], tuple[Source, ...]]:
        roles = reading.roles
        choose = Choose(tuple(RoleLine(role, TITLES[role], "you would rather build than tell") for role in roles))
        if reading.section is Section.SALARY:
            return (Figures(tuple(f for role in roles for f in figures(role)[:2])), choose), (ADVERTS, STATISTICS)
        sections = (reading.section,) if reading.section else (Section.SKILLS, Section.TOOLS)
        blocks: list[Block] = []
        if reading.section is None:
            blocks.append(Summaries(tuple(RoleLine(r, TITLES[r], "Turns data into something useful.") for r in roles)))
        for section in sections:
            blocks.append(Shared(section, ("Python", "SQL", "statistics")))
            blocks += [Only(section, role, TITLES[role], ("experiments", "C++")) for role in roles]
        return (*blocks, choose), (ONET,)

    def _next(self, reading: Reading) -> tuple[Reading, ...]:
        role = next(iter(reading.roles), "data-engineer")
        other = "data-scientist" if role != "data-scientist" else "machine-learning-engineer"
        return (
            Reading(Intent.COMPARE, roles=(role, other)),
            Reading(Intent.JOBS, roles=(role,)),
            Reading(Intent.ROLE, roles=(role,), section=Section.SALARY),
        )


class FakeAnnouncing:
    """Keeps subscriptions in a dict; `planned` is how many waiting jobs one gets that is switched on."""

    def __init__(self) -> None:
        self.kept: dict[int, Subscription] = {}
        self.planned = 2
        self.gone: list[int] = []
        self.left: list[int] = []
        self.statuses: tuple[ChannelStatus, ...] = ()
        self.fates: dict[int, Fate] = {}
        self.admins: dict[int, int | None] = {}

    @property
    def on(self) -> dict[int, int]:
        """The channels that are on, and the guild of each."""
        return {each.channel: each.guild for each in self.kept.values() if each.state is SubscriptionState.ON}

    def keep(self, guild: int, channel: int, terms: Terms = ALL_AT_ONCE, **changes: object) -> Subscription:
        """Keep a new subscription, which is on unless `changes` say something else."""
        number = max(self.kept, default=0) + 1
        added = Subscription(number, guild, channel, SubscriptionState.ON, NOW, terms=terms)
        self.kept[number] = replace(added, **changes)  # type: ignore[arg-type]
        return self.kept[number]

    async def switch_on(
        self, guild: int, channel: int, venue: Venue = Venue.TEXT, *, admin: int | None = None
    ) -> tuple[Subscription, int]:
        """Switch all subscriptions of a channel on, or make one."""
        theirs = self._of_channel(guild, channel)
        if not theirs:
            self.admins[channel] = admin
            return self.keep(guild, channel, venue=venue), self.planned
        planned = [await self.resume(guild, each.id) for each in theirs]
        return self.kept[theirs[0].id], sum(each[1] for each in planned if each)

    async def switch_off(self, guild: int, channel: int) -> Subscription | None:
        """Switch all subscriptions of a channel off."""
        theirs = [await self.pause(guild, each.id) for each in self._of_channel(guild, channel)]
        return theirs[0] if theirs else None

    async def add(
        self, guild: int, channel: int, terms: Terms, venue: Venue = Venue.TEXT, *, admin: int | None = None
    ) -> tuple[Subscription, int] | str:
        """Keep a subscription, unless its terms have a fault or the server has too many."""
        if fault := fault_of(terms):
            return fault
        if len(await self.subscriptions(guild)) >= MOST_SUBSCRIPTIONS:
            return f"a server can have {MOST_SUBSCRIPTIONS} subscriptions; remove one first"
        self.admins[channel] = admin
        return self.keep(guild, channel, terms, venue=venue), self.planned

    async def change(self, guild: int, subscription: int, terms: Terms) -> Subscription | str | None:
        """Give a subscription other terms."""
        return fault_of(terms) or self._replaced(guild, subscription, terms=terms)

    async def pause(self, guild: int, subscription: int) -> Subscription | None:
        """Switch one subscription off."""
        return self._replaced(guild, subscription, state=SubscriptionState.OFF, reason=None, detail=None)

    async def resume(self, guild: int, subscription: int) -> tuple[Subscription, int] | None:
        """Switch one subscription on."""
        before = self.kept.get(subscription)
        after = self._replaced(guild, subscription, state=SubscriptionState.ON, reason=None, detail=None)
        if before is None or after is None:
            return None
        return after, 0 if before.state is SubscriptionState.ON else self.planned

    async def remove(self, guild: int, subscription: int) -> bool:
        """Forget a subscription."""
        known = subscription in self.kept and self.kept[subscription].guild == guild
        if known:
            del self.kept[subscription]
        return known

    async def subscriptions(self, guild: int) -> tuple[Subscription, ...]:
        """Return the subscriptions of a guild."""
        return tuple(each for each in self.kept.values() if each.guild == guild)

    async def why(self, guild: int, job: Job, channel: int | None = None) -> tuple[Explanation, ...]:
        """Explain a job by the fates that were set."""
        theirs = tuple(each for each in await self.subscriptions(guild) if channel in {None, each.channel})
        return explain(job, theirs, self.fates)

    async def status(self, guild: int) -> tuple[ChannelStatus, ...]:
        """Tell what was set, and of the other subscriptions that nothing was sent."""
        told = {entry.subscription.id for entry in self.statuses}
        others = [each for each in self.kept.values() if each.id not in told]
        entries = (*self.statuses, *(ChannelStatus(each, 0, 0, 0, 0, None) for each in others))
        return tuple(entry for entry in entries if entry.subscription.guild == guild)

    def _of_channel(self, guild: int, channel: int) -> list[Subscription]:
        return [each for each in self.kept.values() if (each.guild, each.channel) == (guild, channel)]

    def _replaced(self, guild: int, subscription: int, **changes: object) -> Subscription | None:
        found = self.kept.get(subscription)
        if found is None or found.guild != guild:
            return None
        self.kept[subscription] = replace(found, **changes)  # type: ignore[arg-type]
        return self.kept[subscription]

    async def channel_gone(self, channel: int) -> None:
        """Remember a channel that was deleted."""
        self.gone.append(channel)

    async def guild_left(self, guild: int) -> None:
        """Remember a guild that was left."""
        self.left.append(guild)


def a_status(guild: int, channel: int) -> ChannelStatus:
    """Return the status of a channel that was paused, with a delivery of unknown outcome."""
    return ChannelStatus(
        Subscription(1, guild, channel, SubscriptionState.PAUSED, NOW, PauseReason.FORBIDDEN, "Send Messages"),
        sent=12,
        waiting=3,
        unknown=1,
        failed=1,
        last_sent=NOW,
        problems=(Problem("Data *Engineer*", DeliveryState.UNKNOWN, "the answer was lost"),),
    )


class FakeAlertStore:
    """Keeps alerts in a dict; `planned` is how many waiting jobs one gets that is switched on."""

    def __init__(self) -> None:
        self.kept: dict[int, Subscription] = {}
        self.planned = 2
        self.told: set[int] = set()

    async def add(
        self,
        guild: int,
        channel: int,
        terms: Terms,
        now: datetime,
        *,
        backlog: int,  # noqa: ARG002
        venue: Venue,
    ) -> tuple[Subscription, int]:
        """Keep an alert that is on."""
        number = max(self.kept, default=0) + 1
        self.kept[number] = Subscription(number, guild, channel, SubscriptionState.ON, now, terms=terms, venue=venue)
        return self.kept[number], self.planned

    async def pause(self, guild: int, subscription: int, now: datetime) -> Subscription | None:
        """Switch an alert off."""
        return self.change(guild, subscription, state=SubscriptionState.OFF, since=now, reason=None)

    async def resume(
        self,
        guild: int,
        subscription: int,
        now: datetime,
        *,
        backlog: int,  # noqa: ARG002
    ) -> tuple[Subscription, int] | None:
        """Switch an alert on."""
        changed = self.change(guild, subscription, state=SubscriptionState.ON, since=now, reason=None)
        return (changed, self.planned) if changed else None

    async def of_person(self, person: int) -> tuple[Subscription, ...]:
        """Return the alerts of a person."""
        return tuple(each for each in self.kept.values() if each.channel == person)

    async def forget(self, person: int, alert: int) -> bool:
        """Forget an alert."""
        known = alert in self.kept and self.kept[alert].channel == person
        if known:
            del self.kept[alert]
        return known

    async def untold(self, person: int) -> tuple[Subscription, ...]:
        """Return the paused alerts of a person who was not told."""
        theirs = await self.of_person(person)
        return tuple(each for each in theirs if each.state is SubscriptionState.PAUSED and person not in self.told)

    async def note_told(self, person: int, now: datetime) -> None:  # noqa: ARG002
        """Remember that a person was told."""
        self.told.add(person)

    def change(self, guild: int, alert: int, **changes: object) -> Subscription | None:
        """Change an alert."""
        found = self.kept.get(alert)
        if found is None or found.guild != guild:
            return None
        self.kept[alert] = replace(found, **changes)  # type: ignore[arg-type]
        return self.kept[alert]


class FakeSources:
    """Keeps sources in a dict, and how many open jobs each is said to have."""

    def __init__(self) -> None:
        self.kept: dict[str, PolledSource] = {}
        self.jobs: dict[str, int] = {}

    async def every(self) -> tuple[PolledSource, ...]:
        """Return all sources by name."""
        return tuple(self.kept[name] for name in sorted(self.kept))

    async def get(self, name: str) -> PolledSource | None:
        """Return one source."""
        return self.kept.get(name)

    async def add(self, source: PolledSource, now: datetime) -> bool:
        """Keep a source, due at once."""
        if source.name in self.kept:
            return False
        self.kept[source.name] = replace(source, due=now)
        return True

    async def pause(self, name: str, reason: str) -> bool:
        """Pause a source that is on."""
        return self._change(name, SourceState.ON, state=SourceState.PAUSED, reason=reason)

    async def resume(self, name: str, now: datetime) -> bool:
        """Ask a paused source again."""
        return self._change(name, SourceState.PAUSED, state=SourceState.ON, reason=None, due=now)

    async def remove(self, name: str) -> bool:
        """Forget a source."""
        return self.kept.pop(name, None) is not None

    async def open_jobs(self) -> dict[str, int]:
        """Return what was set."""
        return self.jobs

    def _change(self, name: str, before: SourceState, **changes: object) -> bool:
        found = self.kept.get(name)
        if found is None or found.state is not before:
            return False
        self.kept[name] = replace(found, **changes)  # type: ignore[arg-type]
        return True


class FakeJobs:
    """Keeps jobs in a dict, the newest last; `waiting` is in how many channels each waits to be sent."""

    def __init__(self) -> None:
        self.kept: dict[str, Job] = {}
        self.waiting = 0
        self.failing: Exception | None = None

    async def upsert(self, new: Sequence[Job], now: datetime) -> Stored:  # noqa: ARG002
        """Keep jobs."""
        if self.failing is not None:
            raise self.failing
        self.kept |= {job.id: job for job in new}
        return Stored(new=tuple(new))

    async def get(self, job: str) -> Job | None:
        """Return one job."""
        return self.kept.get(job)

    async def starting_with(self, prefix: str) -> tuple[Job, ...]:
        """Return the jobs whose id starts so."""
        return tuple(job for job in self.kept.values() if job.id.startswith(prefix))

    async def search(self, query: JobQuery, *, limit: int = 10, offset: int = 0) -> tuple[tuple[Job, ...], int]:
        """Return the open jobs that fit, newest first."""
        found = [job for job in self.kept.values() if job.state is JobState.OPEN and fits(job, query)]
        return tuple(reversed(found))[offset : offset + limit], len(found)

    async def copies_of(self, job: str) -> tuple[Job, ...]:
        """Return the other adverts of a job."""
        return tuple(each for each in self.kept.values() if each.copy_of == job)

    async def feature(self, job: str) -> bool:
        """Feature an open job."""
        return self._change(job, featured=True)

    async def edit(self, job: Job) -> bool:
        """Keep a changed job, if it is open."""
        changes = {field.name: getattr(job, field.name) for field in fields(job)}
        return self._change(job.id, **changes | {"edited": True})

    async def close(self, job: str, now: datetime) -> int | None:  # noqa: ARG002
        """Close an open job."""
        return self.waiting if self._change(job, state=JobState.CLOSED) else None

    def _change(self, job: str, **changes: object) -> bool:
        found = self.kept.get(job)
        if found is None or found.state is not JobState.OPEN:
            return False
        self.kept[job] = replace(found, **changes)  # type: ignore[arg-type]
        return True


def a_recognition() -> Recognition:
    """Return a recognition that knows the roles of TITLES, and Norway."""

    def title_of(title: str) -> Title:
        named = (role for role, name in TITLES.items() if name.casefold() in title.casefold())
        return Title(next(named, None), Level.SENIOR if "senior" in title.casefold() else None)

    return Recognition(title_of, lambda place: ("NO",) if "Oslo" in place else (), lambda: True)


def read_query(words: str) -> JobQuery:
    """Understand the role and the words."""
    said = words.casefold()
    named = tuple(role for role, title in TITLES.items() if title.casefold() in said)
    for role in named:
        said = said.replace(TITLES[role].casefold(), "")
    return JobQuery(roles=named, words=tuple(said.split()))


class FakeSaved:
    """Keeps who saved which of the jobs, the newest last."""

    def __init__(self, jobs: FakeJobs) -> None:
        self.kept: dict[int, list[str]] = {}
        self._jobs = jobs

    async def save(self, person: int, job: str, now: datetime, *, most: int) -> Saved:  # noqa: ARG002
        """Keep a job, unless it is gone or kept already, or there are too many."""
        found = await self._jobs.get(job)
        theirs = self.kept.setdefault(person, [])
        if found is None:
            return Saved.GONE
        original = found.copy_of or found.id
        if original in theirs:
            return Saved.KNOWN
        if len(theirs) >= most:
            return Saved.FULL
        theirs.append(original)
        return Saved.NEW

    async def of(self, person: int) -> tuple[Job, ...]:
        """Return what a person keeps, newest first."""
        return tuple(self._jobs.kept[job] for job in reversed(self.kept.get(person, [])))

    async def remove(self, person: int, job: str) -> None:
        """Forget one."""
        self.kept[person] = [each for each in self.kept.get(person, []) if each != job]

    async def remove_all(self, person: int) -> None:
        """Forget all."""
        self.kept.pop(person, None)


class FakeReloading:
    """Finds the faults that were set, and counts how often it looked."""

    def __init__(self) -> None:
        self.faults: tuple[str, ...] = ()
        self.times = 0

    async def reload(self) -> tuple[str, ...]:
        """Return the faults that were set."""
        self.times += 1
        return self.faults


class FakeMemory:
    """Keeps texts in a dict."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """Return what was kept."""
        return self.kept.get(key)

    async def set(self, key: str, value: str) -> None:
        """Keep a text."""
        self.kept[key] = value


class World:
    """The services behind a client, as they survive its restarts."""

    def __init__(self) -> None:
        self.asking = FakeAsking()
        self.announcing = FakeAnnouncing()
        self.alerts = FakeAlertStore()
        self.sources = FakeSources()
        self.jobs = FakeJobs()
        self.saved = FakeSaved(self.jobs)
        self.reloading = FakeReloading()
        self.memory = FakeMemory()
        self.background: Callable[[], Awaitable[None]] | None = None
        self.opened = 0
        self.closed = 0

    @asynccontextmanager
    async def open(self, _: CareerClient) -> AsyncIterator[Services]:
        """Open the services for a client."""
        self.opened += 1
        try:
            sourcing = SourceService(self.sources, lambda: NOW, FORMATS)  # type: ignore[arg-type]
            curating = CurateService(self.jobs, lambda: NOW, a_recognition())
            finding = FindService(self.jobs, lambda: NOW, read_query)
            yield Services(
                self.asking,
                self.announcing,
                AlertService(self.alerts, lambda: NOW),
                sourcing,
                curating,
                finding,
                SavedService(self.saved, lambda: NOW),
                self.reloading,
                self.memory,
                self.background,
            )
        finally:
            self.closed += 1

    def client(self) -> CareerClient:
        """Return a new client on these services."""
        return CareerClient(self.open)
