"""The REST routes that a bot uses."""

from __future__ import annotations

from aiohttp import hdrs, web

from tests.loopback.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from tests.loopback.interactions import Interaction, Interactions
from tests.loopback.messages import Messages, mentioned
from tests.loopback.replies import (
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    THREAD_IS_ARCHIVED,
    UNKNOWN_CHANNEL,
    ApiError,
    Json,
    json_reply,
)
from tests.loopback.way import BODY, Handler, Way
from tests.loopback.world import Channel, Permission, User, World

PREFIX = "/api/v10"

DEVELOPER = User(1, "developer")
"""The application's owner."""


class Rest:
    """What each route does; `way` is what every request passes first."""

    def __init__(
        self, *, token: str, world: World, messages: Messages, gateway: Gateway, interactions: Interactions
    ) -> None:
        self._world = world
        self._messages = messages
        self._gateway = gateway
        self._interactions = interactions
        self.way = Way(PREFIX, token)

    def application(self) -> web.Application:
        """Return the web application that serves the routes below PREFIX."""
        application = web.Application(middlewares=[self.way.middleware])
        message, channel = "/channels/{channel}/messages/{message}", "/channels/{channel}"
        webhook, commands = "/webhooks/{application}/{token}", "/applications/{application}/commands"
        routes: list[tuple[str, str, Handler]] = [
            (hdrs.METH_GET, "/users/@me", self._me),
            (hdrs.METH_POST, "/users/@me/channels", self._private_channel),
            (hdrs.METH_GET, "/oauth2/applications/@me", self._application),
            (hdrs.METH_GET, "/gateway/bot", self._gateway_bot),
            (hdrs.METH_GET, commands, self._read_commands),
            (hdrs.METH_PUT, commands, self._write_commands),
            (hdrs.METH_GET, "/guilds/{guild}", self._guild),
            (hdrs.METH_GET, "/guilds/{guild}/threads/active", self._active_threads),
            (hdrs.METH_GET, channel, self._channel),
            (hdrs.METH_PATCH, channel, self._edit_thread),
            (hdrs.METH_POST, f"{channel}/threads", self._begin_thread),
            (hdrs.METH_GET, f"{channel}/threads/archived/public", self._archived_threads),
            (hdrs.METH_POST, f"{channel}/typing", self._typing),
            (hdrs.METH_GET, f"{channel}/messages", self._history),
            (hdrs.METH_POST, f"{channel}/messages", self._send),
            (hdrs.METH_GET, message, self._read),
            (hdrs.METH_PATCH, message, self._edit),
            (hdrs.METH_DELETE, message, self._delete),
            (hdrs.METH_POST, f"{message}/crosspost", self._crosspost),
            (hdrs.METH_POST, "/interactions/{interaction}/{token}/callback", self._callback),
            (hdrs.METH_POST, webhook, self._follow_up),
            (hdrs.METH_GET, f"{webhook}/messages/{{message}}", self._read_answer),
            (hdrs.METH_PATCH, f"{webhook}/messages/{{message}}", self._edit_answer),
        ]
        for method, path, handler in routes:
            application.router.add_route(method, PREFIX + path, handler)
        return application

    # Who the bot is.

    async def _me(self, _: web.Request) -> web.Response:
        return json_reply(self._world.bot.payload())

    async def _application(self, _: web.Request) -> web.Response:
        bot = self._world.bot
        return json_reply(
            {
                "id": str(bot.id),
                "name": bot.name,
                "icon": None,
                "description": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": 0,
                "owner": DEVELOPER.payload(),
                "team": None,
                "summary": "",
            }
        )

    async def _gateway_bot(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return json_reply({"url": self._gateway.url, "shards": 1, "session_start_limit": limit})

    # Commands.

    async def _read_commands(self, _: web.Request) -> web.Response:
        return json_reply(self._interactions.commands)

    async def _write_commands(self, request: web.Request) -> web.Response:
        return json_reply(self._interactions.register(request[BODY]))

    # Servers and channels.

    async def _guild(self, request: web.Request) -> web.Response:
        return json_reply(self._world.guild(int(request.match_info["guild"])).payload(self._world.bot))

    async def _channel(self, request: web.Request) -> web.Response:
        return json_reply(self._reachable(request).payload())

    async def _private_channel(self, request: web.Request) -> web.Response:
        wanted = str(request[BODY]["recipient_id"])
        for channel in self._world.private.values():
            if channel.recipient and str(channel.recipient.id) == wanted:
                return json_reply(channel.payload())
        raise UNKNOWN_CHANNEL

    async def _typing(self, request: web.Request) -> web.Response:
        self._reachable(request)
        return web.Response(status=204)

    def _reachable(self, request: web.Request, *needed: Permission) -> Channel:
        channel = self._world.channel(int(request.match_info["channel"]))
        match self.way.faults.channels.get(channel.id):
            case 403:
                raise MISSING_ACCESS
            case 404:
                raise UNKNOWN_CHANNEL
        held = self._world.bots_permissions(channel)
        if not held & Permission.VIEW_CHANNEL:
            raise MISSING_ACCESS
        if any(not held & permission for permission in needed):
            raise MISSING_PERMISSIONS
        return channel

    # Threads.

    async def _begin_thread(self, request: web.Request) -> web.Response:
        forum, body = self._reachable(request, Permission.SEND_MESSAGES), request[BODY]
        thread = self._world.add_thread(forum, self._world.bot, body["name"], self._messages.now())
        message = self._messages.begin_thread(thread.channel, thread.owner, body["message"])
        return json_reply(thread.payload() | {"message": message})

    async def _edit_thread(self, request: web.Request) -> web.Response:
        thread = self._world.thread(self._reachable(request).id)
        if thread is None:
            raise MISSING_PERMISSIONS
        thread.archived, thread.changed = request[BODY]["archived"], self._messages.now()
        return json_reply(thread.payload())

    async def _active_threads(self, request: web.Request) -> web.Response:
        threads = self._world.guild(int(request.match_info["guild"])).threads.values()
        return json_reply({"threads": [thread.payload() for thread in threads if not thread.archived], "members": []})

    async def _archived_threads(self, request: web.Request) -> web.Response:
        """Answer with all of them, latest first: one page is enough for any test."""
        archived = [thread for thread in self._world.threads(self._reachable(request)) if thread.archived]
        latest = sorted(archived, key=lambda thread: thread.changed, reverse=True)
        return json_reply({"threads": [thread.payload() for thread in latest], "members": [], "has_more": False})

    # Messages.

    async def _send(self, request: web.Request) -> web.Response:
        channel = self._reachable(request, Permission.SEND_MESSAGES)
        message, new = self._messages.post(channel, self._world.bot, request[BODY])
        if new:
            await self.announce(channel, message)
        return json_reply(message)

    async def announce(self, channel: Channel, message: Json, *, author: User | None = None) -> None:
        """Tell the gateway of a new message; its text goes only to those who may read it."""
        guild = self._world.guild(channel.guild) if channel.guild is not None else None
        answered = message.get("referenced_message")
        message["mentions"] = [user.payload() for user in mentioned(message["content"], guild, self._world.bot)]
        if answered and answered["author"] not in message["mentions"]:
            message["mentions"].append(answered["author"])
        event = dict(message)
        if guild:
            writer = (author or self._world.bot).id
            event |= {"guild_id": str(guild.id), "member": guild.members[writer].payload()}
        readable = guild is None or author is None or self._world.bot.payload() in message["mentions"]
        blank: Json = event if readable else event | {"content": "", "embeds": [], "components": [], "attachments": []}
        needs = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        await self._gateway.dispatch("MESSAGE_CREATE", event, needs=needs, without_content=blank)

    async def _history(self, request: web.Request) -> web.Response:
        channel = self._reachable(request)
        query = {key: int(request.query[key]) for key in ("before", "after", "limit") if key in request.query}
        limit = query.get("limit", 50)
        if not 1 <= limit <= 100:
            raise ApiError(400, 50035, "Invalid Form Body")
        if channel.guild is not None and not self._world.bots_permissions(channel) & Permission.READ_MESSAGE_HISTORY:
            return json_reply([])
        found = self._messages.history(channel.id, before=query.get("before"), after=query.get("after"), limit=limit)
        return json_reply(found)

    async def _read(self, request: web.Request) -> web.Response:
        channel = self._reachable(request, Permission.READ_MESSAGE_HISTORY)
        return json_reply(self._messages.get(channel.id, int(request.match_info["message"])))

    async def _edit(self, request: web.Request) -> web.Response:
        message = self._messages.get(self._reachable(request).id, int(request.match_info["message"]))
        if message["author"]["id"] != str(self._world.bot.id):
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        thread = self._world.thread(int(message["channel_id"]))
        if thread and thread.archived:
            raise THREAD_IS_ARCHIVED
        return json_reply(self._messages.edit(message, request[BODY]))

    async def _crosspost(self, request: web.Request) -> web.Response:
        message = self._messages.get(self._reachable(request).id, int(request.match_info["message"]))
        return json_reply(self._messages.crosspost(message))

    async def _delete(self, request: web.Request) -> web.Response:
        self._messages.delete(self._reachable(request).id, int(request.match_info["message"]))
        return web.Response(status=204)

    # Interactions.

    async def _callback(self, request: web.Request) -> web.Response:
        number, token = int(request.match_info["interaction"]), request.match_info["token"]
        body: Json = request[BODY]
        kind, data = body["type"], body.get("data") or {}
        interaction = self._interactions.acknowledge(number, token, kind, data.get("flags") or 0)
        resource: Json = {"type": kind}
        if kind == 4:  # a message
            resource["message"] = await self._reply(interaction, data)
        elif kind == 8:  # choices of an autocomplete
            interaction.choices = data["choices"]
        if request.query.get("with_response") not in {"1", "true"}:
            return web.Response(status=204)
        state = {"id": str(number), "type": 2, "response_message_loading": kind == 5}
        return json_reply(
            {"interaction": state | {"response_message_ephemeral": interaction.ephemeral}, "resource": resource}
        )

    async def _follow_up(self, request: web.Request) -> web.Response:
        interaction = self._interactions.acknowledged(request.match_info["token"])
        return json_reply(await self._reply(interaction, request[BODY]))

    async def _reply(self, interaction: Interaction, body: Json) -> Json:
        message = self._messages.compose(interaction.channel, self._world.bot, body) | {"type": 20}
        interaction.messages.append(message)
        if not interaction.ephemeral:
            self._messages.keep(message)
            await self.announce(interaction.channel, message)
        return message

    async def _read_answer(self, request: web.Request) -> web.Response:
        interaction = self._interactions.acknowledged(request.match_info["token"])
        return json_reply(interaction.message(request.match_info["message"]))

    async def _edit_answer(self, request: web.Request) -> web.Response:
        interaction, name = self._interactions.acknowledged(request.match_info["token"]), request.match_info["message"]
        if name == "@original" and not interaction.messages:  # deferred: this is the answer
            return json_reply(await self._reply(interaction, request[BODY]))
        return json_reply(self._messages.edit(interaction.message(name), request[BODY]))
