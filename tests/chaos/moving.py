"""The time of a run: Discord's clock, which is true, and the bot's, which may be wrong by as much as a test says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.process import Installation
from tests.loopback.server import LoopbackDiscord

MOVED_BOT = Path(__file__).with_name("moved_bot.py")


class Times:
    """Both clocks of one run; a bot of the installation goes by the second."""

    def __init__(self, server: LoopbackDiscord, installation: Installation, folder: Path) -> None:
        self._clock = server.clock
        self._file = folder / "seconds-ahead"
        self._wrong = timedelta(0)
        installation.program = (str(MOVED_BOT),)
        installation.settings["MOVED_CLOCK"] = str(self._file)
        self._write()

    def begin_at(self, moment: datetime) -> None:
        """Let it be another time everywhere, later than now."""
        self.pass_by(moment - datetime.fromtimestamp(self._clock(), UTC))

    def pass_by(self, span: timedelta) -> None:
        """Let time pass for Discord and for the bot."""
        self._clock.advance(span.total_seconds())
        self._write()

    def set_wrong(self, by: timedelta) -> None:
        """Set the bot's clock ahead of the true time, or behind it."""
        self._wrong = by
        self._write()

    def _write(self) -> None:
        """Write the file whole or not at all: the bot reads it whenever it looks at the clock."""
        new = self._file.with_suffix(".new")
        new.write_text(str(self._clock.ahead_seconds + self._wrong.total_seconds()), encoding="ascii")
        new.replace(self._file)
