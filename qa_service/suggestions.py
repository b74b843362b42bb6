"""Questions that an article can answer, made from the article itself."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

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
_MAX_TRIES = 6
_SURE = 0.35
# Of the questions after who did something, so many at most.
_MAX_DEEDS = 2
# Capitalised words side by side, as names are written.
_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}'’]+(?: \p{Lu}[\p{L}\p{M}'’]+)++")
# Who did it, and what: as far as the next comma, bracket or quotation mark.
_DEED = regex.compile(rf"({_NAME.pattern}) ((\p{{Ll}}++)[^,;:.()\"“”–—!?\n]++)")
_DEED_WORDS = range(3, 12)


@dataclass(frozen=True, slots=True)
class _Idea:
    """A question to try; its answer must be a part of ``[start, end)``, if these are given."""

    question: str
    start: int | None = None
    end: int | None = None


def suggest_questions(
    article: Article, retriever: Retriever, reader: Reader, *, code: str
) -> list[str]:
    """Return at most three questions in a language, all of which ``article`` surely answers.

    In the article's own language they ask who did what a sentence says, and are answered by the
    one of whom it says so; in any, after the names that are mentioned most. Where that gives
    nothing, they ask when and where it happened.
    """
    deeds = _ask_for_doers(article) if code == article.language else iter(())
    found = chain(
        islice(_keep_sure(deeds, retriever, reader), _MAX_DEEDS),
        _keep_sure(_ask_about_names(article, code), retriever, reader),
    )
    plain = ([_Idea(question)] for question in language(code).phrases.plain_suggestions)
    kept = list(islice(found, MAX_SUGGESTIONS)) or list(_keep_sure(plain, retriever, reader))
    return [idea.question for idea in kept]


def follow_up(kinds: Container[str], *, code: str) -> Iterator[str]:
    """Yield what may be asked after a question for these ``kinds`` of things, in its language.

    Only when and where: *why* and *how* find an answer where none is told more often than not.
    """
    for kind, question in language(code).phrases.follow_ups.items():
        if kind not in kinds:
            yield question


def _keep_sure(
    ideas: Iterator[Sequence[_Idea]], retriever: Retriever, reader: Reader
) -> Iterator[_Idea]:
    """Yield, of each sequence among the first, the first idea that the article surely answers."""
    for alternatives in islice(ideas, _MAX_TRIES):
        yield from islice((i for i in alternatives if _holds(i, retriever, reader)), 1)


def _holds(idea: _Idea, retriever: Retriever, reader: Reader) -> bool:
    outcome = answer_question(idea.question, retriever, reader)[1]
    if not isinstance(outcome, Answer) or outcome.confidence < _SURE:
        return False
    if idea.start is None or idea.end is None:
        return True
    return any(idea.start <= p.span.start and p.span.end <= idea.end for p in outcome.parts)


def _ask_for_doers(article: Article) -> Iterator[Sequence[_Idea]]:
    """Yield, sentence by sentence, who did what it says."""
    spoken = language(article.language)
    for sentence in article.body:
        found = _DEED.match(sentence.text)
        if found is None or not spoken.is_verb(found[3]):
            continue
        deed = found[2].strip()
        if len(deed.split()) in _DEED_WORDS:
            start, end = found.span(1)
            question = spoken.phrases.doer.format(deed=deed)
            yield [_Idea(question, sentence.start + start, sentence.start + end)]


def _ask_about_names(article: Article, code: str) -> Iterator[Sequence[_Idea]]:
    """Yield questions after each name, those mentioned most first, each beginning with another."""
    templates = language(code).phrases.suggestions
    for number, name in enumerate(_rank_names(article)):
        turn = number % len(templates)
        yield [_Idea(t.format(name=name)) for t in (*templates[turn:], *templates[:turn])]


def _rank_names(article: Article) -> list[str]:
    """Return the names in the body, most mentioned first, each once."""
    inside = {
        fold(word)
        for sentence in article.body
        for word in regex.findall(r"(?<=[\p{L}\p{N},] )\p{Lu}[\p{L}\p{M}'’]+", sentence.text)
    }
    counts = Counter(name for s in article.body for name in _find_names(s.text, article, inside))
    # The same count keeps the order of the text.
    return [name for name, _ in counts.most_common()]


def _find_names(sentence: str, article: Article, inside: set[str]) -> Iterator[str]:
    """Yield the names in a sentence; ``inside`` are words that have a capital inside one."""
    stopwords = language(article.language).stopwords
    for match in _NAME.finditer(sentence):
        words = match[0].split(" ")
        # "Kunjungan Siti Rahma": a sentence's first word is capitalised whatever it is.
        if match.start() == 0 and fold(words[0]) not in inside:
            words = words[1:]
        while words and fold(words[0]) in stopwords:
            words = words[1:]
        # Offices run on into the names of those who hold them; four words are a name or an office,
        # not both.
        if 2 <= len(words) <= 4:
            yield " ".join(words)
