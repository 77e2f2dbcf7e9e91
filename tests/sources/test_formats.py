"""Every format: told by its content, read field by field, and never in the way of what is good in it."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.jobs.imported import ALL, SOME, Page, Recognition, Refusal
from bot.sources.document import Document
from bot.sources.registry import FORMATS, NAMES, find_records, format_of, jobs_of, read_jobs
from tests.sources.conftest import NOW
from tests.sources.documents import DOCUMENTS

DEEP = 100_000


def told(job):
    """Return what a job says: title, company, role, level, remote, employment, place, countries, pay, day, address."""
    pay = job.pay and (job.pay.low, job.pay.high, job.pay.currency, job.pay.period.value)
    employment = " ".join(each.value for each in job.employment)
    named = (job.title, job.company, job.role, job.level and job.level.value, job.remote, employment)
    return (*named, job.place, " ".join(job.countries), pay, str(job.posted)[:16], job.url)


def _record(whole):
    """Return the record of a document that says most: a document without a list is one itself."""
    if isinstance(whole, dict):
        whole = next((value for value in whole.values() if isinstance(value, list)), [whole])
    return max(whole, key=len)


def _places(value, way=()):
    """Yield the way to everything that stands in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        yield (*way, step)
        yield from _places(each, (*way, step))


EXPECTED = {
    "greenhouse": (
        "Staff Data Engineer", "Pine", "data-engineer", "senior", False, "", "Hybrid - Dublin, Ireland", "IE",
        (90_000, 120_000, "EUR", "year"), "2026-07-01 13:00", "https://job-boards.greenhouse.io/pine/jobs/41",
    ),
    "lever": (
        "Machine Learning Engineer", "Rowan Tree", "machine-learning-engineer", None, False, "full-time",
        "Toronto; Montreal", "CA", (60, 80, "CAD", "hour"), "2026-08-06 07:06", "https://jobs.lever.co/rowan-tree/7c-1",
    ),
    "ashby": (
        "Applied Scientist", "Heron", "applied-scientist", None, False, "full-time", "Paris; Lyon", "FR",
        (80_000, 95_000, "EUR", "year"), "2026-08-05 10:00", "https://jobs.ashbyhq.com/heron/a-1",
    ),
    "workable": (
        "Business Intelligence Analyst", "Vole", "business-intelligence-analyst", "entry", True, "part-time",
        "Madrid, Spain; Italy", "ES IT", None, "2026-08-01 00:00", "https://apply.workable.com/j/DD1",
    ),
    "smartrecruiters": (
        "Data Governance Analyst", "Ox", "data-governance-analyst", "executive", False, "full-time", "Porto, PT", "PT",
        None, "2026-08-06 19:42", "https://jobs.smartrecruiters.com/Ox1/7439",
    ),
    "recruitee": (
        "NLP Engineer", "Fathom", "nlp-engineer", None, False, "full-time", "Ghent, Belgium", "BE",
        (4_000, 5_000, "EUR", "month"), "2026-08-11 20:45", "https://fathom.recruitee.com/o/nlp",
    ),
    "teamtailor": (
        "Data Engineer", "Gull", "data-engineer", None, None, "contract", "Malmö, SE", "SE", None, "2026-08-02 07:00",
        "https://gull.example.com/jobs/1",
    ),
    "personio": (
        "Data Analyst (m/w/d)", "Kiesel GmbH", "data-analyst", None, None, "full-time", "Berlin; Hamburg", "DE", None,
        "2026-08-03 09:00", None,
    ),
    "remotive": (
        "Data Analyst", "Moth", "data-analyst", None, True, "contract", "USA, Canada", "US CA",
        (31_200, 52_000, "USD", "year"), "2026-08-09 08:01", "https://remotive.com/remote-jobs/data/x-20",
    ),
    "remoteok": (
        "Deep Learning Engineer", "Dune", "deep-learning-engineer", None, True, "", "Krishnagiri", "", None,
        "2026-08-11 02:21", "https://remoteOK.com/remote-jobs/11",
    ),
    "arbeitnow": (
        "Business Intelligence Developer (m/w/d)", "Rabe & Sohn", "business-intelligence-developer", None, None,
        "full-time", "Köln", "DE", None, "2026-08-06 07:06", "https://www.arbeitnow.com/jobs/bi-1",
    ),
    "himalayas": (
        "Prompt Engineer", "Clay Works", "prompt-engineer", "senior", True, "contract", "Worldwide", "",
        (80, 135, "USD", "hour"), "2026-08-11 05:04", "https://himalayas.app/companies/clay/jobs/1",
    ),
    "jobicy": (
        "Product Analyst", "Fern", "product-analyst", None, True, "full-time", "LATAM; Hong Kong", "HK",
        (115_000, 115_000, "USD", "year"), "2026-08-10 20:00", "https://jobicy.com/jobs/14",
    ),
    "we-work-remotely": (
        "Analytics Engineer: Growth", "Remote", "analytics-engineer", None, True, "full-time", "Anywhere in the World",
        "", None, "2026-08-11 07:30", "https://weworkremotely.com/remote-jobs/a-1",
    ),
    "working-nomads": (
        "Statistician", "Elm", "statistician", None, True, "", "Japan - Remote", "JP", None, "2026-08-10 13:24",
        "https://www.workingnomads.com/job/go/1/",
    ),
    "hacker-news": (
        "Senior Data Scientist", "Basalt", "data-scientist", "senior", False, "full-time", "Berlin, Germany", "DE",
        (90_000, 110_000, "EUR", "year"), "2026-08-03 14:10", "https://news.ycombinator.com/item?id=100",
    ),
    "simplify": (
        "Robotics Engineer Intern", "Crane", "robotics-engineer", "entry", True, "internship",
        "Boston, MA; Remote in USA", "US", None, "2026-08-06 07:06", "https://crane.example.com/1",
    ),
    "schema-org": (
        "Research Scientist", "Lantern Labs", "research-scientist", None, None, "full-time", "Zürich, CH", "CH",
        (120_000, 150_000, "CHF", "year"), "2026-08-20 00:00", "https://lantern.example.com/jobs/7",
    ),
    "rss": (
        "Junior Data Analyst & Reporter", "Harbour Jobs", "data-analyst", "entry", None, "", None, "", None,
        "2026-08-10 08:00", "https://harbour.example.com/1",
    ),
    "atom": (
        "MLOps Engineer", "Harbour AG", "mlops-engineer", None, None, "", None, "", None, "2026-08-09 08:00",
        "https://harbour.example.com/2",
    ),
    "json-feed": (
        "Data Analyst", "Gull AB", "data-analyst", None, None, "", None, "", None, "2026-08-02 00:00",
        "https://gull.example.com/2",
    ),
    "csv": (
        "Machine Learning Intern", "Quill", "machine-learning-engineer", "entry", None, "internship", "Austin, TX",
        "US", (45, 45, "USD", "hour"), "2026-08-23 12:00", "https://quill.example.com/1",
    ),
    "markdown": (
        "Data Scientist Intern", "Marble Peak", "data-scientist", "entry", None, "internship", "Oslo, Norway", "NO",
        (40, 40, "USD", "hour"), "2026-08-29 12:00", "https://jobs.example.com/m1",
    ),
    "json": ("Data Analyst", "B", "data-analyst", None, None, "", None, "", None, "None", None),
    "json-lines": ("Data Analyst", "B", "data-analyst", None, None, "", None, "", None, "None", None),
    "listing": ("Data Analyst", "Brook", "data-analyst", None, True, "full-time", "Remote", "", None, "None", None),
}  # fmt: skip

