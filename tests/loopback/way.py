"""The way of every REST request: recorded, perhaps disturbed, its token checked, answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import hdrs, web

from tests.loopback.faults import Fault, FaultPlan
from tests.loopback.record import Record, Request
from tests.loopback.replies import UNAUTHORISED, ApiError, error_reply, rate_limited_reply
from tests.loopback.sockets import cut

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

BODY = web.RequestKey("BODY", Any)
"""Where a handler finds the JSON that came with its request."""
WITHOUT_TOKEN = ("/interactions/", "/webhooks/")
RATE_LIMIT_HEADERS = {
    "X-RateLimit-Limit": "50",
    "X-RateLimit-Remaining": "49",
    "X-RateLimit-Reset-After": "1.000",
}


class Way:
    """What each request below `prefix` passes; a route that is missing answers 404 and is kept in `unknown`."""

    def __init__(self, prefix: str, token: str) -> None:
        self._prefix = prefix
        self.token = token
        self.faults = FaultPlan()
        self.record = Record()
        self.unknown: list[str] = []

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Record a request and draw what befalls it."""
        if not request.path.startswith(self._prefix):
            return await handler(request)
        request[BODY] = await _body(request)
        entry = Request(
            at=asyncio.get_running_loop().time(),
            method=request.method,
            path=request.path.removeprefix(self._prefix),
            authorization=request.headers.get(hdrs.AUTHORIZATION),
            body=request[BODY],
        )
        self.record.append(entry)
        entry.fault = self.faults.next(entry.method, entry.path)
        answer = await self._disturbed(entry, request, handler)
        if entry.fault in {Fault.RESET, Fault.ANSWER_LOST}:
            cut(request)
        else:
            entry.status = answer.status
        return answer

    async def _disturbed(self, entry: Request, request: web.Request, handler: Handler) -> web.StreamResponse:
        match entry.fault:
            case Fault.RESET:
                return web.Response()
            case Fault.RATE_LIMITED:
                return rate_limited_reply(self.faults.retry_after, scope="user")
            case Fault.BAD_GATEWAY:
                return web.Response(status=502, text="bad gateway")
            case Fault.BAD_GATEWAY_AFTER:
                await self._handled(entry, request, handler)
                return web.Response(status=502, text="bad gateway")
            case Fault.NONE | Fault.ANSWER_LOST:
                return await self._handled(entry, request, handler)

    async def _handled(self, entry: Request, request: web.Request, handler: Handler) -> web.StreamResponse:
        answer: web.StreamResponse
        try:
            if entry.authorization != f"Bot {self.token}" and not entry.path.startswith(WITHOUT_TOKEN):
                raise UNAUTHORISED
            answer = await handler(request)
        except ApiError as error:
            answer = error_reply(error)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            self.unknown.append(f"{entry.method} {entry.path}")
            answer = error_reply(ApiError(404, 0, "404: Not Found"))
        answer.headers.update(RATE_LIMIT_HEADERS)
        return answer


async def _body(request: web.Request) -> object:
    """Return the JSON of a request, which a form with files carries in one of its fields."""
    if request.content_type == "multipart/form-data":
        payload = (await request.post())["payload_json"]  # bytes where it says that it is JSON
        return json.loads(payload) if isinstance(payload, str | bytes | bytearray) else None
    text = await request.text()
    return json.loads(text) if text else None
