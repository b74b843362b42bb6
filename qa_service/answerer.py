"""The main path: understand the question, retrieve sentences, read answers out of them or abstain.

Each thing that is asked for is read on its own. Which sentence answers it, and how sure that is,
BM25 and the encoder say together.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import fmean

from qa_service.answer import Abstention, Outcome
from qa_service.composing import Finding, compose
from qa_service.languages import CODES
from qa_service.question import Ask, Question, analyse_question
from qa_service.reader.fusion import Evidence
from qa_service.reader.reader import DOUBT, Reader
from qa_service.retriever import Hit, Retriever
from qa_service.source import SURE, Readings, Source, read_source
from qa_service.text import find_words, fold

_HITS = 24
"""Sentences retrieved; the reader takes the best of them that it has room for."""
_FEW = 8
"""Sentences that are all read at first, so that it matters little which of them are the best."""
_COMPARED = 150
"""Sentences that BM25 finds among so many, and that are compared with the question."""
_NEARNESS = 0.3
"""What a standard deviation of nearness is worth, beside 1 for the best of BM25's scores: of 0.2,
0.3 and 0.5 the best on `python benchmarks/long_texts.py`, by a hair."""
_TOLD = 1.0
"""What it is worth that an article holds all of the question, beside 1 for BM25's best sentence."""
_BEHIND = 2.0
"""How much confidence it takes to make up for an article's being worth 1 less than the best."""
_SAME = 0.5
"""Share of a question that a sentence of another article holds which says the same."""
_SURE_OF_DEED = 0.8
"""Confidence from which who did each of two things are two: mostly it was one."""
_MAX_ARTICLES = 2
"""Articles of a library that are read for one question: those of the best sentences."""


def answer_question(
    text: str,
    retriever: Retriever,
    reader: Reader,
    *,
    history: Sequence[str] = (),
    threshold: float | None = None,
) -> tuple[Question, Outcome]:
    """Answer ``text`` from the retriever's articles; return the question as it was understood, too.

    ``history`` holds the earlier questions of the conversation, oldest first. An answer that is
    less sure than ``threshold`` (default: the reader's own) is not given. The same input gives the
    same outcome.
    """
    question, findings = read_question(text, retriever, reader, history=history)
    if not findings:
        return question, Abstention(question.kinds, question.labels)
    limit = reader.threshold if threshold is None else threshold
    return question, compose(question, findings, limit)


def read_question(
    text: str,
    retriever: Retriever,
    reader: Reader,
    *,
    history: Sequence[str] = (),
    doubt: tuple[float, float] = DOUBT,
    sure: float = SURE,
) -> tuple[Question, list[Finding]]:
    """Return the question as it was understood, and what was found for each of its asks.

    An article's best sentences are read first; where what they say is as ``sure``, no others are.
    What is less sure than the second, and surer than the first, confidence in ``doubt`` is read
    again, once. Nothing is found where there is nothing to read, or nothing that can be asked: what
    has neither a word that asks nor one that is told is no question.
    """
    spoken = retriever.articles[0].language if retriever.articles else CODES[0]
    question = analyse_question(text, history=history, default_language=spoken)
    sources = [] if question.idle else _retrieve(question, retriever, reader)
    asked = question.explicit or any(source.ranked for source in sources)
    if not sources or not asked:
        return question, []

    def tell_apart(finding: Finding) -> list[Finding]:
        if not finding.ask.parts:
            return [finding]
        narrowed = retriever.narrow(finding.article)

        # Ways to put things share some of their questions.
        @cache
        def ask_again(part: str) -> list[Finding]:
            return read_question(part, narrowed, reader, history=history, doubt=doubt, sure=sure)[1]

        return _tell_apart(finding, ask_again, sure, reader.threshold)

    findings = _choose(question.asks, sources, reader, doubt, sure)
    findings = [part for finding in findings for part in tell_apart(finding)]
    return question, [_tell_elsewhere(finding, sources) for finding in findings]


def _retrieve(question: Question, retriever: Retriever, reader: Reader) -> list[Source]:
    """Return the articles to read, best first; a single one whatever it shares with the question.

    Of several, each is then searched by itself: what it says doesn't depend on which others there
    are.
    """
    if len(retriever.articles) == 1:
        told = bool(retriever.articles[0].sentences)
        return [_search_one(question, retriever, reader)] if told else []
    hits = retriever.retrieve(question, k=_COMPARED)
    worth: dict[str, float] = defaultdict(lambda: -math.inf)
    for hit, score in zip(hits, _compare(question, hits, retriever, reader), strict=True):
        id = hit.article.id
        worth[id] = max(worth[id], score + _TOLD * (1 - hit.absent))
    # The article that holds most of the question comes first.
    best = sorted(worth, key=lambda id: -worth[id])[:_MAX_ARTICLES]
    articles = {hit.article.id: hit.article for hit in hits}
    return [
        _search_one(
            question, retriever.narrow(articles[id]), reader, behind=worth[best[0]] - worth[id]
        )
        for id in best
    ]


def _search_one(
    question: Question, retriever: Retriever, reader: Reader, *, behind: float = 0.0
) -> Source:
    """Return the only article of a retriever, its best sentences first."""
    (article,) = retriever.articles
    hits = retriever.retrieve(question, k=_COMPARED)
    scores = _compare(question, hits, retriever, reader)
    order = sorted(range(len(hits)), key=lambda i: (hits[i].is_headline, -scores[i], i))
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    evidence = {
        hit.sentence: Evidence(hit.score / best, hit.coverage, hit.is_headline) for hit in hits
    }
    ranked = tuple(hits[i].sentence for i in order[:_HITS])
    return Source(article, ranked, evidence, behind)


