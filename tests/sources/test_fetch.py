"""The guarded client against a real server on loopback, and against every way of naming what it must not reach."""

import asyncio
import inspect
import tracemalloc
import zlib
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web

from bot.errors import FetchError
from bot.sources.fetch import LARGEST_BODY, Fetcher, is_public, may_dial

MIB = 1024 * 1024
LATIN = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'
PUBLIC = ("1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1")
NOT_PUBLIC = (
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",  # an address to refuse
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::",
    "localhost",
    "",
)
LOOPBACK_SPELLINGS = (
    "127.0.0.1",
    "localhost",
    "localhost.",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "0",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
)


class Board:
    """What a server was asked and how it answers."""

    def __init__(self):
        self.asked = []
        self.answer = web.Response(text="hello")

    async def handle(self, request):
        self.asked.append(request)
        answer = self.answer(request) if callable(self.answer) else self.answer
        return await answer if inspect.isawaitable(answer) else answer


@pytest.fixture
async def board():
    found = Board()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", found.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.port = runner.addresses[0][1]
    found.url = f"http://127.0.0.1:{found.port}/jobs"
    yield found
    await runner.cleanup()


@asynccontextmanager
async def fetching(dials=lambda *_: True, **options):
    async with Fetcher(dials, **options) as fetcher:
        yield fetcher


def moved(place):
    return web.Response(status=302, headers={"Location": place})


async def refusal(url, dials=lambda *_: True, **options):
    async with fetching(dials, **options) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(url)
    return caught.value


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_dialled_on_the_ports_of_the_web_only(address):
    assert is_public(address)
    assert [may_dial(address, port) for port in (80, 443, 22, 8080)] == [True, True, False, False]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_other_address_may_be_dialled(address):
    assert not is_public(address)
    assert not may_dial(address, 443)


@pytest.mark.parametrize("host", LOOPBACK_SPELLINGS)
async def test_loopback_is_not_reached_however_it_is_spelt(host, board):
    refused = await refusal(f"http://{host}:{board.port}/", dials=lambda address, _: is_public(address))
    assert board.asked == []
    assert refused.status is None


async def test_a_redirect_home_is_refused(board):
    board.answer = moved("http://127.0.0.2:1/secret")
    refused = await refusal(board.url, dials=lambda address, _: address == "127.0.0.1")
    assert "not a public web server" in str(refused)
    assert len(board.asked) == 1


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://x.example.com/", "gopher://127.0.0.1/"])
async def test_a_redirect_to_another_scheme_is_refused(place, board):
    board.answer = moved(place)
    assert "not an http or https address" in str(await refusal(board.url))


async def test_three_redirects_are_followed_and_no_more(board):
    def answer(request):
        left = int(request.query.get("left", "0"))
        return moved(f"/jobs?left={left - 1}") if left else web.Response(text="there")

    board.answer = answer
    async with fetching() as fetcher:
        assert (await fetcher.fetch(f"{board.url}?left=3")).text == "there"
    assert "more than 3 redirects" in str(await refusal(f"{board.url}?left=4"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "http://",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://[::1",
        "http://a:99999/",
        "//x.example.com/",
    ],
)
async def test_what_is_no_web_address_is_refused_before_anything_is_dialled(url):
    dialled = []
    await refusal(url, dials=lambda *where: dialled.append(where) is None)
    assert dialled == []


async def test_an_address_with_a_password_is_refused(board):
    refused = await refusal(f"http://user:pass@127.0.0.1:{board.port}/")
    assert "pass" not in str(refused).replace("password", "")
    assert board.asked == []


async def test_what_has_not_changed_is_not_sent_again(board):
    def answer(request):
        same = request.headers.get("If-None-Match") == '"7"'
        return web.Response(status=304 if same else 200, text=None if same else "new", headers={"ETag": '"7"'})

    board.answer = answer
    async with fetching() as fetcher:
        first = await fetcher.fetch(board.url)
        again = await fetcher.fetch(board.url, etag=first.etag, modified="Mon, 10 Aug 2026 10:00:00 GMT")
    assert (first.text, again.text, again.etag) == ("new", None, '"7"')
    assert board.asked[1].headers["If-Modified-Since"] == "Mon, 10 Aug 2026 10:00:00 GMT"


@pytest.mark.parametrize(("said", "wait"), [("120", timedelta(seconds=120)), ("soon", None), (None, None)])
async def test_an_error_tells_its_status_and_how_long_to_wait(said, wait, board):
    board.answer = web.Response(status=503, headers={"Retry-After": said} if said else {})
    refused = await refusal(board.url)
    assert (refused.status, refused.retry_after) == (503, wait)


async def test_a_date_to_wait_for_that_has_passed_is_no_wait(board):
    board.answer = web.Response(status=429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    assert (await refusal(board.url)).retry_after == timedelta(0)


async def test_a_bomb_is_refused_while_it_unfolds_and_takes_little_memory(board):
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(MIB)) for _ in range(400)) + packer.flush()
    board.answer = lambda _: web.Response(body=bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        refused = await refusal(board.url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "more than 8 MiB" in str(refused)
    assert peak < 50 * MIB


async def test_a_body_of_the_largest_size_is_read_whole_and_one_byte_more_is_not(board):
    board.answer = lambda _: web.Response(body=b"a" * LARGEST_BODY)
    async with fetching() as fetcher:
        assert len((await fetcher.fetch(board.url)).text) == LARGEST_BODY
    board.answer = lambda _: web.Response(body=b"a" * (LARGEST_BODY + 1))
    assert "more than 8 MiB" in str(await refusal(board.url))


async def test_a_server_that_dribbles_is_given_up(board):
    async def dribble(request):
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b".")
            await asyncio.sleep(0)

    board.answer = dribble
    assert "did not answer within 0.3 seconds" in str(await refusal(board.url, total_seconds=0.3))


async def test_nothing_answers_is_told_with_the_reason():
    assert "cannot be reached" in str(await refusal("http://127.0.0.1:9/"))


async def test_proxies_of_the_environment_and_cookies_are_not_used(board, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    board.answer = lambda _: web.Response(text="x", headers={"Set-Cookie": "a=b"})
    async with fetching() as fetcher:
        await fetcher.fetch(board.url)
        await fetcher.fetch(board.url)
    assert "Cookie" not in board.asked[1].headers
    assert board.asked[0].headers["User-Agent"].startswith("career-bot/")


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("Zürich".encode("latin-1"), "text/xml; charset=ISO-8859-1", "Zürich"),
        ("\ufeffZürich".encode(), "text/csv", "Zürich"),
        (b"\xff", "text/plain; charset=utf-8", "\ufffd"),
        (b"x", "text/plain; charset=made-up", "x"),
        (LATIN.encode("latin-1"), "text/xml", LATIN),
    ],
)
async def test_a_body_is_decoded_as_it_says_or_as_utf_8(body, kind, text, board):
    board.answer = lambda _: web.Response(body=body, headers={"Content-Type": kind})
    async with fetching() as fetcher:
        found = (await fetcher.fetch(board.url)).text
    assert found == text