DESCRIBED = {
    "greenhouse": ("Pipelines & forests.", ("Data Platform",)),
    "lever": (
        "You rank berries. Every day. What you bring Python Patience We pay for lunch.", ("Technology", "Ranking"),
    ),
    "ashby": ("You watch birds. And write about them.", ("Research", "Perception")),
    "workable": ("You draw charts. Many of them", ("Finance", "Business Analysis")),
    "smartrecruiters": ("You keep the rules. Ox is large.", ("Information Technology",)),
    "recruitee": ("You read a lot. Dutch", ("Language", "spaCy")),
    "teamtailor": ("You feed gulls with data.", ()),
    "personio": ("Deine Aufgaben Du führst die Zahlen zusammen. Profil SQL", ("Controlling", "SQL", "Power BI")),
    "remotive": ("You follow the light.", ("Data Analysis", "excel", "AI/ML")),
    "remoteok": ("You train nets.", ("dev", "python")),
    "arbeitnow": ("Aufgaben Berichte für Rabe & Sohn", ("IT", "Reporting")),
    "himalayas": ("About the job You ask well.", ("Engineering", "Prompt Engineer", "AI Research Support")),
    "jobicy": ("You weigh features.", ("Product & Operations",)),
    "we-work-remotely": ("Headquarters: Lisbon", ("Data & Analytics", "dbt", "SQL")),
    "working-nomads": ("You draw samples.", ("Data", "statistics", "r", "english")),
    "hacker-news": ("We're melting rock. Stack: Python", ()),
    "simplify": (None, ("Hardware",)),
    "schema-org": ("You study light, raw as it is.", ("Photonics", "optics", "Python")),
    "rss": ("You count ships.", ("Analytics", "Port")),
    "atom": ("You keep models afloat.", ("Machine learning", "Docker")),
    "json-feed": ("You count gulls & terns.", ("birds", "SQL")),
    "csv": ("You label, then learn.", ("Python", "NLP")),
    "markdown": ("You cut stone by numbers.", ("statistics", "R")),
}  # fmt: skip
CREDITED = {
    "remotive": "Remotive",
    "remoteok": "Remote OK",
    "arbeitnow": "Arbeitnow",
    "himalayas": "Himalayas",
    "jobicy": "Jobicy",
    "we-work-remotely": "We Work Remotely",
    "working-nomads": "Working Nomads",
}
WHOLE = {
    "greenhouse", "lever", "ashby", "workable", "recruitee", "teamtailor", "personio", "remotive", "simplify", "csv",
    "markdown",
}  # fmt: skip
DAILY = {"remotive": 4}


