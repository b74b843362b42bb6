"""Questions that an article can answer, made from the article itself."""

from collections import Counter, defaultdict
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
from qa_service.source import SURE
from qa_service.text import Span, fold

MAX_SUGGESTIONS = 3
# Every try is a question to answer.
_MAX_TRIES = 6
# Of the questions after who did something, so many at most.
_MAX_DEEDS = 2
# Capitalised words side by side, as names are written.
_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}'’]+(?: \p{Lu}[\p{L}\p{M}'’]+)++")
# What is done behind a name: as far as the next comma, dash, bracket or full stop. What goes on in
# quotation marks isn't told to the end, 'said the pact was "unfair"', nor is what has a full stop
# inside a number.
_DEED = regex.compile(r" ((\p{Ll}++)[^,;:.()\"“”‘–—!?\n]{1,300}+)(?=[;:()–—!?\n]|[,.](?:\s|$)|$)")
_DEED_WORDS = range(3, 12)
# Offices run on into the names of those who hold them; four words are one or the other, not both.
_NAME_WORDS = range(2, 5)


@dataclass(frozen=True, slots=True)
class _Idea:
    """A question to try; its answer must lie within one of the ``places``, if there are any."""

    question: str
    places: Sequence[Span] = ()


def suggest_questions(
    article: Article, retriever: Retriever, reader: Reader, *, code: str
) -> list[str]:
    """Return at most three questions in a language, all of which ``article`` surely answers.

    In the article's own language they ask who did what a sentence says, and are answered by the
    one of whom it says so; in any, what those did of whom a sentence says it, the names that are
    mentioned most first, and when and where it happened.
    """
    told = list(_find_deeds(article))
    doers = _ask_for_doers(article, told) if code == article.language else iter(())
    plain = ([_Idea(question)] for question in language(code).phrases.plain_suggestions)
    found = chain(
        islice(_keep_sure(doers, retriever, reader), _MAX_DEEDS),
        _keep_sure(_ask_about_names(article, told, code), retriever, reader),
        _keep_sure(plain, retriever, reader),
    )
    return [idea.question for idea in islice(found, MAX_SUGGESTIONS)]


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
    if not isinstance(outcome, Answer) or outcome.confidence < SURE:
        return False
    return not idea.places or any(
        place.start <= part.span.start and part.span.end <= place.end
        for part in outcome.parts
        for place in idea.places
    )


@dataclass(frozen=True, slots=True)
class _Deed:
    """What a sentence says that ``doer`` did."""

    doer: Span
    deed: Span


def _ask_for_doers(article: Article, told: Sequence[_Deed]) -> Iterator[Sequence[_Idea]]:
    """Yield, sentence by sentence, who did what it says."""
    doer = language(article.language).phrases.doer
    beginnings = {sentence.start for sentence in article.body}
    for each in told:
        words = each.deed.text.strip()
        # Whoever begins a sentence is the one of whom it speaks.
        if each.doer.start in beginnings and len(words.split()) in _DEED_WORDS:
            yield [_Idea(doer.format(deed=words), (each.doer,))]


def _ask_about_names(
    article: Article, told: Sequence[_Deed], code: str
) -> Iterator[Sequence[_Idea]]:
    """Yield what those did of whom a sentence says it, each in another form first."""
    templates = language(code).phrases.suggestions
    deeds = defaultdict[str, list[Span]](list)
    for each in told:
        words = each.doer.text.split(" ")
        for count in _NAME_WORDS:
            deeds[" ".join(words[-count:])].append(each.deed)
    names = (name for name in _rank_names(article) if name in deeds)
    for number, name in enumerate(names):
        turn = number % len(templates)
        turned = (*templates[turn:], *templates[:turn])
        yield [_Idea(template.format(name=name), deeds[name]) for template in turned]


def _find_deeds(article: Article) -> Iterator[_Deed]:
    """Yield each name of which a sentence says what it did, and where it says so."""
    spoken = language(article.language)
    for sentence in article.body:
        at = sentence.start
        for name in _NAME.finditer(sentence.text):
            deed = _DEED.match(sentence.text, name.end())
            if deed is not None and spoken.is_verb(deed[2]):
                yield _Deed(
                    Span(name[0], at + name.start(), at + name.end()),
                    Span(deed[1], at + deed.start(1), at + deed.end(1)),
                )


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
        if len(words) in _NAME_WORDS:
            yield " ".join(words)
