"""What a hostile source must not get: every form of address and every bomb is refused, quickly and in little memory.

Addresses are asked in this process, each answer and document in a process of its own, so that its peak is its own. It
stands for the bot's: what a document is read in beside it has limits of its own, and is told apart.
Nothing but loopback is dialled: what the guard would let through is told instead. Names are looked up in a list here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import os
import resource
import socket
import subprocess
import sys
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from itertools import chain, repeat
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, process_time
from typing import Self
from unittest.mock import patch

from bot.advisor.loading import load_knowledge
from bot.advisor.recognition import Recogniser
from bot.app import recognition_by
from bot.config import default_knowledge
from bot.errors import FetchError
from bot.folder import read_folder
from bot.jobs.imported import MOST_RECORDS, Imported, Recognition
from bot.sources.fetch import LARGEST_BODY, Fetcher, may_dial
from bot.sources.reading import read_document
from tests.benchmarks.loading import timed
from tests.benchmarks.scaling import _peak_mib
from tests.sources.documents import DOCUMENTS

MOST_SECONDS, MOST_MIB = 0.5, 50.0
TIMES = 3
"""The best of so many runs of one near the limit counts: other programs may hold the machine up, and never help it."""
LONG_SECONDS = 5.0
"""What takes longer is not run once more with Python's own memory counted."""
GIVE_UP_SECONDS = 60.0
PATIENCE_SECONDS = 0.2
"""What the client waits here in place of 15 s: for a server that dribbles, that is all the time it gets."""
MOST_ADDRESS_SPACE = 4 << 30
"""Bytes that a process here may ask for, so that a bomb ends itself and not the machine."""
LOOKED_AFTER_SECONDS = 0.05
SHOWN = 72
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said to something hostile, and whether that kept it out."""

    said: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict with what it took: memory is the peak of Python's own, and by how much the peak of the process grew.

    `seconds` are on the clock. What stands beside are the processor time and the peak of a process that it was read in;
    where there was one, `own_seconds` are what this process took of a processor.
    """

    name: str
    said: str
    refused: bool
    seconds: float
    python_mib: float | None = None
    process_mib: float | None = None
    beside_seconds: float = 0.0
    beside_mib: float | None = None
    own_seconds: float | None = None

    @property
    def kept(self) -> bool:
        """Whether it was refused within the limits, but for what was done beside."""
        memory = max(self.python_mib or 0, self.process_mib or 0)
        return self.refused and self.held_seconds < MOST_SECONDS and memory < MOST_MIB

    @property
    def held_seconds(self) -> float:
        """For how long this process was at it; while it waits for one beside it, it does other things."""
        return self.seconds if self.own_seconds is None else self.own_seconds


Pieces = Callable[[], Iterable[bytes]]
"""What a server sends, possibly for ever."""


@dataclass(frozen=True, slots=True)
class Bomb:
    """A document of as many characters as is asked, and the format in which it is read; None: what it looks like."""

    form: str | None
    text: Callable[[int], str]


# What is asked.

