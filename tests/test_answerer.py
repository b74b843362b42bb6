import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.answer import Abstention, Answer
from qa_service.answerer import MAX_QUOTES, answer_question, word_outcome
from qa_service.article import Article
from qa_service.retriever import BM25Retriever


def ask(text, *articles, history=()):
    return answer_question(text, BM25Retriever(articles), history=history)[1]


def test_a_question_is_answered_with_the_sentence_that_says_it(harbour):
    outcome = ask("Siapa yang membuka Pelabuhan Sejati?", harbour)
    assert isinstance(outcome, Answer)
    assert outcome.quotes[0].span.text.startswith("Wali Kota Rahmi Hasanah membuka")


def test_a_question_that_shares_no_term_is_refused(harbour):
    outcome = ask("Berapa harga beras?", harbour)
    assert outcome == Abstention(missing=("how much",))


def test_a_follow_up_is_answered_from_the_question_before(harbour):
    alone = ask("Kapan?", harbour)
    after = ask("Kapan?", harbour, history=["Siapa yang membuka Pelabuhan Sejati?"])
    assert isinstance(alone, Abstention)
    assert isinstance(after, Answer)


@given(text=st.text(max_size=300), question=st.text(min_size=1, max_size=100))
def test_every_quote_of_every_outcome_is_an_exact_slice(text, question):
    article = Article.of(text, id="a")
    outcome = ask(question + " " + text[:50], article)
    quotes = outcome.quotes if isinstance(outcome, Answer) else outcome.nearest
    assert len(quotes) <= MAX_QUOTES
    for quote in quotes:
        assert text[quote.span.start : quote.span.end] == quote.span.text
        assert article.sentences[quote.sentence] == quote.span


def test_confidence_grows_with_what_the_sentence_holds_of_the_question(harbour):
    sure = ask("Siapa membuka Pelabuhan Sejati di Teluk Biru?", harbour)
    unsure = ask("Siapa membeli gedung bioskop tua di Teluk Kelapa?", harbour)
    assert isinstance(sure, Answer)
    assert isinstance(unsure, Answer)
    assert 0 <= unsure.confidence < sure.confidence <= 1


def test_a_headline_that_says_more_makes_no_confidence_negative():
    text = "Gunung Merpati meletus lagi pagi ini\n\nGunung itu tinggi dan jauh dari kota."
    outcome = ask("Kapan Gunung Merpati meletus?", Article.of(text, id="a"))
    assert isinstance(outcome, Answer)
    assert outcome.quotes[1].score > outcome.quotes[0].score
    assert 0.1 < outcome.confidence < 0.9


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


def test_answering_needs_no_web_framework():
    check = "import sys, qa_service.answerer; sys.exit('flask' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_importing_the_package_starts_nothing():
    check = (
        "import logging, sys, threading, qa_service; "
        "sys.exit(threading.active_count() > 1 or bool(logging.root.handlers))"
    )
    subprocess.run([sys.executable, "-c", check], check=True)
