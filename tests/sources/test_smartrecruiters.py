"""A single job of SmartRecruiters, which stands in an answer of its own with all of its advert."""

import json

import pytest

from bot.jobs.imported import SOME
from bot.sources.document import Document
from bot.sources.registry import format_of
from tests.sources.conftest import NOW
from tests.sources.documents import DOCUMENTS


@pytest.fixture
def answer():
    (job,) = json.loads(DOCUMENTS["smartrecruiters"])["content"]
    return job


def test_a_single_job_is_read_as_the_one_of_a_page_is(answer, read):
    single, paged = read(json.dumps(answer)), read(DOCUMENTS["smartrecruiters"])
    assert (single.jobs, single.refused) == (paged.jobs, ())


def test_a_single_job_is_not_all_that_a_company_has(answer, read):
    assert read(json.dumps(answer)).page == SOME


@pytest.mark.parametrize(("missing", "reason"), [("name", "title is missing"), ("company", "company is missing")])
def test_what_a_single_job_lacks_is_told(answer, missing, reason, read):
    del answer[missing]
    imported = read(json.dumps(answer))
    assert [(each.place, each.reason) for each in imported.refused] == [("the job", reason)]
    assert imported.jobs == ()


def test_an_advert_without_its_job_is_refused_for_its_missing_title(answer, recognition, read):
    text = json.dumps({"jobAd": answer["jobAd"]})
    assert format_of(Document(text, NOW, recognition)) == "smartrecruiters"
    assert [each.reason for each in read(text).refused] == ["title is missing"]


@pytest.mark.parametrize("advert", [None, [], "sections", {"sections": None}, {"sections": []}])
def test_an_advert_without_sections_is_not_taken_for_one_of_smartrecruiters(advert, recognition):
    text = json.dumps({"jobAd": advert})
    assert format_of(Document(text, NOW, recognition)) != "smartrecruiters"
