"""Foreign text shows as it is, and does nothing."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.frontends.escape import cut, cut_at_sentence, escape, host_of, plain, safe_url

HOSTILE = [
    ("@everyone", r"\@everyone"),
    ("<@1> <@&2> <#3>", r"\<\@1\> \<\@&2\> \<\#3\>"),
    ("</ask:1> <t:1:R> <:e:1>", r"\</ask\:1\> \<t\:1\:R\> \<\:e\:1\>"),
    ("[free](https://evil.example)", r"\[free\](https\://evil.example)"),
    ("**bold** _it_ ~~no~~ `code` ||spoiler||", r"\*\*bold\*\* \_it\_ \~\~no\~\~ \`code\` \|\|spoiler\|\|"),
    ("# heading", r"\# heading"),
    ("> quote", r"\> quote"),
    ("- item", r"\- item"),
    ("1. item", r"1\. item"),
    ("two\nlines\r\n# heading", r"two lines \# heading"),
    ("\u202egnp.exe\u202c", "gnp.exe"),
    ("z\u200be\u200dr\ufeffo", "zero"),
    ("back\\slash", r"back\\slash"),
]


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_hostile_text_is_escaped(text, shown):
    assert escape(text, 200) == shown


@given(st.text(max_size=300) | st.sampled_from([text for text, _ in HOSTILE]))
def test_nothing_special_is_left_unescaped(text):
    shown = escape(text, 100)
    assert re.search(r"(?<!\\)(?:\\\\)*[*_~|`<>\[\]#@:]", re.sub(r"\\.", "", shown)) is None
    assert "\n" not in shown
    assert not re.match(r"[-+>#]|\d+[.)]", shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff")


@given(st.text(max_size=500), st.integers(min_value=5, max_value=120))
def test_no_more_than_the_limit_is_shown(text, limit):
    assert len(re.sub(r"\\(.)", r"\1", escape(text, limit))) <= limit
    assert len(plain(text, limit)) <= limit


def test_four_thousand_hostile_characters_take_a_moment():
    began = time.perf_counter()
    escape("[a](" * 1_000, 4_000)
    assert time.perf_counter() - began < 0.02


def test_a_long_text_is_cut_at_a_word():
    assert cut("Senior machine learning engineer", 20) == "Senior machine…"


def test_a_long_text_is_cut_at_a_sentence():
    text = "The first sentence is here. The second one is quite a bit longer than that."
    assert cut_at_sentence(text, 50) == "The first sentence is here. …"


def test_a_short_text_stays():
    assert cut_at_sentence("Short.", 50) == "Short."


@given(st.text(max_size=400), st.integers(min_value=10, max_value=100))
def test_cutting_keeps_to_the_limit(text, limit):
    assert len(cut_at_sentence(text, limit)) <= limit


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.com/jobs", "example.com"),
        ("https://google.com@evil.example/", "evil.example"),
        ("https://пример.рф/", "xn--e1afmkfd.xn--p1ai"),
        ("javascript:alert(1)", None),
        ("ftp://example.com/", None),
        ("https:///nowhere", None),
        ("https://[::1/", None),
        ("not an address", None),
        ("https://exa mple.com/", None),
    ],
)
def test_the_host_is_where_an_address_really_leads(url, host):
    assert host_of(url) == host


def test_a_link_cannot_end_early_and_shows_no_user():
    assert safe_url("https://a@example.com/x)y(z?q=1)#part") == "https://example.com/x%29y%28z?q=1%29"


def test_an_address_with_a_bad_port_is_no_link():
    assert safe_url("https://example.com:notaport/") is None


def test_an_address_that_is_too_long_for_a_button_is_no_link():
    assert safe_url("https://example.com/" + "a" * 600) is None
