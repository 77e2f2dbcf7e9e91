"""What a frontend needs from the services, and from whoever wires them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.advisor.reading import Reading
from bot.frontends.labels import Names
from bot.jobs.announcing import ChannelStatus, Subscription, Terms, Venue
from bot.jobs.by_hand import Draft
from bot.jobs.explaining import Explanation
from bot.jobs.job import Job
from bot.jobs.polling import Source
from bot.jobs.query import JobQuery
from bot.jobs.saving import Saved
from bot.jobs.timetable import Timetable
from bot.services.ask import Asker, Reply
from bot.services.curate import Curated
from bot.services.find import Found
from bot.services.saved import SavedPage
from bot.services.sources import Change


class Codes(Protocol):
    """Short permanent names of roles, for where a message has little room."""

    def code_of(self, role: str) -> str | None:
        """Return the code of a role; None while it has no profile."""
        ...

    def role_coded(self, code: str) -> str | None:
        """Return the role that a code stands for."""
        ...


class Directory(Names, Codes, Protocol):
    """Everything that can be looked up without waiting."""

    def attributions(self) -> tuple[str, ...]:
        """Return what the licences of the sources ask to be shown."""
        ...


class Asking(Directory, Protocol):
    """Answers questions and readings."""

    async def ask(self, question: str, asker: Asker, after: Sequence[Reading] | None = None) -> Reply:
        """Return the reply to a question as it was typed, which follows the readings `after` or the asker's own."""
        ...

    def remembered(self, asker: Asker) -> tuple[Reading, ...]:
        """Return what somebody asked in a channel of late, the latest last."""
        ...

    async def answer(self, reading: Reading, asker: Asker) -> Reply:
        """Return the reply to a reading that a button, a select or a command made."""
        ...

    def role_named(self, text: str) -> str | None:
        """Return the role that a typed text names."""
        ...

    def suggest_roles(self, typed: str) -> tuple[tuple[str, str], ...]:
        """Return (id, title) of at most 25 roles that `typed` may begin or mean, best first."""
        ...


class Announcing(Protocol):
    """Switches announcements on and off, and tells how they go."""

    async def switch_on(
        self, guild: int, channel: int, venue: Venue = Venue.TEXT, *, admin: int | None = None
    ) -> tuple[Subscription, int]:
        """Switch a channel on, and return how many waiting jobs it gets; `admin` is told when it has to stop."""
        ...

    async def switch_off(self, guild: int, channel: int) -> Subscription | None:
        """Switch a channel off; None when it has never been on."""
        ...

    async def add(
        self, guild: int, channel: int, terms: Terms, venue: Venue = Venue.TEXT, *, admin: int | None = None
    ) -> tuple[Subscription, int] | str:
        """Add a subscription, and return it with how many waiting jobs it gets; or what is wrong with its terms."""
        ...

    async def change(self, guild: int, subscription: int, terms: Terms) -> Subscription | str | None:
        """Give a subscription other terms, for jobs to come; return what is wrong with them, None if it is unknown."""
        ...

    async def pause(self, guild: int, subscription: int) -> Subscription | None:
        """Announce no more for a subscription until it is resumed; None when the server has no such subscription."""
        ...

    async def resume(self, guild: int, subscription: int) -> tuple[Subscription, int] | None:
        """Announce for a subscription again, and return how many waiting jobs it gets; None when it is unknown."""
        ...

    async def remove(self, guild: int, subscription: int) -> bool:
        """Forget a subscription; False when the server has no such subscription."""
        ...

    async def subscriptions(self, guild: int) -> tuple[Subscription, ...]:
        """Return the subscriptions of a server, the oldest first."""
        ...

    async def why(self, guild: int, job: Job, channel: int | None = None) -> tuple[Explanation, ...]:
        """Return what each subscription of a server, or of one of its channels, makes of a job."""
        ...

    async def status(self, guild: int) -> tuple[ChannelStatus, ...]:
        """Tell how announcing goes in each channel of a guild that was ever switched on."""
        ...

    async def channel_gone(self, channel: int) -> None:
        """Note that a channel was deleted."""
        ...

    async def guild_left(self, guild: int) -> None:
        """Note that the bot is no longer in a guild."""
        ...