def test_every_format_has_a_document_here():
    assert set(NAMES) == set(DOCUMENTS) == set(EXPECTED)
    assert set(FORMATS) == set(DESCRIBED)


@pytest.mark.parametrize("name", NAMES)
def test_a_format_is_told_by_what_a_document_holds(name, recognition):
    assert format_of(Document(DOCUMENTS[name], NOW, recognition)) == name


@pytest.mark.parametrize("name", NAMES)
def test_what_a_document_says_is_read_field_by_field(name, read):
    job = read(DOCUMENTS[name]).jobs[0]
    assert told(job) == EXPECTED[name]
    assert job.source == name.removesuffix("-lines")


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_source_says_about_the_work_is_read_as_plain_text_and_tags(name, read):
    job = read(DOCUMENTS[name]).jobs[0]
    assert (job.text, job.tags) == DESCRIBED[name]


@pytest.mark.parametrize("name", FORMATS)
def test_jobs_carry_the_board_that_asks_to_be_named_with_them(name, read):
    assert FORMATS[name].credit == CREDITED.get(name, "")
    assert {job.credit for job in read(DOCUMENTS[name]).jobs} == {CREDITED.get(name)}


def test_a_source_named_in_place_of_the_format_leaves_the_credit_to_the_board(read):
    assert read(DOCUMENTS["remotive"], source="mine").jobs[0].credit == "Remotive"


@pytest.mark.parametrize("name", FORMATS)
def test_only_where_a_document_is_all_that_a_board_has_is_it_whole(name, read):
    assert FORMATS[name].whole == (name in WHOLE)
    assert read(DOCUMENTS[name]).page == (ALL if name in WHOLE else SOME)


def _counted(name, **numbers):
    """Return an answer that holds two records."""
    whole = json.loads(DOCUMENTS[name])
    under = {"smartrecruiters": "content", "himalayas": "jobs", "arbeitnow": "data"}[name]
    whole[under] = whole[under] * numbers.pop("records", 2)
    if name == "arbeitnow":
        links = {"next": numbers.pop("next")} if "next" in numbers else {}
        return json.dumps(whole | {"links": links, "meta": numbers})
    total = "totalFound" if name == "smartrecruiters" else "totalCount"
    del whole[total]
    if "total" in numbers:
        numbers[total] = numbers.pop("total")
    return json.dumps(whole | numbers)


