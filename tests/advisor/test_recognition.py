"""What a text names, on a knowledge base about kitchens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.advisor import Advisor
from bot.advisor.knowledge import Knowledge, Lexicon, RoleName, Term
from bot.advisor.recognition import Recogniser
from bot.language.facets import NO_FILTERS, Employment, Filters, Level


@pytest.fixture(scope="module")
def recogniser(advisor: Advisor) -> Recogniser:
    return advisor.interpreter.recogniser


def small(roles: tuple[RoleName, ...], *terms: Term) -> Recogniser:
    """Return a recogniser that knows a few names only."""
    return Recogniser(Knowledge({}, {}, {term.id: term for term in terms}, (), (), Lexicon(roles=roles), {}, ()))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("a waiter and two head chefs", ("waiter", "chef")),
        ("chef, kitchen chef, chef de cuisine", ("chef",)),
        ("kitchenchef", ("chef",)),
        ("a wine steward", ("sommelier",)),
        ("waitr or somelier", ("waiter", "sommelier")),
        ("pastry chef", ("pastry-cook",)),
        ("nobody", ()),
        ("", ()),
    ],
)
def test_roles_are_named_in_the_order_of_their_first_mention(
    recogniser: Recogniser, text: str, roles: tuple[str, ...]
) -> None:
    assert recogniser.recognise(text).roles == roles


def test_short_form_is_doubtful_unless_the_role_is_named_in_full_too(recogniser: Recogniser) -> None:
    assert recogniser.recognise("pc salary").doubtful == {"pastry-cook"}
    assert recogniser.recognise("pc or pastry cook").doubtful == frozenset()


def test_doubtful_role_can_be_left_as_plain_words(recogniser: Recogniser) -> None:
    plain = recogniser.recognise("my pc and a chef", without=frozenset({"pastry-cook"}))
    assert (plain.roles, plain.slotted) == (("chef",), ("my", "pc", "and", "a", "{role}"))
    assert plain.dropped == {"pastry-cook"}


def test_slots_stand_for_names_and_literal_keeps_terms_and_levels(recogniser: Recogniser) -> None:
    read = recogniser.recognise("senior chef making roux in berlin, part time")
    assert read.slotted == ("{level}", "{role}", "making", "{term}", "in", "{place}", "part", "time")
    assert read.literal == ("senior", "{role}", "making", "roux", "in", "{place}", "part", "time")


def test_year_and_money_become_slots(recogniser: Recogniser) -> None:
    read = recogniser.recognise("In 2024 a waiter got €4k a month")
    assert read.slotted == ("in", "{year}", "a", "{role}", "got", "{money}")
    assert read.filters == Filters(year=2024, salary_min=48_000)


def test_amount_that_looks_like_a_year_is_money_only(recogniser: Recogniser) -> None:
    assert recogniser.recognise("€2024").filters == Filters(salary_min=2024)
    assert recogniser.recognise("2024€").slotted == ("{money}",)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("in germany", Filters(country="DE")),
        ("paris or berlin", Filters(country="FR")),
        ("jobs in the US", Filters(country="US")),
        ("tell us", NO_FILTERS),
        ("junior, not senior", Filters(level=Level.ENTRY)),
        ("from home", Filters(remote=True)),
        ("on site, not remote", Filters(remote=False)),
        ("part time internship", Filters(employment=Employment.PART_TIME)),
        ("a roux", NO_FILTERS),
    ],
)
def test_first_place_level_and_way_of_working_narrow(recogniser: Recogniser, text: str, filters: Filters) -> None:
    assert recogniser.recognise(text).filters == filters


def test_terms_are_named_by_title_and_alias(recogniser: Recogniser) -> None:
    assert recogniser.recognise("sous vide with a flour and butter base").terms == ("sous-vide", "roux")


def test_template_takes_slots_as_names(recogniser: Recogniser) -> None:
    template = recogniser.template("pay of {role} at {level} in {place} for {term} in {year} over {money}, {other}")
    assert template.slotted == (
        *("pay", "of", "{role}", "at", "{level}", "in", "{place}", "for", "{term}"),
        *("in", "{year}", "over", "{money}", "other"),
    )
    assert template.roles == ()


@pytest.mark.parametrize("text", ["zebra chef", "a chef among zebras", "weather chef"])
def test_word_of_no_name_and_no_phrasing_in_scope_is_foreign(recogniser: Recogniser, text: str) -> None:
    assert recogniser.recognise(text).foreign


@pytest.mark.parametrize("text", ["what does a chef do", "xyz chef", "chef 12345", "and in berlin", ""])
def test_names_asking_words_numbers_and_short_words_are_not_foreign(recogniser: Recogniser, text: str) -> None:
    assert not recogniser.recognise(text).foreign


def test_term_that_is_also_a_doubtful_role_name_implies_the_role() -> None:
    names = (RoleName("scientist", "Scientist", ambiguous=("science",)),)
    read = small(names, Term("science", "Science", (), "Knowing.")).recognise("science or a chef")
    assert (read.roles, read.terms, read.implied, read.candidates) == ((), ("science",), ("scientist",), ("scientist",))


def test_sure_role_name_is_not_taken_by_a_term() -> None:
    names = (RoleName("scientist", "Scientist", aliases=("science",)),)
    read = small(names, Term("science", "Science", (), "Knowing.")).recognise("science")
    assert (read.roles, read.terms, read.implied) == (("scientist",), (), ())


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("from waiter to chef", ("waiter", "chef")),
        ("become a chef, i am a waiter", ("waiter", "chef")),
        ("chef waiter", ("chef", "waiter")),
        ("to waiter from chef", ("chef", "waiter")),
        ("i want to go from waiter to chef", ("waiter", "chef")),
        ("as a waiter i want to become a chef", ("waiter", "chef")),
        ("i want to get to be a chef, now i am a waiter", ("waiter", "chef")),
        ("waiter -> chef", ("waiter", "chef")),
    ],
)
def test_words_before_two_roles_tell_where_from_and_where_to(
    recogniser: Recogniser, text: str, path: tuple[str, ...]
) -> None:
    read = recogniser.recognise(text)
    assert recogniser.from_to(read.roles, read) == path


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("anything but waiter", ()),
        ("jobs other than a waiter", ()),
        ("chef not waiter", ("chef",)),
        ("not a waiter", ("waiter",)),
        ("not today waiter", ("waiter",)),
        ("but waiter", ("waiter",)),
    ],
)
def test_a_role_named_only_as_not_meant_is_not_recognised(
    recogniser: Recogniser, text: str, roles: tuple[str, ...]
) -> None:
    assert recogniser.recognise(text).roles == roles


def test_roles_from_elsewhere_keep_their_order(recogniser: Recogniser) -> None:
    read = recogniser.recognise("become a chef")
    assert recogniser.from_to(("chef",), read) == ("chef",)
    assert recogniser.from_to(("waiter", "chef"), read) == ("waiter", "chef")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("how to become a chef", ("waiter", "chef")),
        ("chef", ("waiter", "chef")),
        ("if i am a chef", ("chef", "waiter")),
        ("nobody", ("waiter", "chef")),
    ],
)
def test_role_beside_an_earlier_one_is_headed_for_unless_it_is_left(
    recogniser: Recogniser, text: str, path: tuple[str, ...]
) -> None:
    assert recogniser.from_to_earlier("chef", "waiter", recogniser.recognise(text)) == path


@pytest.mark.parametrize("text", ["from waiter to chef", "waiter => chef"])
def test_direction_is_said_when_the_words_before_the_roles_differ(recogniser: Recogniser, text: str) -> None:
    read = recogniser.recognise(text)
    assert recogniser.says_direction(read.roles, read)


@pytest.mark.parametrize("text", ["waiter or chef", "to chef or to waiter"])
def test_no_direction_is_said_when_the_words_before_the_roles_agree(recogniser: Recogniser, text: str) -> None:
    read = recogniser.recognise(text)
    assert not recogniser.says_direction(read.roles, read)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Senior Pastry Chef (remote)", "pastry-cook"),
        ("Sommelier / Chef", "sommelier"),
        ("PC technician", None),
        ("Chfe", None),
        ("", None),
    ],
)
def test_title_of_a_job_names_a_role_only_for_sure(recogniser: Recogniser, title: str, role: str | None) -> None:
    assert recogniser.job_titles.read(title).role == role


@pytest.mark.parametrize(
    ("place", "countries"),
    [("Paris, France", ("FR",)), ("Berlin or Paris", ("DE", "FR")), ("the US", ("US",)), ("Nowhere", ()), ("", ())],
)
def test_place_of_a_job_names_its_countries_once(
    recogniser: Recogniser, place: str, countries: tuple[str, ...]
) -> None:
    assert recogniser.countries_in(place) == countries


def test_words_of_phrasings_are_not_mended_into_names(recogniser: Recogniser) -> None:
    assert recogniser.mend(("later", "waitr", "salery")) == ("later", "waiter", "salary")


def test_names_can_be_looked_up_as_a_whole(recogniser: Recogniser) -> None:
    name = recogniser.names.lookup("Patissiers")
    assert name
    assert (name.kind, name.id) == ("role", "pastry-cook")


@given(st.text(max_size=300))
def test_any_text_is_recognised(recogniser: Recogniser, text: str) -> None:
    read = recogniser.recognise(text)
    assert len(read.slotted) <= len(read.tokens)
    assert read.doubtful <= set(read.roles) <= set(read.candidates)
    assert len(read.before) == len(read.candidates)


@pytest.mark.parametrize("text", ["wie viel verdient ein chef", "ist das ein guter beruf", "was sind das"])
def test_most_words_of_another_language_stand_beside_names(text: str) -> None:
    words = frozenset(["how", "much", "does", "a", "cook", "earn", "what", "is", "the", "job", "and", "it", "of"])
    known = Knowledge({}, {}, {}, (), (), Lexicon(roles=(RoleName("chef", "Chef"),), common_words=words), {}, ())
    recogniser = Recogniser(known)
    assert recogniser.is_other_language(text, recogniser.recognise(text))
    assert not recogniser.is_other_language(
        "how much does a chef earn", recogniser.recognise("how much does a chef earn")
    )


def test_no_language_is_told_where_no_common_words_are_listed() -> None:
    recogniser = small((RoleName("chef", "Chef"),))
    text = "how much does a chef earn"
    assert not recogniser.is_other_language(text, recogniser.recognise(text))
