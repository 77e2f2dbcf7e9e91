"""The gateway: sessions that can be resumed, compressed or not, and broken in every way a test asks for."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count

from aiohttp import WSMsgType, web

from tests.loopback.replies import Json
from tests.loopback.sockets import cut
from tests.loopback.world import World

GUILDS = 1 << 0
GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
MESSAGE_CONTENT = 1 << 15
PRIVILEGED = MESSAGE_CONTENT | 1 << 1 | 1 << 8


class Op(IntEnum):
    """What a frame is."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class CloseCode(IntEnum):
    """Why the server closes; the first stands for a client that went without a word."""

    NONE_GIVEN = 1006
    UNKNOWN_OPCODE = 4001
    AUTHENTICATION_FAILED = 4004
    DISALLOWED_INTENTS = 4014


class Connection:
    """One websocket; frames leave in order, through one compressor where the client asked for that."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request = request
        self.socket = socket
        self._compressor = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._turn = asyncio.Lock()

    async def send(self, op: Op, data: object = None, *, sequence: int | None = None, event: str | None = None) -> None:
        """Send one frame; a client that has gone is no fault."""
        frame = json.dumps({"op": op, "d": data, "s": sequence, "t": event})
        async with self._turn:
            with contextlib.suppress(ConnectionError):
                if self._compressor:
                    packed = self._compressor.compress(frame.encode()) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(packed)
                else:
                    await self.socket.send_str(frame)

    def cut(self) -> None:
        """Reset the connection, without a word."""
        cut(self._request)


@dataclass(eq=False)
class Session:
    """What a client identified for, and every event it was sent or has missed."""

    id: str
    intents: int
    connection: Connection | None
    events: list[tuple[str, Json]] = field(default_factory=list)

    async def dispatch(self, event: str, data: Json) -> None:
        """Send an event, or keep it until the client resumes."""
        self.events.append((event, data))
        await self._send(len(self.events))

    async def replay(self, after: int) -> None:
        """Send again what came after a sequence number."""
        for sequence in range(after + 1, len(self.events) + 1):
            await self._send(sequence)

    async def _send(self, sequence: int) -> None:
        if self.connection:
            event, data = self.events[sequence - 1]
            await self.connection.send(Op.DISPATCH, data, sequence=sequence, event=event)


class Gateway:
    """All sessions, and how to disturb them.

    `counts` holds how often a client connected, was refused, identified and resumed; `closes` the codes that clients
    closed with, in order (1006: a client went without a word, or the server closed first).
    """

    heartbeat_seconds = 41.25

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self.token = token
        self._numbers = count(1)
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self._to_refuse = 0
        self.url = ""
        self.counts: Counter[str] = Counter()
        self.closes: list[int] = []

    # What tests do.

    def refuse_next(self, connections: int = 1) -> None:
        """Answer the next connections with 503 instead of a handshake."""
        self._to_refuse = connections

    def drop(self) -> None:
        """Reset every connection; sessions can be resumed, and keep what they miss from this moment on."""
        for session in self._sessions.values():
            session.connection = None
        for connection in list(self._connections):
            connection.cut()

    async def ask_to_reconnect(self) -> None:
        """Send op 7."""
        for connection in list(self._connections):
            await connection.send(Op.RECONNECT)

    async def invalidate(self) -> None:
        """Forget every session and send op 9: clients have to identify anew."""
        self._sessions.clear()
        for connection in list(self._connections):
            await connection.send(Op.INVALID_SESSION, data=False)

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        for connection in list(self._connections):
            await connection.socket.close(code=code)

    @property
    def live(self) -> int:
        """How many clients are connected and identified."""
        return sum(session.connection is not None for session in self._sessions.values())

    # What the server does.

    async def dispatch(self, event: str, data: Json, *, needs: int = 0, without_content: Json | None = None) -> None:
        """Send an event to the sessions with the intents it `needs`, its text only to those that may read it."""
        for session in list(self._sessions.values()):
            if session.intents & needs == needs:
                readable = without_content is None or session.intents & MESSAGE_CONTENT
                await session.dispatch(event, data if readable else without_content or data)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak with one client until it leaves."""
        self.counts["connected"] += 1
        compression = request.query.get("compress", "zlib-stream")
        if self._to_refuse or compression != "zlib-stream":
            self._to_refuse = max(0, self._to_refuse - 1)
            self.counts["refused"] += 1
            return web.Response(status=503 if compression == "zlib-stream" else 400)
        socket = web.WebSocketResponse(max_msg_size=4096, compress=False)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.add(connection)
        code: int = CloseCode.NONE_GIVEN
        try:
            code = await self._converse(connection)
        finally:
            self._connections.discard(connection)
            self.closes.append(code)
            self._leave(connection, code)
        return socket

    def _leave(self, connection: Connection, code: int) -> None:
        for session in list(self._sessions.values()):
            if session.connection is connection:
                session.connection = None
                if code in {1000, 1001}:
                    del self._sessions[session.id]

    async def _converse(self, connection: Connection) -> int:
        """Answer what a client sends until it closes, and return the code it gave."""
        await connection.send(Op.HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000)})
        while (message := await connection.socket.receive()).type is WSMsgType.TEXT:
            frame: Json = json.loads(message.data)
            match frame["op"]:
                case Op.HEARTBEAT:
                    await connection.send(Op.HEARTBEAT_ACK)
                case Op.IDENTIFY:
                    await self._identify(connection, frame["d"])
                case Op.RESUME:
                    await self._resume(connection, frame["d"])
                case 3 | 4 | 8:  # presence, voice state and member requests change nothing here
                    pass
                case _:
                    await connection.socket.close(code=CloseCode.UNKNOWN_OPCODE)
        return int(message.data) if message.type is WSMsgType.CLOSE else CloseCode.NONE_GIVEN

    async def _identify(self, connection: Connection, data: Json) -> None:
        self.counts["identified"] += 1
        if data["token"] != self.token:
            await connection.socket.close(code=CloseCode.AUTHENTICATION_FAILED)
            return
        if data["intents"] & PRIVILEGED:
            await connection.socket.close(code=CloseCode.DISALLOWED_INTENTS)
            return
        session = Session(f"session-{next(self._numbers)}", data["intents"], connection)
        self._sessions[session.id] = session
        await session.dispatch("READY", self._ready(session))
        if session.intents & GUILDS:
            for guild in self._world.guilds.values():
                await session.dispatch("GUILD_CREATE", guild.payload(self._world.bot))

    def _ready(self, session: Session) -> Json:
        return {
            "v": 10,
            "user": self._world.bot.payload(),
            "guilds": [{"id": str(guild), "unavailable": True} for guild in self._world.guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": str(self._world.bot.id), "flags": 0},
        }

    async def _resume(self, connection: Connection, data: Json) -> None:
        session = self._sessions.get(data["session_id"])
        if data["token"] != self.token:
            await connection.socket.close(code=CloseCode.AUTHENTICATION_FAILED)
        elif session is None or data["seq"] > len(session.events):
            await connection.send(Op.INVALID_SESSION, data=False)
        else:
            self.counts["resumed"] += 1
            session.connection = connection
            await session.replay(data["seq"])
            await session.dispatch("RESUMED", {})
