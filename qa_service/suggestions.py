"""Questions that an article can answer, made from the article itself."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import regex

from qa_service.answer import Answer
from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.languages import language
from qa_service.reader.reader import Reader
from qa_service.retriever import Retriever
from qa_service.text import fold

MAX_SUGGESTIONS = 3
# Every try is a question to answer.
_MAX_NAMES = 8
_SURE = 0.35
# Capitalised words side by side, as names are written.
_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}'’]+(?: \p{Lu}[\p{L}\p{M}'’]+)++")


def suggest_questions(article: Article, retriever: Retriever, reader: Reader) -> list[str]:
    """Return at most three questions, one a name that ``article`` mentions, all answered surely."""
    suggested: list[str] = []
    for name in _rank_names(article)[:_MAX_NAMES]:
        questions = (
            template.format(name=name)
            for template in language(article.language).phrases.suggestions
        )
        sure = (q for q in questions if _is_sure(q, retriever, reader))
        suggested += islice(sure, 1)
        if len(suggested) == MAX_SUGGESTIONS:
            break
    return suggested


def _is_sure(question: str, retriever: Retriever, reader: Reader) -> bool:
    outcome = answer_question(question, retriever, reader)[1]
    return isinstance(outcome, Answer) and outcome.confidence >= _SURE


def _rank_names(article: Article) -> list[str]:
    """Return the names in the body, most mentioned first, each once."""
    counts = Counter(
        name for sentence in article.body for name in _find_names(sentence.text, article.language)
    )
    # The same count keeps the order of the text.
    return [name for name, _ in counts.most_common()]


def _find_names(sentence: str, code: str) -> Iterator[str]:
    stopwords = language(code).stopwords
    for match in _NAME.finditer(sentence):
        words = match[0].split(" ")
        # "Menurut Siti Rahma": a sentence's first word is capitalised whatever it is.
        while words and fold(words[0]) in stopwords:
            words = words[1:]
        # Offices run on into the names of those who hold them; four words are a name or an office,
        # not both.
        if 2 <= len(words) <= 4:
            yield " ".join(words)
