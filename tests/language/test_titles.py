"""What titles of jobs say, and how often that is right."""

import json
from pathlib import Path

import pytest

from bot.advisor.loading import load_knowledge
from bot.advisor.recognition import title_reader
from bot.config import default_knowledge
from bot.folder import read_folder
from bot.language.facets import Employment, Level
from bot.language.titles import Title

LABELLED = Path(__file__).parent.parent / "golden" / "titles.jsonl"


@pytest.fixture(scope="module")
def reader():
    return title_reader(load_knowledge(read_folder(default_knowledge())))


@pytest.fixture(scope="module")
def labelled():
    return [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]


def test_real_titles_get_the_role_that_they_name_or_rightly_none(reader, labelled):
    right = sum(reader.read(each["title"]).role in each["role"] for each in labelled)
    assert len(labelled) == 300
    assert right / len(labelled) >= 0.98


def test_real_titles_get_the_level_that_they_name_or_rightly_none(reader, labelled):
    right = sum(reader.read(each["title"]).level in each["level"] for each in labelled)
    assert right / len(labelled) >= 0.98


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Data Science Intern", Title("data-scientist", Level.ENTRY, Employment.INTERNSHIP)),
        ("Data Engineer II", Title("data-engineer", Level.MID)),
        ("Senior Data Engineer II", Title("data-engineer", Level.SENIOR)),
        ("Data_Analyst_Contractor", Title("data-analyst", None, Employment.CONTRACT)),
        ("Account Executive, Data Platform", Title()),
        ("Member of Technical Staff: Research Engineer", Title("research-engineer")),
        ("Data Science Recruiter", Title()),
        ("Data science", Title()),
        ("Dental Data Technician", Title()),
        ("Map Rater (No Experience)", Title(None, Level.ENTRY)),
        ("", Title()),
    ],
)
def test_a_title_says_role_level_and_employment(reader, title, read):
    assert reader.read(title) == read