@pytest.mark.parametrize("name", ["smartrecruiters", "himalayas"])
@pytest.mark.parametrize(
    ("said", "page"),
    [
        ({"offset": 0, "total": 2}, ALL),
        ({"offset": 0, "total": 5}, Page(first=True, following=(("offset", "2"),))),
        ({"offset": 0, "total": 5, "limit": 100}, Page(first=True, following=(("offset", "2"),))),
        ({"offset": 2, "total": 5}, Page(following=(("offset", "4"),))),
        ({"offset": 3, "total": 5}, Page(last=True)),
        ({"offset": 4, "total": 5}, SOME),
        ({"offset": 0, "total": 0}, SOME),
        ({"offset": 0, "total": 5, "records": 0}, SOME),
        ({"offset": 0}, SOME),
        ({"total": 5}, SOME),
        *(({"offset": bad, "total": 5}, SOME) for bad in (-2, None, "0", 0.0, False, [0], {"a": 1}, 10**400)),
        *(({"offset": 0, "total": bad}, SOME) for bad in (-5, None, "5", 5.5, True, [5], 10**9, 10**400)),
    ],
)
def test_a_page_that_counts_its_records_tells_which_one_follows(name, said, page, read):
    assert read(_counted(name, **said), form=name).page == page


@pytest.mark.parametrize(
    ("said", "page"),
    [
        ({"current_page": 1, "next": None}, ALL),
        (
            {"current_page": 1, "next": "https://elsewhere.example/?page=9"},
            Page(first=True, following=(("page", "2"),)),
        ),
        ({"current_page": 4, "next": "?page=5"}, Page(following=(("page", "5"),))),
        ({"current_page": 4, "next": None}, Page(last=True)),
        ({"current_page": 1}, SOME),
        ({"current_page": 1, "next": "?page=2", "records": 0}, SOME),
        ({"next": "?page=2"}, SOME),
        *(({"current_page": bad, "next": "?page=2"}, SOME) for bad in (0, -1, None, "1", 1.0, True, [1], 10**9)),
        *(({"current_page": 4, "next": bad}, SOME) for bad in ("", [], {}, False)),
    ],
)
def test_a_page_that_has_a_number_tells_the_next_one_and_never_another_address(said, page, read):
    assert read(_counted("arbeitnow", **said), form="arbeitnow").page == page


@pytest.mark.parametrize("links", [None, [], "?page=2", 3])
def test_links_that_are_none_lead_to_no_page(links, read):
    whole = json.loads(DOCUMENTS["arbeitnow"]) | {"meta": {"current_page": 1}, "links": links}
    assert read(json.dumps(whole)).page == SOME


def test_records_that_went_to_another_process_still_tell_which_page_they_are(recognition):
    found = pickle.loads(pickle.dumps(find_records(_counted("himalayas", offset=0, total=9), NOW, None)))
    imported = jobs_of(found, NOW, source=None, company=None, recognition=recognition)
    assert imported.page == Page(first=True, following=(("offset", "2"),))


def test_records_beyond_the_most_are_refused_in_another_process_too(monkeypatch):
    monkeypatch.setattr("bot.sources.registry.MOST_RECORDS", 2)
    rows = "".join(f"Data Analyst,Fern {number}\n" for number in range(5))
    _, _, (_, last) = find_records(f"title,company\n{rows}", NOW, None).records
    assert last.reason == "only the first 2 records of a document are read"


@pytest.mark.parametrize("name", FORMATS)
def test_the_requests_that_a_source_allows_a_day_are_known_where_it_names_them(name):
    assert FORMATS[name].daily == DAILY.get(name)


@pytest.mark.parametrize(
    ("name", "field", "instead"),
    [
        ("lever", "descriptionPlain", "You rank berries. Every day. What you bring Python Patience We pay for lunch."),
        ("ashby", "descriptionPlain", "You watch birds."),
        ("himalayas", "description", "In short"),
        ("jobicy", "jobDescription", "In short"),
        ("smartrecruiters", "jobAd", None),
        ("teamtailor", "content_html", None),
    ],
)
def test_where_the_description_is_missing_what_stands_beside_it_is_read(name, field, instead, read):
    whole = json.loads(DOCUMENTS[name])
    del _record(whole)[field]
    assert read(json.dumps(whole)).jobs[0].text == instead


def test_a_feed_without_content_is_read_by_its_description(read):
    assert read(DOCUMENTS["rss"].replace("content:encoded>", "other>")).jobs[0].text == "In short"


def test_the_address_of_whoever_asked_is_cut_from_a_description(read):
    assert "RMTkyLjAuMi4x" in DOCUMENTS["remoteok"]
    assert "RMTkyLjAuMi4x" not in read(DOCUMENTS["remoteok"]).jobs[0].text


