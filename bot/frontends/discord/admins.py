"""What admins of a server read when announcing in a channel met with trouble."""

from __future__ import annotations

import discord

from bot.frontends.discord.responding import NO_MENTIONS
from bot.frontends.escape import cut, escape
from bot.frontends.phrases import say
from bot.jobs.announcing import Trouble
from bot.services.ports import ForbiddenError, TemporaryError

MAX_MESSAGE = 2_000
MAX_TITLE = 80
MAX_DETAIL = 120


async def tell_admin(client: discord.Client, trouble: Trouble) -> None:
    """Write to who set a channel up, else to the server's owner. Raises ForbiddenError and TemporaryError."""
    guild = client.get_guild(trouble.guild)
    admin = trouble.admin or (guild.owner_id if guild else None)
    if admin is None:
        raise ForbiddenError("nobody is known who could be told")
    try:
        channel = await client.create_dm(discord.Object(admin))
        await channel.send(trouble_text(trouble, guild.name if guild else ""), allowed_mentions=NO_MENTIONS)
    except discord.Forbidden as error:
        raise ForbiddenError(str(error)) from error
    except discord.HTTPException as error:
        raise TemporaryError(str(error), outcome_known=False) from error


def trouble_text(trouble: Trouble, server: str) -> str:
    """Return what happened in a channel of a server, and what to do."""
    names = {"channel": f"<#{trouble.channel}>", "server": escape(server, MAX_TITLE)}
    lines = []
    if trouble.reason:
        detail = f" ({escape(trouble.detail, MAX_DETAIL)})" if trouble.detail else ""
        reason = f"{say(f'announce.reason.{trouble.reason.value}')}{detail}"
        lines.append(say("announce.trouble.paused", reason=reason, **names))
    if trouble.unknown:
        jobs = [f"**{escape(title, MAX_TITLE)}**" for title in trouble.unknown]
        more = [say("digest.more", count=trouble.more)] if trouble.more else []
        lines.append(say("announce.trouble.unknown", jobs=", ".join(jobs + more), **names))
    return cut("\n".join(lines), MAX_MESSAGE)
