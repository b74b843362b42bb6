import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.question import analyse_question


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Siapa bertemu siapa, di mana, dan kapan?", ("who", "where", "when")),
        ("Dimana rapatnya?", ("where",)),
        ("Berapa lama rapat itu?", ("how long",)),
        ("Berapa banyak kapal?", ("how many",)),
        ("Kenapa sih dia pergi?", ("why",)),
        ("Gimana caranya?", ("how",)),
        ("Apakah kapal itu tenggelam?", ("yes/no",)),
        ("Negara apakah itu?", ("what",)),
        ("Who met whom, where, and when?", ("who", "whom", "where", "when")),
        ("How much did it cost?", ("how much",)),
        ("Did the ship sink?", ("yes/no",)),
        ("When did the ship sink?", ("when",)),
        ("Jumlah kapal nelayan", ()),
    ],
)
def test_what_is_asked_for_is_found_in_order(text, asks):
    assert analyse_question(text).asks == asks


def test_terms_are_the_words_that_tell_what_it_is_about():
    assert analyse_question("Siapa yang membuka Pelabuhan Sejati?").terms == (
        "membuka",
        "pelabuhan",
        "sejati",
    )


def test_numbers_and_negations_are_terms():
    assert {"tidak", "2", "dua"} <= set(
        analyse_question("Apa 2 atau dua hal yang tidak ada?").terms
    )


@pytest.mark.parametrize(
    ("text", "history", "resolved"),
    [
        ("Di mana?", ["Siapa yang ditemui Rahmi?"], "Di mana ditemui Rahmi?"),
        ("Kapan itu?", ["Siapa yang ditemui Rahmi?", "Di mana?"], "Kapan ditemui Rahmi?"),
        ("And when was that?", ["Who opened the library?"], "When opened the library?"),
        ("Where?", ["Siapa yang ditemui Rahmi?"], "Di mana ditemui Rahmi?"),
        ("Itu?", ["Siapa yang ditemui Rahmi?"], "Siapa yang ditemui Rahmi?"),
    ],
)
def test_a_question_that_says_nothing_alone_is_resolved(text, history, resolved):
    question = analyse_question(text, history=history)
    assert (question.text, question.resolved) == (text, resolved)
    assert question.terms


def test_borrowed_terms_stay_in_their_language():
    question = analyse_question("Where?", history=["Siapa yang ditemui Rahmi?"])
    assert (question.language, question.terms_language) == ("en", "id")


@pytest.mark.parametrize("text", ["Kapan itu terjadi?", "When did that happen?"])
def test_what_happened_is_told_by_the_question_before(text):
    assert analyse_question(text, history=["Apa Pelabuhan Sejati?"]).terms == (
        "pelabuhan",
        "sejati",
    )


@given(history=st.lists(st.text(max_size=50), max_size=20))
def test_a_question_that_stands_alone_is_never_changed(history):
    text = "Siapa yang membuka pelabuhan?"
    assert analyse_question(text, history=history) == analyse_question(text)


@given(text=st.text(max_size=500), history=st.lists(st.text(max_size=100), max_size=20))
def test_any_question_is_analysed(text, history):
    question = analyse_question(text, history=history)
    assert question == analyse_question(text, history=history)
    assert question.resolved == text or history


def test_without_a_history_nothing_is_made_up():
    question = analyse_question("Di mana?")
    assert (question.resolved, question.terms) == ("Di mana?", ())


def test_a_question_of_no_language_takes_the_default():
    assert analyse_question("Rahmi Hasanah", default_language="en").language == "en"