@pytest.mark.parametrize("name", NAMES)
def test_a_named_format_reads_the_same(name, read):
    assert read(DOCUMENTS[name], form=name) == read(DOCUMENTS[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_document_of_another_format_is_refused_and_not_guessed_at(name, read):
    other = DOCUMENTS["csv" if name != "csv" else "rss"]
    imported = read(other, form=name)
    assert imported.jobs == ()
    assert imported.refused or name == "listing"


def test_bad_records_are_refused_with_their_place_while_the_good_ones_go_in(read):
    board = read(DOCUMENTS["greenhouse"])
    assert (len(board.jobs), [refusal.place for refusal in board.refused]) == (1, ["record 2"])
    table = read(DOCUMENTS["csv"])
    assert ([job.title for job in table.jobs], [each.place for each in table.refused]) == (
        ["Machine Learning Intern", "Data Architect"],
        ["line 4"],
    )


def test_a_job_in_no_known_role_is_irrelevant_and_told_why(read):
    found = read(DOCUMENTS["greenhouse"]).irrelevant
    assert [(job.place, job.title) for job in found] == [("record 3", "Account Executive")]
    assert "no role" in found[0].reason


def test_a_company_named_once_for_several_rows_is_that_of_the_row_above(read):
    assert [job.company for job in read(DOCUMENTS["markdown"]).jobs] == ["Marble Peak", "Marble Peak"]


def test_a_day_without_a_year_is_the_last_one_there_was(read):
    assert str(read(DOCUMENTS["markdown"]).jobs[1].posted.date()) == "2026-08-22"
    december = DOCUMENTS["markdown"].replace("Aug 22", "Dec 24")
    assert str(read(december).jobs[1].posted.date()) == "2025-12-24"


@pytest.mark.parametrize(
    ("name", "field", "ends"),
    [
        ("greenhouse", "application_deadline", "2026-09-30T00:00:00Z"),
        ("himalayas", "expiryDate", 1_790_726_400),
        ("recruitee", "close_at", "2026-09-30 00:00:00 UTC"),
    ],
)
def test_the_end_that_a_source_names_is_kept_and_what_has_ended_is_irrelevant(name, field, ends, read):
    whole = json.loads(DOCUMENTS[name])
    record = _record(whole)
    record[field] = ends
    assert str(read(json.dumps(whole)).jobs[0].expires.date()) == "2026-09-30"
    record[field] = "2026-08-31T00:00:00Z"
    over = read(json.dumps(whole))
    assert (over.jobs, over.irrelevant[0].reason) == ((), "it expired on 2026-08-31")


def test_answers_among_comments_are_no_jobs(read):
    thread = read(DOCUMENTS["hacker-news"])
    assert (len(thread.jobs), thread.refused, thread.irrelevant) == (1, (), ())


def test_jobs_that_are_not_listed_or_not_active_are_left_out(read):
    assert [job.source_id for job in read(DOCUMENTS["ashby"]).jobs] == ["a-1"]
    assert [job.source_id for job in read(DOCUMENTS["simplify"]).jobs] == ["s-1"]


def test_a_source_may_be_named_in_place_of_the_format(read):
    assert {job.source for job in read(DOCUMENTS["lever"], source="Rowan board").jobs} == {"Rowan board"}


def test_a_bad_line_of_json_lines_loses_no_other(read):
    text = '{"title": "Data Analyst", "company": "B"}\n{"title": \n{"title": "Data Engineer", "company": "C"}'
    imported = read(text, form="json-lines")
    assert [job.company for job in imported.jobs] == ["B", "C"]
    assert [refusal.place for refusal in imported.refused] == ["line 2"]


def test_an_unknown_format_is_told_beside_the_known_ones(read):
    with pytest.raises(UsageError, match="known are greenhouse, lever"):
        read("", form="xls")


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_a_feed_that_was_decoded_is_not_decoded_again(name, read):
    said = DOCUMENTS[name].replace("Harbour", "Häfen")
    assert "Häfen" in read(f'<?xml version="1.0" encoding="ISO-8859-1"?>{said}').jobs[0].company


@pytest.mark.parametrize("cell", ["[" * 300_000, "[a](" * 100_000, "<" * 300_000, "](" * 200_000])
def test_a_cell_of_brackets_is_read_without_going_through_it_again_and_again(cell, read):
    assert read(f"| Company | Position |\n|---|---|\n| Fern | {cell} |\n").jobs == ()


@pytest.mark.parametrize("name", ["rss", "atom", "we-work-remotely", "personio"])
def test_xml_that_declares_entities_is_refused_before_it_is_parsed(name, read):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + DOCUMENTS[name]
    imported = read(bomb, form=name)
    assert imported.jobs == ()
    assert "DOCTYPE" in imported.refused[0].reason


@pytest.mark.parametrize(
    "text",
    [
        "[" * DEEP,
        '{"jobs":' * DEEP,
        "<rss>" * 1_000,
        "<workzag-jobs>" * 1_000,
        "|--|\n" * 1_000,
        "\x00",
        "{",
        "[]",
        "{}",
    ],
    ids=["arrays", "objects", "rss", "personio", "rules", "NUL", "half an object", "empty list", "empty object"],
)
def test_whatever_a_document_is_reading_it_ends_without_an_exception(text, read):
    assert read(text).jobs == ()


@given(document=st.sampled_from(sorted(DOCUMENTS.values())), at=st.floats(0, 1), junk=st.text(max_size=9))
def test_a_document_cut_and_patched_anywhere_raises_nothing(document, at, junk):
    place = int(at * len(document))
    read_jobs(document[:place] + junk, NOW, recognition=Recognition())
    read_jobs(document[:place] + junk + document[place + 1 :], NOW, recognition=Recognition())


@pytest.mark.parametrize("name", [name for name in FORMATS if DOCUMENTS[name][:1] in {"[", "{"}])
def test_whatever_stands_anywhere_in_a_document_nothing_is_raised(name):
    for way in _places(json.loads(DOCUMENTS[name])):
        for value in (None, True, 10**400, float("nan"), "²" * 9, "&lt;<b", [None, 1, ["x"], {}], {"a": []}):
            whole = holder = json.loads(DOCUMENTS[name])
            for step in way[:-1]:
                holder = holder[step]
            holder[way[-1]] = value
            read_jobs(json.dumps(whole), NOW, form=name, recognition=Recognition())


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        max_leaves=6,
    ),
    name=st.sampled_from([name for name in sorted(DOCUMENTS) if DOCUMENTS[name][:1] in {"[", "{"}]),
    field=st.integers(0, 20),
)
def test_a_field_of_any_type_raises_nothing(value, name, field):
    whole = json.loads(DOCUMENTS[name].split("\n")[0])
    record = _record(whole)
    record[sorted(record)[field % len(record)]] = value
    read_jobs(json.dumps(whole), NOW, form=name, recognition=Recognition())


