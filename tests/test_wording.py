import ast
from pathlib import Path
from string import Formatter

import pytest

import qa_service
from qa_service.answer import Abstention, Answer, Part, Quote
from qa_service.errors import Message
from qa_service.languages import CODES, language
from qa_service.text import Span
from qa_service.wording import translate, word_outcome

TEXT = "Rahmi tiba di Bandung. Ia tidak pulang."
QUOTES = (Quote("a", 0, Span.cut(TEXT, 0, 22), 2.0), Quote("a", 1, Span.cut(TEXT, 23, 39), 1.5))


def part(text, kind, label, quote=0):
    start = TEXT.index(text)
    return Part.cut(QUOTES, quote, start, start + len(text), asks=kind, label=label, confidence=0.9)


def word(parts, missing=(), labels=()):
    answer = Answer(QUOTES, 0.9, tuple(parts), tuple(missing), tuple(labels))
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
    assert word([part("Rahmi", "who", "Siapa")], ["when"], ["Sejak kapan"]) == (
        "Siapa: Rahmi\nSejak kapan: tidak disebutkan"
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


def find_templates():
    for path in Path(qa_service.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                (template,) = node.args
                if isinstance(template, ast.Constant):
                    yield template.value


def test_every_message_is_said_in_indonesian():
    templates = set(find_templates())
    assert len(templates) > 50
    assert templates - set(language("id").phrases.problems) == set()


@pytest.mark.parametrize("code", CODES)
def test_a_translation_holds_the_values_of_its_template(code):
    def values(template):
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}

    for template, said in language(code).phrases.problems.items():
        assert values(said) == values(template)
        assert said


def test_a_message_is_said_in_a_language_with_all_that_fills_it_in():
    why = Message("it has more than {most} bytes", most=5_000_000)
    whole = Message("The file can't be read: {why}.", why=why)
    assert whole == "The file can't be read: it has more than 5,000,000 bytes."
    assert translate(whole, "en") == whole
    assert translate(whole, "id") == (
        "Berkas tidak dapat dibaca: ukurannya lebih dari 5.000.000 bita."
    )


def test_what_is_no_message_stays_as_it_is():
    assert translate("it has {braces}", "id") == "it has {braces}"
    # What fills a message in is no template.
    message = Message("no article has the id {id}; there are: {some}", id="'{x}'", some="a, {0}")
    assert translate(message, "id") == "tidak ada artikel dengan id '{x}'; yang ada: a, {0}"