class Alerting(Protocol):
    """Keeps who wants which jobs as direct messages."""

    async def add(self, person: int, query: JobQuery, times: Timetable) -> tuple[Subscription, int] | str:
        """Add an alert, and return it with how many waiting jobs it begins with; or what is wrong with it."""
        ...

    async def of(self, person: int) -> tuple[Subscription, ...]:
        """Return the alerts of a person, the oldest first."""
        ...

    async def pause(self, person: int, alert: int) -> Subscription | None:
        """Send nothing for an alert until it is resumed; None when the person has no such alert."""
        ...

    async def resume(self, person: int, alert: int) -> tuple[Subscription, int] | None:
        """Send for an alert again, and return how many waiting jobs it gets; None when there is no such alert."""
        ...

    async def remove(self, person: int, alert: int) -> bool:
        """Delete an alert and all that is known of it; False when the person has no such alert."""
        ...

    async def untold(self, person: int) -> tuple[Subscription, ...]:
        """Return the alerts that the bot had to pause, and of which the person was not told yet."""
        ...

    async def told(self, person: int) -> None:
        """Note that the person knows which alerts are paused."""
        ...


class Sourcing(Protocol):
    """Sets up the boards and feeds that are polled for jobs."""

    def formats(self) -> tuple[str, ...]:
        """Return what a source's format may be called."""
        ...

    async def add(self, source: Source) -> str | None:
        """Have a source polled; return what is wrong with it, in which case nothing changes."""
        ...

    async def listed(self) -> tuple[tuple[Source, int], ...]:
        """Return all sources by name, each with how many open jobs it has."""
        ...

    async def names(self) -> tuple[str, ...]:
        """Return the names of all sources."""
        ...

    async def pause(self, name: str) -> Change:
        """Ask a source no more until it is resumed."""
        ...

    async def resume(self, name: str) -> Change:
        """Ask a paused source again."""
        ...

    async def remove(self, name: str) -> Change:
        """Forget a source; one of the file of sources cannot be removed."""
        ...


class Curating(Protocol):
    """Adds, changes and closes jobs by hand."""

    async def add(self, draft: Draft, *, featured: bool) -> Curated:
        """Take a job in; FAULTY, CLOSED and KNOWN when it is not new."""
        ...

    async def find(self, text: str) -> Curated:
        """Return the open job that an id, or the beginning of one, names: DONE, or CLOSED, UNKNOWN or AMBIGUOUS."""
        ...

    async def edit(self, job: str, before: Draft, after: Draft) -> Curated:
        """Change what differs between two drafts of a job, unless somebody else changed that meanwhile."""
        ...

    async def close(self, text: str) -> Curated:
        """Close the open job that an id, or the beginning of one, names."""
        ...

    async def suggest(self, typed: str) -> tuple[Job, ...]:
        """Return at most 25 open jobs, newest first, whose title or company has what is typed."""
        ...


class Finding(Protocol):
    """Searches open jobs."""

    async def search(self, words: str, chosen: JobQuery, days: int | None = None) -> Found:
        """Return the first page of what `words` mean; `chosen` counts before them, `days` is how old a job may be."""
        ...

    async def page(self, query: JobQuery, number: int) -> Found:
        """Return a page of what is looked for, counted from 1."""
        ...

    async def copies_of(self, job: str) -> tuple[Job, ...]:
        """Return the other adverts of a job, newest first."""
        ...


class Saving(Protocol):
    """Keeps jobs for people."""

    async def save(self, person: int, job: str) -> Saved:
        """Keep a job for a person."""
        ...

    async def page(self, person: int, number: int) -> SavedPage:
        """Return a page of what a person keeps, the job that was saved last first; one past the end is the last."""
        ...

    async def remove(self, person: int, job: str) -> None:
        """Forget that a person keeps a job."""
        ...

    async def remove_all(self, person: int) -> None:
        """Forget every job that a person keeps."""
        ...


class Reloading(Protocol):
    """Reads the knowledge anew."""

    async def reload(self) -> tuple[str, ...]:
        """Answer from the knowledge as it is now; return every fault, in which case nothing changes."""
        ...


class Memory(Protocol):
    """Keeps small texts from one start to the next."""

    async def get(self, key: str) -> str | None:
        """Return what was kept under `key`."""
        ...

    async def set(self, key: str, value: str) -> None:
        """Keep a text under `key`."""
        ...