def test_records_beyond_the_most_that_are_read_are_refused_and_the_others_go_in(read, monkeypatch):
    monkeypatch.setattr("bot.sources.registry.MOST_RECORDS", 2)
    rows = "".join(f"Data Analyst,Fern {number}\n" for number in range(5))
    imported = read(f"title,company\n{rows}")
    assert len(imported.jobs) == 2
    assert [refusal.reason for refusal in imported.refused] == ["only the first 2 records of a document are read"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            json.dumps([{"title": f"Data Analyst {number}", "company": "Fern"} for number in range(4)]),
            "record 3, line 1",
        ),
        ("".join(f'{{"title": "Data Analyst {number}", "company": "Fern"}}\n' for number in range(4)), "line 3"),
        ("".join(f"Data Analyst {number}\n@ Fern | Oslo\n" for number in range(4)), "line 6"),
    ],
    ids=["json", "json-lines", "listing"],
)
def test_formats_of_ones_own_are_read_to_their_end_unless_a_most_is_given(read, text, place):
    assert len(read(text).jobs) == 4
    imported = read(text, most=2)
    assert len(imported.jobs) == 2
    assert imported.refused == (Refusal(place, "only the first 2 records of a document are read"),)


def test_a_rule_within_a_table_begins_no_second_table(read):
    rows = "|Data Analyst|Fern|\n|---|---|\n|Data Engineer|Moss|\n"
    imported = read(f"|title|company|\n|---|---|\n{rows}")
    assert [job.company for job in imported.jobs] == ["Fern", "Moss"]


def test_scripts_of_a_page_are_found_whatever_stands_around_them(read):
    job = '{"@type": "JobPosting", "title": "Data Analyst", "hiringOrganization": {"name": "Fern"}}'
    page = (
        f"<html><SCRIPT data-x='1' TYPE='application/ld+json'>{job}</SCRIPT><script>x()</script><script>{job}</script>"
    )
    assert [found.company for found in read(page).jobs] == ["Fern"]
