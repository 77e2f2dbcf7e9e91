"""Breaking a TCP connection the hard way."""

from __future__ import annotations

import socket
import struct

from aiohttp import web

NO_LINGER = struct.pack("ii", 1, 0)


def cut(request: web.Request) -> None:
    """Reset the connection that a request came on: the client sees ECONNRESET, not an orderly end."""
    transport = request.transport
    if transport is None:
        return
    wire: socket.socket | None = transport.get_extra_info("socket")
    if wire is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    transport.abort()