ADDRESSES: dict[str, tuple[str, ...]] = {
    "private": (
        *("http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.254/", "http://192.168.1.1/"),
        *("http://100.64.0.1/", "http://[fc00::1]/", "http://[fd12:3456::1]/", "http://[fec0::1]/"),
    ),
    "loopback": (
        *("http://127.0.0.1/", "http://127.8.9.1/", "http://0.0.0.0/", "http://[::1]/", "http://[::]/"),
        *("http://[0:0:0:0:0:0:0:1]/", "https://127.0.0.1/"),
    ),
    "link-local": ("http://169.254.1.1/", "http://[fe80::1]/"),
    "metadata": (
        *("http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://100.100.100.200/"),
        *("http://192.0.0.192/", "http://metadata.example/"),
    ),
    "of no use": (
        *("http://0.1.2.3/", "http://192.0.2.1/", "http://198.18.0.1/", "http://198.51.100.1/", "http://203.0.113.1/"),
        *("http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/", "http://[ff02::1]/"),
        "http://[2001:db8::1]/",
    ),
    "IPv4 in IPv6": (
        *("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:a9fe:a9fe]/"),
        *("http://[::ffff:10.0.0.1]/", "http://[::127.0.0.1]/", "http://[::ffff:0:127.0.0.1]/"),
    ),
    "6to4, Teredo": ("http://[2002:7f00:1::]/", "http://[2002:a9fe:a9fe::1]/", "http://[2001:0:7f00:1::]/"),
    "NAT64": ("http://[64:ff9b::7f00:1]/", "http://[64:ff9b::169.254.169.254]/", "http://[64:ff9b:1::a00:1]/"),
    "decimal": ("http://2130706433/", "http://2852039166/", "http://4294967297/"),
    "octal": ("http://0177.0.0.1/", "http://017700000001/", "http://00000177.0.0.1/", "http://127.000.000.001/"),
    "hex": ("http://0x7f000001/", "http://0x7f.0.0.1/", "http://0x7f.1/", "http://0xa9.254.0251.254/"),
    "short": ("http://127.1/", "http://127.0.1/", "http://10.1/", "http://0/", "http://127.0.0.1./"),
    "other digits": ("http://①②⑦.⓪.⓪.①/", "http://１２７.０.０.１/", "http://127。0。0。1/", "http://%31%32%37.0.0.1/"),
    "zone ids": ("http://[fe80::1%eth0]/", "http://[fe80::1%25eth0]/", "http://[::1%lo]/", "http://[::1%251]/"),
    "userinfo": (
        *(
            "http://user:secret@127.0.0.1/",
            "http://user@1.1.1.1/",
            "http://:secret@1.1.1.1/",
            "http://1.1.1.1@127.0.0.1/",
        ),
        *("http://127.0.0.1#@1.1.1.1/", "http://1.1.1.1:80\\@127.0.0.1/", "http://1.1.1.1%2F@127.0.0.1/"),
    ),
    "schemes": (
        *("file:///etc/passwd", "FILE:///etc/passwd", "ftp://1.1.1.1/", "gopher://127.0.0.1:70/", "data:text/plain,x"),
        *("dict://127.0.0.1:11211/", "ldap://127.0.0.1/", "jar:http://127.0.0.1!/", "ws://127.0.0.1/", "unix:/run/x"),
        *("http+unix://%2Frun%2Fx/", "javascript:alert(1)", "//127.0.0.1/", "http:127.0.0.1", "http:///127.0.0.1", ""),
    ),
    "ports": (
        *("http://1.1.1.1:22/", "http://1.1.1.1:25/", "http://1.1.1.1:6379/", "https://1.1.1.1:8443/"),
        *("http://1.1.1.1:0/", "http://1.1.1.1:65536/", "http://1.1.1.1:-1/", "http://1.1.1.1:80:80/"),
    ),
    "names": (
        *("http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://home.example/"),
        *(
            "http://127.0.0.1.home.example/",
            "http://inside.example/",
            "http://wrapped.example/",
            "http://several.example/",
        ),
        "http://unknown.example/",
    ),
    "malformed": (
        *("http://", "http://[::1", "http://a:99999/", "http://a..b/", f"http://{'a' * 64}.example/"),
        *("http://127.0.0.1\r\nHost: x/", "http://a b/", "http://\ud800/", "http://℀.example/", " http://127.0.0.1/"),
    ),
}
_NAMES = {
    "localhost": ("127.0.0.1", "::1"),
    "localhost.": ("127.0.0.1", "::1"),
    "home.example": ("127.0.0.1",),
    "127.0.0.1.home.example": ("127.0.0.1",),
    "inside.example": ("10.0.0.5",),
    "wrapped.example": ("::ffff:10.0.0.5",),
    "several.example": ("192.168.1.1", "fd00::1", "64:ff9b::7f00:1"),
    "metadata.example": ("169.254.169.254",),
}
REDIRECTS = (
    *("http://127.0.0.2/", "//127.0.0.2/", "http://localhost/", "http://home.example/", "http://[::1]/"),
    *("http://169.254.169.254/latest/meta-data/", "http://2130706433/", "http://[::ffff:127.0.0.1]/"),
    *("http://127.0.0.1:22/", "http://127.0.0.1:6379/", "https://127.0.0.1/", "http://user:secret@127.0.0.1/"),
    *("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "data:text/plain,x", "javascript:alert(1)"),
    *("/", "?", "http://[::1", "http://a:99999/", "http://a..b/", "http://℀.example/", f"/{'a' * 7_000}"),
)


def _whole(body: bytes, *headers: str, status: str = "200 OK") -> Pieces:
    lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", "")
    return lambda: (("\r\n".join(lines)).encode(), body)


def _endless(head: str, piece: bytes) -> Pieces:
    return lambda: chain((head.encode(),), repeat(piece))


def _packed(size: int, window_bits: int) -> bytes:
    """Return what unfolds to so many bytes."""
    packer = zlib.compressobj(9, wbits=window_bits)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(size // MIB + 1)) + packer.flush()


def _bomb(size: int, window_bits: int, coding: str, **status: str) -> Pieces:
    unfolded = max(50 * size, 2 * LARGEST_BODY)
    return _whole(_packed(unfolded, window_bits), f"Content-Encoding: {coding}", "Location: /", **status)


_OK = "HTTP/1.1 200 OK\r\n"
_GZIP, _DEFLATE, _BARE_DEFLATE = 31, 15, -15
_LONE_HALF = rb"<rss><channel><item><title>\ud800</title></item></channel></rss>"

ANSWERS: dict[str, Callable[[int], Pieces]] = {
    "a body of one byte more than 8 MiB": lambda _: _whole(bytes(LARGEST_BODY + 1)),
    "a body for ever": lambda _: _endless(_OK + "\r\n", bytes(MIB)),
    "chunks of one byte for ever": lambda _: _endless(
        _OK + "Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 1_000
    ),
    "gzip": lambda size: _bomb(size, _GZIP, "gzip"),
    "gzip of gzip": lambda size: _whole(
        zlib.compress(_packed(50 * size, _GZIP), wbits=_GZIP), "Content-Encoding: gzip, gzip"
    ),
    "gzip, beside an error": lambda size: _bomb(size, _GZIP, "gzip", status="404 Not Found"),
    "gzip, beside a redirect": lambda size: _bomb(size, _GZIP, "gzip", status="302 Found"),
    "gzip, many empty members": lambda size: _whole(
        zlib.compress(b"", wbits=_GZIP) * (size // 20), "Content-Encoding: gzip"
    ),
    "deflate": lambda size: _bomb(size, _DEFLATE, "deflate"),
    "deflate without a head": lambda size: _bomb(size, _BARE_DEFLATE, "deflate"),
    "brotli, which was not asked for": lambda size: _whole(bytes(size), "Content-Encoding: br"),
    "zstd, which was not asked for": lambda size: _whole(bytes(size), "Content-Encoding: zstd"),
    "silence": lambda _: _endless("", b""),
    "a body that dribbles": lambda _: _endless(_OK + "\r\n", b"."),
    "headers that dribble": lambda _: _endless(_OK, b"a"),
    "headers for ever": lambda _: _endless(_OK, b"a: b\r\n"),
    "a header for ever": lambda _: _endless(_OK + "a: ", b"b" * MIB),
    "a status line for ever": lambda _: _endless("HTTP/1.1 200 ", b"b" * MIB),
    "102 Processing for ever": lambda _: _endless("", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "no HTTP": lambda _: _endless("SSH-2.0-x\r\n", b""),
    "less than it says": lambda _: lambda: (f"{_OK}Content-Length: 9\r\n\r\n".encode(), b"a"),
    "a length of 4,000 digits": lambda _: _endless(_OK + f"Content-Length: {'9' * 4_000}\r\n\r\n", b"a"),
    "a chunk of 4,000 digits": lambda _: _endless(
        _OK + "Transfer-Encoding: chunked\r\n\r\n" + "f" * 4_000 + "\r\n", b"a"
    ),
    "Retry-After: ²": lambda _: _whole(b"", "Retry-After: ²", status="503 No"),
    "Retry-After: a year of 20 digits": lambda _: _whole(
        b"", f"Retry-After: Fri, 31 Dec {'9' * 20} 23:59:59 GMT", status="503 No"
    ),
    "broken UTF-8": lambda size: _whole(b"\xff" * size),
    "charset idna": lambda _: _whole(b"a..b\xff", "Content-Type: text/plain; charset=idna"),
    "charset undefined": lambda _: _whole(b"a", "Content-Type: text/plain; charset=undefined"),
    "charset zlib": lambda size: _whole(_packed(50 * size, _DEFLATE), "Content-Type: text/plain; charset=zlib"),
    "charset punycode": lambda size: _whole(b"-" + b"a" * (size // 2), "Content-Type: text/plain; charset=punycode"),
    "charset punycode, told by XML": lambda size: _whole(
        b"<?xml version='1.0' encoding='punycode'?>-" + b"a" * (size // 2)
    ),
    "charset unicode_escape, half a character": lambda _: _whole(
        _LONE_HALF, "Content-Type: text/xml; charset=unicode_escape"
    ),
}


def _fixed(text: str) -> Callable[[int], str]:
    return lambda _: text


def _filled(unit: str, head: str = "", tail: str = "") -> Callable[[int], str]:
    """Return what repeats a unit between a head and a tail, up to a size."""
    return lambda size: head + unit * ((size - len(head) - len(tail)) // len(unit)) + tail


def _numbered(unit: str, head: str = "", tail: str = "") -> Callable[[int], str]:
    """Return the same with a number in each unit."""
    return lambda size: head + "".join(unit % number for number in range(size // len(unit % size))) + tail


def _nested(opening: str, closing: str, head: str = "", tail: str = "") -> Callable[[int], str]:
    """Return what is nested and closed again."""
    return lambda size: _times(size // len(opening + closing), opening, closing, head, tail)


def _times(depth: int, opening: str, closing: str, head: str = "", tail: str = "") -> str:
    return head + opening * depth + closing * depth + tail


_LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_OUTSIDE = '<!ENTITY a SYSTEM "file:///etc/hostname">'
_PARAMETERS = '<!ENTITY % a "<!ENTITY b &#34;c&#34;>"> %a;'
_QUADRATIC = f'<!ENTITY a "{"a" * 50_000}">'
_HIDDEN = "+ADwAIQ-DOCTYPE x+AD4-"  # in UTF-7


def _declaring(name: str, form: str, root: str, item: str) -> dict[str, Bomb]:
    """Return XML of this outermost element and record, each declaring what no source of jobs declares."""
    head, tail = f"<{root}>", f"</{root}>"

    def typed(declared: str, entity: str) -> str:
        return f"<?xml version='1.0'?><!DOCTYPE {root} [{declared}]>{head}<{item}>{entity}</{item}>{tail}"

    texts: dict[str, Callable[[int], str]] = {
        "billion laughs": _fixed(typed(_LAUGHS, "&l9;")),
        "quadratic entities": _fixed(typed(_QUADRATIC, "&a;" * 50_000)),
        "external entity": _fixed(typed(_OUTSIDE, "&a;")),
        "parameter entity": _fixed(typed(_PARAMETERS, "&b;")),
        "external DTD": _fixed(f"<!DOCTYPE {root} SYSTEM 'http://127.0.0.1:9/x.dtd'>{head}{tail}"),
        "DOCTYPE, nothing else": _fixed(f"<!doctype {root}>{head}{tail}"),
        "DOCTYPE at the end": _filled(" ", head, f"{tail}<!\nDOCTYPE {root}>"),
        "DOCTYPE in UTF-7": _fixed(f"<?xml version='1.0' encoding='utf-7'?>{_HIDDEN}{head}{tail}"),
        "half a character": _fixed(f"{head}\ud800{tail}"),
    }
    return {f"{name}: {what}": Bomb(form, text) for what, text in texts.items()}


def _large(name: str, form: str, root: str, item: str) -> dict[str, Bomb]:
    """Return XML of this outermost element and record that is large or broken, each in its own way."""
    head, tail = f"<{root}>", f"</{root}>"
    texts: dict[str, Callable[[int], str]] = {
        "NUL": _filled("\0", head),
        "nested, never closed": _filled("<a>", head),
        "nested": _nested("<a>", "</a>", head, tail),
        "attributes": _numbered(" a%d=''", head[:-1], f">{tail}"),
        "namespaces": _numbered(" xmlns:a%d='b'", head[:-1], f">{tail}"),
        "a long attribute": _filled("a", f"{head}<a b='", f"'/>{tail}"),
        "a long comment": _filled("a", f"{head}<!--", f"-->{tail}"),
        "a long text": _filled("a", head, tail),
        "a text of &amp;": _filled("&amp;", head, tail),
        "empty elements": _filled("<a/>", head, tail),
        "empty comments": _filled("<!---->", head, tail),
        "empty records": _filled(f"<{item}/>", head, tail),
        "nothing but <": _filled("<", head),
        "nothing but &": _filled("&", head),
        "tags that do not end": _filled("<a ", head),
        "comments that do not end": _filled("<!--", head),
        "CDATA that does not end": _filled("<![CDATA[", head),
    }
    return {f"{name}: {what}": Bomb(form, text) for what, text in texts.items()}


def _feeds() -> dict[str, Bomb]:
    head, tail = "<rss><channel><item><title>x</title>", "</item></channel></rss>"
    return {
        "RSS: a long author": Bomb("rss", _filled("a", f"{head}<author>", f"</author>{tail}")),
        "RSS: a long date": Bomb("rss", _filled("1:", f"{head}<pubDate>", f"</pubDate>{tail}")),
        "RSS: a long description": Bomb("rss", _filled("&lt;b", f"{head}<description>", f"</description>{tail}")),
        "RSS: links of one entry": Bomb("rss", _filled("<link>a</link>", head, tail)),
        "RSS: categories of one entry": Bomb("rss", _filled("<category>a</category>", head, tail)),
        "Personio: one job in many places": Bomb(
            "personio",
            _filled("<position><id>1</id><office>a</office></position>", "<workzag-jobs>", "</workzag-jobs>"),
        ),
    }


_BOARD = '{"absolute_url": "", "internal_job_id": 1, '
_LISTED = f'{{"jobs": [{_BOARD}"title": "x"}}, '


def _job(field: str, unit: str, start: str = "", end: str = "") -> Callable[[int], str]:
    """Return a board with one job, one field of which repeats a unit between its start and its end."""
    fields = {"title": "Accountant", "company_name": "Fern"}
    fields.pop(field, None)
    rest = "".join(f'"{name}": "{value}", ' for name, value in fields.items())
    key, tail = ('"location": {"name": "', '"}}]}') if field == "place" else (f'"{field}": "', '"}]}')
    return _filled(unit, f'{{"jobs": [{_BOARD}{rest}{key}{start}', end + tail)


def _depths(_: int) -> str:
    """Return an array of records, each nested deeper, up to what is too deep."""
    records = (f'{{"title": "a", "company": "b", "level": {_times(depth, "[", "]")}}}' for depth in range(850, 1_000))
    return f"[{', '.join(records)}]"


_REFERENCE = "&#" + "1" * 5_000
_BOLD = "".join(f"<p><b i={number}>" for number in range(1_000))
"""As many characters as are read of a description: each paragraph opens all that was bold before anew."""


def _json() -> dict[str, Bomb]:
    comment = '{"hits": [{"objectID": "1", "parent_id": 1, "story_id": 1, "comment_text": "'
    lever = '[{"categories": {}, "text": "x", "hostedUrl": "'
    return {
        "JSON: arrays": Bomb(None, _filled("[")),
        "JSON: arrays, closed": Bomb(None, _nested("[", "]")),
        "JSON: objects": Bomb(None, _filled('{"a":')),
        "JSON: as deep as can be read": Bomb("json", _depths),
        "JSON: an integer of 8 Mi digits": Bomb(None, _filled("9", '{"jobs": [', "]}")),
        "JSON: integers of 4,300 digits": Bomb(None, _filled("9" * 4_300 + ",", '{"jobs": [', "1]}")),
        "JSON: a fraction of 8 Mi digits": Bomb(None, _filled("9", '{"jobs": [0.', "]}")),
        "JSON: an exponent of 8 Mi digits": Bomb(None, _filled("9", '{"jobs": [1e', "]}")),
        "JSON: a time of 8 Mi digits": Bomb("greenhouse", _job("first_published", "9")),
        "JSON: a time of ²": Bomb("greenhouse", _job("first_published", "²")),
        "JSON: a string": Bomb(None, _filled("a", '{"jobs": ["', '"]}')),
        "JSON: keys": Bomb(None, _numbered('"%d": 1, ', "{", '"a": 1}')),
        "JSON: one key": Bomb(None, _filled('"a": 1, ', "{", '"a": 1}')),
        "JSON: empty objects": Bomb(None, _filled("{},", '{"jobs": [', "{}]}")),
        "JSON: empty objects in an array": Bomb("json", _filled("{},", "[", "{}]")),
        "JSON: empty objects, a line each": Bomb("json-lines", _filled("{}\n")),
        "JSON: empty objects on a board": Bomb("greenhouse", _filled("{},", _LISTED, "{}]}")),
        "JSON: numbers on a board": Bomb("greenhouse", _filled("1,", _LISTED, "1]}")),
        "JSON: jobs in no role": Bomb(
            "greenhouse", _numbered(_BOARD + '"title": "x%d", "company_name": "b"}, ', _LISTED, "1]}")
        ),
        "JSON: one job in many places": Bomb(
            "workable", _filled('{"shortcode": 1, "telecommuting": 1, "city": "a"},', '{"jobs": [', "1]}")
        ),
        "JSON: half a character": Bomb("greenhouse", _job("content", "<b>\\ud800")),
        "JSON: a long title": Bomb("greenhouse", _job("title", "a")),
        "JSON: a long title, misread": Bomb("greenhouse", _job("title", "â‚¬")),
        "JSON: a long company": Bomb("greenhouse", _job("company_name", "&amp;")),
        "JSON: a long place": Bomb("greenhouse", _job("place", "a ")),
        "JSON: a place of commas": Bomb("greenhouse", _job("place", ",", start="a", end="a")),
        "JSON: a reference of 5,000 digits": Bomb("greenhouse", _fixed(_job("title", _REFERENCE)(6_000))),
        "JSON: ... in a description": Bomb("greenhouse", _fixed(_job("content", _REFERENCE)(6_000))),
        "JSON: a description of bold paragraphs": Bomb("greenhouse", _job("content", "<p><b>")),
        "JSON: ... each bold in its own way": Bomb("greenhouse", _fixed(_job("content", _BOLD)(15_000))),
        "JSON: tags": Bomb("working-nomads", _filled("a,", _NOMADS + '"tags": "', '"}]')),
        "JSON: a long employment": Bomb(
            "lever",
            _filled(
                "aA", '[{"hostedUrl": "https://jobs.lever.co/fern", "text": "x", "categories": {"commitment": "', '"}}]'
            ),
        ),
        "JSON: an address of [": Bomb("lever", _fixed(lever + 'http://["}]')),
        "JSON: a long address": Bomb("lever", _filled("a", lever + "https://jobs.lever.co/", '"}]')),
        "Hacker News: blanks": Bomb("hacker-news", _filled(" ", comment + "A", 'B | c | d"}]}')),
        "Hacker News: bars": Bomb("hacker-news", _filled("|", comment, '"}]}')),
        "Hacker News: parts": Bomb("hacker-news", _filled("a|", comment, '"}]}')),
        "Hacker News: <": Bomb("hacker-news", _filled("<", comment, '"}]}')),
        "Hacker News: comments": Bomb(
            "hacker-news",
            _filled('{"parent_id": 1, "story_id": 1, "text": "a|b|c"},', '{"hits": [{"objectID": 1},', "1]}"),
        ),
    }


_NOMADS = '[{"company_name": "b", "category_name": "", "pub_date": "", "title": "x", '
_TABLE = "| Company | Position |\n|---|---|\n"


def _tables() -> dict[str, Bomb]:
    return {
        "CSV: a giant field": Bomb("csv", _filled("a", "title,company\n")),
        "CSV: a giant field in quotes": Bomb("csv", _filled("a", 'title,company\n"')),
        "CSV: nothing but quotes": Bomb("csv", _filled('"', "title,company\n")),
        "CSV: columns in its head": Bomb("csv", _filled(",", "title,company")),
        "CSV: columns in a row": Bomb("csv", _filled(",", "title,company\n")),
        "CSV: empty lines": Bomb("csv", _filled("\n", "title,company\n")),
        "CSV: rows": Bomb("csv", _filled("a,b\n", "title,company\n")),
        "CSV: a date of digits": Bomb("csv", _filled("9" * 5_000 + "\na,b,", "title,company,posted\na,b,")),
        "Markdown: [": Bomb("markdown", _filled("[", _TABLE + "| Fern | ", " |\n")),
        "Markdown: [](": Bomb("markdown", _filled("[](", _TABLE + "| Fern | ", " |\n")),
        "Markdown: ](": Bomb("markdown", _filled("](", _TABLE + "| Fern | ", " |\n")),
        "Markdown: <": Bomb("markdown", _filled("<", _TABLE + "| Fern | ", " |\n")),
        "Markdown: bars": Bomb("markdown", _filled("|", _TABLE)),
        "Markdown: rows": Bomb("markdown", _filled("|a|b|\n", _TABLE)),
        "Markdown: tables within a table": Bomb("markdown", _filled("|company|title|\n|--|--|\n")),
        "Markdown: rules": Bomb("markdown", _filled("|--|\n")),
        "Markdown: blanks in a rule": Bomb("markdown", _filled(" ", "|company|title|\n|--", "x|\n")),
    }


_SCRIPT = '<script type="application/ld+json">'


def _pages() -> dict[str, Bomb]:
    posting = '{"@type": "JobPosting"},'
    texts: dict[str, Callable[[int], str]] = {
        "billion laughs": _fixed(f"<!DOCTYPE x [{_LAUGHS}]><html>JobPosting&l9;"),
        "scripts": _filled("<script></script>", "<html>JobPosting"),
        "scripts that are no JSON": _filled(f"{_SCRIPT}JobPosting</script>", "<html>"),
        "a script of arrays": _filled("[", f"<html>{_SCRIPT}", "JobPosting</script>"),
        "empty postings": _filled(posting, "[", "1]"),
        "graphs in graphs": _nested('{"@graph": [', "]}", tail=" JobPosting"),
        "nested": _filled("<div>", "<html>JobPosting"),
        "nested tables": _filled("<table><td>", "<html>JobPosting"),
        "bold paragraphs": _filled("<p><b>", "<html>JobPosting"),
        "paragraphs bold in their own ways": _numbered("<p><b i=%d>", "<html>JobPosting"),
        "attributes": _numbered(" a%d", "<html>JobPosting<a", ">"),
        "a long attribute": _filled("a", "<html>JobPosting<a b='", "'>"),
    }
    return {f"page: {what}": Bomb("schema-org", text) for what, text in texts.items()}


def _texts() -> dict[str, Bomb]:
    texts: dict[str, Callable[[int], str]] = {
        "one line": _filled("a"),
        "line breaks": _filled("\n"),
        "NUL": _filled("\0"),
        "broken UTF-8": _filled("\ufffd"),
        "halves of characters": _filled("\ud800"),
        "misread UTF-8": _filled("â‚¬Ã¤"),
        "UTF-8 read as Thai": _filled("เธ"),
        "combining marks": _filled("\u0301\u0323", "a"),
        "companies": _filled("@ a\n"),
        "titles and companies": _filled("x\n@ a | b\n"),
        "headings": _filled("Featured Job\n"),
    }
    return {f"text: {what}": Bomb(None, text) for what, text in texts.items()}


_RSS = ("RSS", "rss", "rss", "item")
_ATOM = ("Atom", "atom", "feed", "entry")
_PERSONIO = ("Personio", "personio", "workzag-jobs", "position")
BOMBS: dict[str, Bomb] = {
    **_declaring(*_RSS),
    **_large(*_RSS),
    **_feeds(),
    **_declaring(*_ATOM),
    **_declaring(*_PERSONIO),
    **_large(*_PERSONIO),
    **_json(),
    **_tables(),
    **_pages(),
    **_texts(),
}


# How it is asked and measured.


def measure(names: Sequence[str] = (*ANSWERS, *BOMBS), size: int = LARGEST_BODY) -> Iterator[tuple[str, list[Outcome]]]:
    """Yield tables, each with its title: addresses, redirects, and the answers and documents named, of a size."""
    yield "addresses", ask_addresses()
    yield "redirects", ask_redirects()
    outcomes = in_processes(names, size)
    yield "answers", [outcome for outcome in outcomes if outcome.name in ANSWERS]
    yield f"documents of {size / MIB:g} MiB", [outcome for outcome in outcomes if outcome.name in BOMBS]


def in_processes(names: Sequence[str], size: int, give_up: float = GIVE_UP_SECONDS) -> list[Outcome]:
    """Return outcomes, measured by a process that holds nothing else and starts one for each."""
    words = (sys.executable, "-m", "tests.benchmarks.hostile_sources", str(size), str(give_up), *names)
    printed = subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout
    return [Outcome(**json.loads(line)) for line in printed.splitlines()]


def shown(outcomes: Sequence[Outcome]) -> str:
    """Return outcomes as a table."""
    width = max(len(_plain(outcome.name)) for outcome in outcomes)
    head = " ".join(f"{column:>7}" for column in ("s", "own", "beside", "Python", "process", "beside"))
    lines = [f"  {'':<{width}}  {'said':<{SHOWN}} {head}  MiB"]
    lines += [f"  {_plain(outcome.name):<{width}}  {_figures(outcome)}" for outcome in outcomes]
    return "\n".join(lines)


def _figures(outcome: Outcome) -> str:
    memory = (outcome.python_mib, outcome.process_mib, outcome.beside_mib)
    columns = "".join("        " if mib is None else f" {mib:7.1f}" for mib in memory)
    seconds = f"{outcome.seconds:7.3f} {outcome.held_seconds:7.3f} {outcome.beside_seconds:7.3f}"
    said = _plain(outcome.said)[:SHOWN]
    return f"{said:<{SHOWN}} {seconds}{columns}  {'PASS' if outcome.kept else 'FAIL'}"


def _plain(text: str) -> str:
    """Return a text in characters that any terminal shows, each in one column."""
    return "".join(c if c.isascii() and c.isprintable() else c.encode("unicode_escape").decode() for c in text)[:SHOWN]


def _in_a_process(name: str, size: int, give_up: float) -> Outcome:
    """Return what came of an answer or a document in a fork of this process."""
    forking = multiprocessing.get_context("fork")
    receiving, sending = forking.Pipe(duplex=False)
    process = forking.Process(target=_send, args=(sending, name, size))
    process.start()
    sending.close()
    outcome = Outcome(name, f"nothing within {give_up:g} seconds", refused=False, seconds=give_up)
    ends = monotonic() + give_up
    try:
        while receiving.poll(max(0.0, ends - monotonic())):
            outcome = receiving.recv()
    except EOFError:
        process.join()
        if process.exitcode:
            outcome = replace(outcome, said=f"its process ended with {process.exitcode}", refused=False)
    process.kill()
    process.join()
    return outcome


def _send(sending: Connection, name: str, size: int) -> None:
    for outcome in outcomes_of(name, size):
        sending.send(outcome)


def ask_addresses(forms: Mapping[str, Sequence[str]] = ADDRESSES) -> list[Outcome]:
    """Return what came of each form of address."""
    with Asking() as asking:
        return [
            _last(f"{kind}: {address}", partial(asking.ask, address))
            for kind, addresses in forms.items()
            for address in addresses
        ]


def ask_redirects(places: Sequence[str] = REDIRECTS) -> list[Outcome]:
    """Return what came of each place that a public server sends the client to."""
    with Asking() as asking:
        return [
            _last(f"to {place}", partial(asking.ask_here, _whole(b"", f"Location: {place}", status="302 Found")))
            for place in places
        ]


def _last(name: str, attempt: Callable[[], Verdict]) -> Outcome:
    *_, outcome = measured(name, attempt)
    return replace(outcome, process_mib=None)


def measured(name: str, attempt: Callable[[], Verdict]) -> Iterator[Outcome]:
    """Yield what is known after a first run, then again with Python's own memory: counting it takes time."""
    attempt = _told(attempt)
    _forget_peak()
    before = _peak_mib()
    with _peaks_beside() as peaks:
        outcome = _run(name, attempt)
    outcome = replace(outcome, process_mib=_peak_mib() - before, beside_mib=peaks[-1] if peaks else None)
    for _ in range(TIMES - 1):
        if MOST_SECONDS / 2 <= outcome.held_seconds < 2 * MOST_SECONDS:
            again = _run(name, attempt)
            if again.held_seconds < outcome.held_seconds:
                outcome = replace(again, process_mib=outcome.process_mib, beside_mib=outcome.beside_mib)
    yield outcome
    if outcome.seconds > LONG_SECONDS:
        return
    tracemalloc.start()
    try:
        attempt()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    yield replace(outcome, python_mib=peak / MIB)


def _run(name: str, attempt: Callable[[], Verdict]) -> Outcome:
    own, before = process_time(), _seconds_beside()
    milliseconds, verdict = timed(attempt)
    beside = _seconds_beside() - before
    return Outcome(
        name,
        verdict.said,
        verdict.refused,
        milliseconds / 1_000,
        beside_seconds=beside,
        own_seconds=process_time() - own if beside else None,
    )


def _seconds_beside() -> float:
    """Return what processes took of a processor that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def _peaks_beside() -> Iterator[list[float]]:
    """Collect what a process that this one starts has needed so far, in MiB, again and again, where Linux tells it.

    What the system counts when it has ended (`ru_maxrss`) begins with the size of this one.
    """
    peaks: list[float] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOKED_AFTER_SECONDS):
            with contextlib.suppress(OSError):
                peaks.extend(_peaks_of_children())

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield peaks
    finally:
        over.set()
        looking.join()


def _peaks_of_children() -> list[float]:
    processes = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    lines = [line for process in processes for line in Path(f"/proc/{process}/status").read_text().splitlines()]
    return [int(line.split()[1]) / (1 << 10) for line in lines if line.startswith("VmHWM:")]


def _told(attempt: Callable[[], Verdict]) -> Callable[[], Verdict]:
    def tried() -> Verdict:
        try:
            return attempt()
        except Exception as error:  # noqa: BLE001  # whatever it is, it was not refused
            return Verdict(f"{type(error).__name__}: {error}", refused=False)

    return tried


def _forget_peak() -> None:
    """Let the peak of the process begin anew, where Linux allows it."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


class Guard:
    """The real rule; what it would let through is kept, not dialled. The server here stands for a public one."""

    def __init__(self, public: int) -> None:
        self._public = public
        self.let_through: list[str] = []

    def __call__(self, address: str, port: int) -> bool:
        """Return whether an address may be dialled."""
        if (address, port) == ("127.0.0.1", self._public):
            return True
        if may_dial(address, port):
            self.let_through.append(f"{address} port {port}")
        return False


class Asking:
    """A loop with a server on loopback; a context manager."""

    def __enter__(self) -> Self:
        """Start the server, and ask it once: what a process does once is not what an address or an answer takes."""
        self._answer: Pieces = _whole(b"hello")
        self._runner = asyncio.Runner()
        self._names = patch.object(socket, "getaddrinfo", _look_up)
        self._names.start()
        self._server = self._runner.run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self._port = int(self._server.sockets[0].getsockname()[1])
        self.ask_here(self._answer)
        self.ask("http://localhost/")
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._server.close()
        self._names.stop()
        self._runner.close()

    def ask_here(self, answer: Pieces) -> Verdict:
        """Return what comes of asking the server when it answers like this."""
        self._answer = answer
        return self.ask(f"http://127.0.0.1:{self._port}/")

    def ask(self, address: str) -> Verdict:
        """Return what comes of an address."""
        guard = Guard(self._port)
        verdict = self._runner.run(_fetched(address, guard))
        if guard.let_through:
            return Verdict(f"may dial {', '.join(guard.let_through)}", refused=False)
        return verdict

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            for piece in self._answer():
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
                if reader.at_eof():
                    break  # the client has gone
        writer.close()


async def _fetched(address: str, guard: Guard) -> Verdict:
    """Return what comes of a document: refused by the client, or read to no avail."""
    async with Fetcher(guard, total_seconds=PATIENCE_SECONDS) as fetcher:
        try:
            fetched = await fetcher.fetch(address)
        except FetchError as error:
            return Verdict(str(error).removeprefix(address).lstrip(": "), refused=True)
    return await _read(None, fetched.text or "")


def _look_up(host: str, port: int, family: int, kind: int, protocol: int, _flags: int) -> list[object]:
    """Stand in for `socket.getaddrinfo`: numbers are read however they are spelt, names are those listed here."""
    numbers = _NAMES.get(host, (host,))
    return [
        found
        for number in numbers
        for found in _REAL_LOOK_UP(number, port, family, kind, protocol, socket.AI_NUMERICHOST)
    ]


_REAL_LOOK_UP = socket.getaddrinfo


def read(form: str | None, text: str) -> Verdict:
    """Return what comes of reading a document."""
    return asyncio.run(_read(form, text))


_BROKEN = "ended before it was done"
"""What is said of a process that failed in a way that nobody foresaw."""


async def _read(form: str | None, text: str) -> Verdict:
    try:
        imported = await read_document(text, NOW, form=form, most=MOST_RECORDS, recognition=recognition())
    except FetchError as error:
        return Verdict(str(error), refused=_BROKEN not in str(error))
    return Verdict(_summary(imported), refused=not imported.jobs)


def _summary(imported: Imported) -> str:
    if imported.jobs:
        return f"jobs: {len(imported.jobs):,}"
    reasons = [f"{refusal.place}: {refusal.reason}" for refusal in imported.refused[:1]]
    reasons += [f"{job.place}: {job.reason}" for job in imported.irrelevant[:1]]
    others = len(imported.refused) + len(imported.irrelevant) - 1
    return (f"{others:,} more, {reasons[0]}" if others > 0 else reasons[0]) if reasons else "nothing in it"


@cache
def recognition() -> Recognition:
    """Return how jobs are read with the names that ship."""
    recogniser = Recogniser(load_knowledge(read_folder(default_knowledge())))
    return recognition_by(lambda: recogniser)


def outcomes_of(name: str, size: int) -> Iterator[Outcome]:
    """Yield what is known, more and more, of an answer or a document."""
    if name in ANSWERS:
        answer = ANSWERS[name](size)
        with Asking() as asking:
            yield from measured(name, partial(asking.ask_here, answer))
    else:
        bomb = BOMBS[name]
        yield from measured(name, partial(read, bomb.form, bomb.text(size)))


def main(size: int, give_up: float, names: Sequence[str]) -> None:
    """Print an outcome a line."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESS_SPACE, MOST_ADDRESS_SPACE))
    for text in DOCUMENTS.values():
        if read(None, text).refused:  # what a process imports and builds once is not the bomb's
            sys.exit("an ordinary document is not read")
    for name in names:
        print(json.dumps(asdict(_in_a_process(name, size, give_up))), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
