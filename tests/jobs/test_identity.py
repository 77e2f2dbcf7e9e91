import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.identity import canonical_url, job_id, safe_url

words = st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs"]), min_size=1)


def identify(**changes):
    return job_id(**{"title": "Data Engineer", "company": "Fern", "source": "listing", "place": "Oslo"} | changes)


def test_an_id_is_short_and_readable():
    assert len(identify()) == 10
    assert identify().isalnum()
    assert identify() == identify().lower()


@given(words, words, words)
def test_spacing_and_case_do_not_change_an_id(title, company, place):
    shouted = identify(title=f"  {title.upper()} ", company=company.title(), place=place.swapcase() + "\t")
    plain = identify(
        title=title.upper().casefold(), company=company.title().casefold(), place=place.swapcase().casefold()
    )
    assert shouted == plain


@pytest.mark.parametrize(
    "change", [{"title": "Data Analyst"}, {"company": "Moss"}, {"place": None}, {"source": "json"}]
)
def test_another_title_company_place_or_source_is_another_job(change):
    assert identify(**change) != identify()


def test_c_and_c_plus_plus_are_different_jobs():
    assert len({identify(title=title) for title in ("C", "C++", "C#")}) == 3


def test_dashes_make_no_difference():
    assert identify(title="AI – Data") == identify(title="AI - Data")


def test_the_address_decides_whatever_the_words_are():
    assert identify(url="https://a.example/1", title="X") == identify(url="https://a.example/1")
    assert identify(url="https://a.example/1") != identify(url="https://a.example/2")


def test_without_an_address_the_key_of_the_source_decides():
    assert identify(key="7", title="X") == identify(key="7")
    assert identify(key="7", source="other") != identify(key="7")


@pytest.mark.parametrize(
    "spelling",
    [
        "http://Jobs.Example/a",
        "https://jobs.example:443/a/",
        "https://jobs.example/a?utm_source=x&ref=y",
        "https://jobs.example./a#apply",
        " https://jobs.example/a ",
    ],
)
def test_spellings_of_one_address_are_one(spelling):
    assert canonical_url(spelling) == "https://jobs.example/a"


def test_the_order_of_query_parameters_makes_no_difference():
    assert canonical_url("https://a.example/?b=2&a=1") == canonical_url("https://a.example/?a=1&b=2")


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "ftp://a.example",
        "https://google.example@evil.example",
        "https://user:pass@a.example",
        "https://a.example/with blank",
        "https://a.example/\u202e",
        "https://localhost",
        "https://[bad",
        "https://a.example:99999",
        "https://a.example\\@evil.example",
        "https://",
        "a.example",
        "",
        "https://a.example/" + "x" * 512,
    ],
)
def test_an_address_that_may_mislead_is_none(text):
    assert safe_url(text) is None
    assert canonical_url(text) is None


@given(st.text())
def test_any_text_can_be_asked_for_an_address(text):
    canonical_url(text)
    canonical_url(f"https://{text}")
