import pytest

from qa_service.answer import Abstention, Answer, Part, Quote
from qa_service.text import Span
from qa_service.wording import word_outcome

TEXT = "Rahmi tiba di Bandung. Ia tidak pulang."
QUOTES = (Quote("a", 0, Span.cut(TEXT, 0, 22), 2.0), Quote("a", 1, Span.cut(TEXT, 23, 39), 1.5))


def part(text, kind, label, quote=0):
    start = TEXT.index(text)
    return Part.cut(QUOTES, quote, start, start + len(text), asks=kind, label=label, confidence=0.9)


def word(parts, missing=()):
    answer = Answer(QUOTES, 0.9, tuple(parts), tuple(missing))
    return word_outcome(answer, language_code="id", articles=1)


def test_one_answer_is_said_alone():
    assert word([part("Bandung", "where", "Di mana")]) == "Bandung"


def test_several_answers_to_one_ask_are_listed():
    parts = [part("Rahmi", "who", "Siapa"), part("Ia", "who", "Siapa", 1)]
    assert word(parts) == "Rahmi, Ia"


def test_several_asks_are_lines_with_their_labels():
    parts = [part("Rahmi", "who", "Siapa"), part("Bandung", "where", "Di mana")]
    assert word(parts) == "Siapa: Rahmi\nDi mana: Bandung"


def test_what_is_missing_is_said():
    assert word([part("Rahmi", "who", "Siapa")], ["when"]) == (
        "Siapa: Rahmi\nKapan: tidak disebutkan"
    )


def test_yes_or_no_is_told_by_the_sentence_that_decides():
    assert word([part("tidak", "yes/no", "Apakah", 1)]) == "Ia tidak pulang."


@pytest.mark.parametrize(
    ("code", "articles", "words"),
    [
        ("id", 1, "Artikel ini tidak menyebutkannya."),
        ("id", 3, "Tidak ada artikel di sini yang menyebutkannya."),
        ("en", 1, "The article does not say."),
        ("en", 0, "None of the articles here says."),
    ],
)
def test_a_refusal_is_worded_in_the_question_s_language(code, articles, words):
    assert word_outcome(Abstention(missing=()), language_code=code, articles=articles) == words