def _tell_apart(
    finding: Finding,
    ask_again: Callable[[str], list[Finding]],
    sure: float,
    threshold: float,
) -> list[Finding]:
    """Return what the article says of each thing that is asked for in one breath.

    It must do so surely, and of each something else; else it is one thing that is asked for. Of
    some it may tell nothing, where they are put in the first way: they are missing then. What
    answers the whole question must be among the answers, unless the first way has one for each.
    """
    partly: list[Finding] = []
    first = finding.ask.parts[0]
    for way in finding.ask.parts:
        told: list[Finding] = []
        found: list[Finding] = []
        for part in way:
            each = _name(ask_again(part.text), finding, part.label)
            found.append(each)
            if each.confidence < threshold and part.may_lack:
                continue
            if each.confidence < (_SURE_OF_DEED if part.is_deed else sure) or _is_told(each, told):
                break
            told.append(each)
        else:
            if len(told) == len(way) and (way == first or _is_told(finding, told)):
                return told
            if way == first and _is_told(finding, told):
                partly = found
    return partly or [finding]


def _name(found: Sequence[Finding], whole: Finding, label: str) -> Finding:
    """Return what was found for a part of a question, under its label; or that nothing was."""
    if not found:
        ask = replace(whole.ask, label=label, parts=())
        return replace(whole, ask=ask, ranked=(), others=(), confidence=0.0)
    return replace(found[0], ask=replace(found[0].ask, label=label))


def _is_told(finding: Finding, others: Sequence[Finding]) -> bool:
    """Return whether others have the same for an answer, or some of it: *Wijaya*, *Budi Wijaya*."""
    if not finding.ranked:
        return False
    said = set(_fold_answer(finding).split())
    others_say = (set(_fold_answer(other).split()) for other in others)
    return any(said <= told or told <= said for told in others_say)


def _tell_elsewhere(finding: Finding, sources: Sequence[Source]) -> Finding:
    """Add the sentences of other articles that say the same: their words, and of what is asked."""
    if not finding.ranked:
        return finding
    answer = _fold_answer(finding)
    also = []
    for source in sources:
        if source.article is finding.article or not answer.strip():
            continue
        for index in source.ranked:
            if source.evidence[index].coverage >= _SAME and answer in _fold_words(
                source.article.sentences[index].text
            ):
                also.append((source.article, index))
                break
    return replace(finding, also=tuple(also))


def _fold_answer(finding: Finding) -> str:
    """Return the folded words of the best answer, a space before and behind each."""
    best = finding.ranked[0].candidate
    return _fold_words(finding.article.text[best.start : best.end])


def _fold_words(text: str) -> str:
    """Return the folded words of a text, a space before and behind each."""
    return f" {' '.join(fold(word.text) for word in find_words(text))} "


def _compare(
    question: Question, hits: Sequence[Hit], retriever: Retriever, reader: Reader
) -> list[float]:
    """Return what BM25 and the encoder say of each hit: 1 for the best of BM25's alone."""
    most = max((hit.context for hit in hits), default=0.0) or 1.0
    scores = [hit.context / most for hit in hits]
    if sum(len(article.sentences) for article in retriever.articles) <= _FEW:
        return scores
    texts = [hit.article.sentences[hit.sentence].text for hit in hits]
    nearness = reader.compare(question.resolved, texts)
    return [score + _NEARNESS * z for score, z in zip(scores, nearness, strict=True)]


def _choose(
    asks: Sequence[Ask],
    sources: Sequence[Source],
    reader: Reader,
    doubt: tuple[float, float],
    sure: float,
) -> list[Finding]:
    """Return what the article says that answers best: all that is asked comes from one.

    *Who met whom, where, and when* asks for one meeting, not for the people of one and the place of
    another. Only what stands alone and isn't told there may come from another article.
    """
    if len(sources) == 1:
        return read_source(asks, sources[0], reader, doubt=doubt, sure=sure)
    drafts: list[_Draft] = []
    for source in sources:
        # The article that is worth most is read first; another only where that one isn't sure, and
        # where it could still be the better one.
        if any(draft.is_sure(sure) or _weigh(1.0, source) <= draft.worth for draft in drafts):
            break
        known: Readings = {}
        findings = read_source(asks, source, reader, doubt=None, sure=sure, known=known)
        drafts.append(_Draft(source, findings, known))
    best = max(drafts, key=lambda draft: draft.worth)
    told = read_source(asks, best.source, reader, doubt=doubt, sure=sure, known=best.known)
    others = [draft.findings for draft in drafts if draft is not best]
    for i, finding in enumerate(told):
        if len(asks) > 1 and finding.ask.alone and finding.confidence < reader.threshold:
            told[i] = max(
                (finding, *(findings[i] for findings in others)), key=lambda each: each.confidence
            )
    return told


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a source was found to say at first, and what was read for that."""

    source: Source
    findings: Sequence[Finding]
    known: Readings

    @property
    def worth(self) -> float:
        """What the answers are worth, beside those from others."""
        return _weigh(self.confidence, self.source)

    @property
    def confidence(self) -> float:
        """How sure the answers are, in the mean."""
        return fmean(finding.confidence for finding in self.findings)

    def is_sure(self, sure: float) -> bool:
        """Return whether no other article need be read."""
        lists = any(finding.ask.many for finding in self.findings)
        return not lists and self.confidence >= sure


def _weigh(confidence: float, source: Source) -> float:
    return confidence - _BEHIND * source.behind
