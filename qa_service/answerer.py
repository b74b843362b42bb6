"""The main path: understand the question, retrieve sentences, and quote them or abstain."""

import math
from collections.abc import Sequence
from typing import assert_never

from qa_service.answer import Abstention, Answer, Outcome, Quote
from qa_service.languages import CODES, language
from qa_service.question import Question, analyse_question
from qa_service.retriever import Hit, Retriever

MAX_QUOTES = 5
"""Sentences quoted in support of an answer, at most."""

_INTERCEPT, _COVERAGE, _LEAD = -1.89, 1.37, 1.79


def answer_question(
    text: str, retriever: Retriever, *, history: Sequence[str] = ()
) -> tuple[Question, Outcome]:
    """Answer ``text`` from the retriever's articles; return the question as it was understood, too.

    ``history`` holds the earlier questions of the conversation, oldest first. The same input gives
    the same outcome.
    """
    spoken = retriever.articles[0].language if retriever.articles else CODES[0]
    question = analyse_question(text, history=history, default_language=spoken)
    hits = retriever.retrieve(question, k=MAX_QUOTES)
    if not hits:
        return question, Abstention(missing=question.asks)
    return question, Answer(quotes=tuple(map(_quote, hits)), confidence=_confidence(hits))


def word_outcome(outcome: Outcome, *, language_code: str, articles: int) -> str:
    """Say ``outcome`` to a person: the best quote's words, or that no article says it."""
    match outcome:
        case Answer():
            return outcome.quotes[0].span.text
        case Abstention():
            phrases = language(language_code).phrases
            return phrases.abstention if articles == 1 else phrases.abstention_library
        case _:
            assert_never(outcome)


def _quote(hit: Hit) -> Quote:
    return Quote(hit.article.id, hit.sentence, hit.article.sentences[hit.sentence], hit.score)


def _confidence(hits: Sequence[Hit]) -> float:
    """Return how often the first quote holds the answer, given how it was found.

    A logistic regression on the share of the question that the best hit covers and on its lead over
    the second; weights and reliability: ``python benchmarks/confidence.py``.
    """
    return 1 / (1 + math.exp(-(_INTERCEPT + _COVERAGE * hits[0].coverage + _LEAD * lead(hits))))


def lead(hits: Sequence[Hit]) -> float:
    """Return how far the best hit is ahead of the second, from 0 (level) to 1 (no second)."""
    if len(hits) == 1:
        return 1.0
    # A headline comes second whatever it scores.
    return max(0.0, 1 - hits[1].score / hits[0].score)
