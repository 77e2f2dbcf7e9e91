"""The guarded HTTP client: fetches documents from addresses that strangers may have written.

Every address is checked when it is dialled, so that no name that points home, no odd spelling of a number, no redirect
and no name that changes between two looks reaches what only this machine may reach.
"""

from __future__ import annotations

import asyncio
import codecs
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Self

import aiohttp
from yarl import URL

from bot.errors import FetchError

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a body, decompressed, counted while they arrive."""
MAX_REDIRECTS = 3
TOTAL_SECONDS = 15.0
PORTS = frozenset({80, 443})
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LEADS_ELSEWHERE = tuple(
    map(
        ip_network,
        (
            *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "192.88.99.0/24", "::/96", "::ffff:0:0:0/96"),
            *("fec0::/10", "192.0.0.0/24"),
        ),
    )
)
"""Public to look at, but translated or tunnelled to any IPv4 address (NAT64, 6to4, Teredo, IPv4-compatible and
-translated), or once meant for a site or a provider alone."""
_ACCEPT = "application/json, application/feed+json, application/rss+xml, application/atom+xml, text/html, */*;q=0.5"

_XML_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,100}encoding=[\"']([A-Za-z0-9_.-]{1,40})[\"']")

_CHARSETS = (
    "ascii",
    "big5",
    "cp",
    "euc",
    "gb",
    "iso8859",
    "iso2022",
    "koi8",
    "mac",
    "shift",
    "utf-8",
    "utf-16",
    "utf-32",
)
"""How names of codecs for texts begin; others, such as punycode, take long or raise."""

MayDial = Callable[[str, int], bool]


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer; `text` is None where the document has not changed. `etag` and `modified` are for the next question."""

    url: str
    text: str | None
    etag: str | None = None
    modified: str | None = None


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet, whatever it is wrapped in."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip in network for network in _LEADS_ELSEWHERE if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast


def may_dial(address: str, port: int) -> bool:
    """Return whether an address and port may be connected to: a public web server."""
    return port in PORTS and is_public(address)


class _RefusedError(OSError):
    """An address that must not be dialled."""


class Fetcher:
    """Fetches documents; an async context manager that holds one connection pool."""

    def __init__(self, dials: MayDial = may_dial, *, total_seconds: float = TOTAL_SECONDS) -> None:
        """Take what tells where may be connected to, and how long one document may take, redirects included."""
        self._dials = dials
        self._total = total_seconds
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the pool: no cookies, no proxies of the environment."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=self._socket, limit=8, limit_per_host=2),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": f"career-bot/{version('career-bot')}", "Accept": _ACCEPT},
            timeout=aiohttp.ClientTimeout(total=self._total),
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the pool."""
        if self._session:
            await self._session.close()

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """Return the document at an http(s) address, or that it has not changed since `etag` or `modified`.

        Raises FetchError when the address may not be asked, does not answer in time, answers anything but 200 or 304,
        or with more than LARGEST_BODY.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            async with asyncio.timeout(self._total):
                return await self._follow(_checked(url), headers)
        except TimeoutError:
            raise FetchError(f"{_shown(url)} did not answer within {self._total:g} seconds") from None
        except aiohttp.ClientError as error:
            raise FetchError(f"{_shown(url)} cannot be reached: {_why(error)}") from None
        except ValueError as error:  # a host that is no name, or what an answer says that cannot be read
            raise FetchError(f"{_shown(url)} cannot be asked: {error}") from None

    async def _follow(self, url: URL, headers: dict[str, str]) -> Fetched:
        for _ in range(MAX_REDIRECTS + 1):
            async with self._opened.get(url, headers=headers, allow_redirects=False) as response:
                if response.status in _REDIRECTS and "Location" in response.headers:
                    url = _checked(str(url.join(URL(response.headers["Location"]))))
                    continue
                return await _answer(response)
        raise FetchError(f"{_shown(str(url))}: more than {MAX_REDIRECTS} redirects")

    @property
    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise FetchError("the fetcher is not open")
        return self._session

    def _socket(self, dialled: Any) -> socket.socket:
        """Make the socket for what is really dialled, after names were resolved: family, type, protocol, _, address."""
        family, kind, protocol, _, address = dialled
        if not self._dials(str(address[0]), int(address[1])):
            raise _RefusedError(f"{address[0]} port {address[1]} is not a public web server")
        return socket.socket(family, kind, protocol)


def _checked(text: str) -> URL:
    """Return an address that may be asked for. Raises FetchError when it is none."""
    try:
        url = URL(text)
    except ValueError:
        raise FetchError(f"{_shown(text)} is not an address") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise FetchError(f"{_shown(text)} is not an http or https address")
    if url.user or url.password:
        raise FetchError("an address with a user name or password in it is not asked")
    return url


async def _answer(response: aiohttp.ClientResponse) -> Fetched:
    url = str(response.url)
    if response.status == 304:
        return Fetched(url, None, response.headers.get("ETag"), response.headers.get("Last-Modified"))
    if response.status != 200:
        wait = _retry_after(response.headers.get("Retry-After"))
        raise FetchError(f"{_shown(url)} answered {response.status}", status=response.status, retry_after=wait)
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > LARGEST_BODY:
            response.close()
            raise FetchError(f"{_shown(url)} sends more than {LARGEST_BODY // 1024 // 1024} MiB", status=200)
    text = _decoded(bytes(body), response.charset)
    return Fetched(url, text, response.headers.get("ETag"), response.headers.get("Last-Modified"))


def _decoded(body: bytes, charset: str | None) -> str:
    declared = _XML_ENCODING.match(body)
    charset = charset or (declared[1].decode() if declared else None) or "utf-8-sig"
    try:
        known = codecs.lookup(charset).name
    except LookupError:
        known = ""
    return body.decode(charset if known.startswith(_CHARSETS) else "utf-8-sig", "replace")


def _retry_after(said: str | None) -> timedelta | None:
    if not said:
        return None
    if said.strip().isdecimal() and len(said.strip()) < 9:
        return timedelta(seconds=int(said))
    try:
        return max(timedelta(0), parsedate_to_datetime(said) - datetime.now(UTC))
    except (ValueError, TypeError, OverflowError):
        return None


def _why(error: aiohttp.ClientError) -> str:
    inner = getattr(error, "os_error", None)
    return str(inner or error) or type(error).__name__


def _shown(url: str) -> str:
    """Return an address as it may be told: without a query, in which keys may stand."""
    return url.partition("?")[0][:200]
