"""The main path: understand the question, retrieve sentences, read answers out of them or abstain.

Each thing that is asked for is read on its own. Which sentence answers it, and how sure that is,
BM25 and the encoder say together.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa_service.answer import Abstention, Outcome
from qa_service.article import Article
from qa_service.composing import Finding, compose
from qa_service.languages import CODES
from qa_service.question import Ask, Question, analyse_question
from qa_service.reader.fusion import Evidence
from qa_service.reader.reader import DOUBT, Passage, Reader
from qa_service.reader.spans import Candidate, Reading
from qa_service.reader.trimming import trim
from qa_service.reader.types import fits_ask
from qa_service.retriever import Hit, Retriever
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
SURE = 0.8
"""Confidence from which what the best sentences say will do, and the others are left unread."""
_SURE_OF_ARTICLE = 0.7
"""Confidence from which what the best article says will do, and no other one is read."""
_SETTLED = 6
"""Things asked at once, at most, of which *who* and *whom* are tried both ways: that costs time."""
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
        return question, Abstention(missing=question.kinds)
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
    again, once. Nothing is found where there is nothing to read.
    """
    spoken = retriever.articles[0].language if retriever.articles else CODES[0]
    question = analyse_question(text, history=history, default_language=spoken)
    sources = _retrieve(question, retriever, reader)
    if not sources:
        return question, []
    findings = _read(question.asks, sources, reader, doubt, sure)
    return question, [_tell_elsewhere(finding, sources) for finding in findings]


@dataclass(frozen=True, slots=True)
class Source:
    """An article to read: its sentences by index, best first, and what BM25 says of them.

    ``absent`` is how much of the question it holds nowhere; ``behind`` how much less than the best
    article it is worth.
    """

    article: Article
    ranked: tuple[int, ...]
    evidence: Mapping[int, Evidence]
    absent: float
    behind: float


def _retrieve(question: Question, retriever: Retriever, reader: Reader) -> list[Source]:
    """Return the articles to read, best first; of a single one whatever it shares with it."""
    hits = retriever.retrieve(question, k=_COMPARED)
    scores = _compare(question, hits, retriever, reader)
    order = sorted(range(len(hits)), key=lambda i: (hits[i].is_headline, -scores[i], i))
    found: dict[str, list[int]] = defaultdict(list)
    worth: dict[str, float] = defaultdict(lambda: -math.inf)
    for i in order:
        id = hits[i].article.id
        found[id].append(hits[i].sentence)
        worth[id] = max(worth[id], scores[i] + _TOLD * (1 - hits[i].absent))
    # The article first, then its sentences: the one that holds most of the question comes first.
    found = {id: found[id][:_HITS] for id in sorted(found, key=lambda id: -worth[id])}
    evidence: dict[str, dict[int, Evidence]] = defaultdict(dict)
    # An article without a hit holds nothing of the question.
    absent: dict[str, float] = defaultdict(lambda: 1.0)
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    for hit in hits:
        evidence[hit.article.id][hit.sentence] = Evidence(
            hit.score / best, hit.coverage, hit.is_headline
        )
        absent[hit.article.id] = hit.absent
    articles = {article.id: article for article in retriever.articles}
    most = max(worth.values(), default=0.0)
    if len(articles) == 1 and not hits:
        found = {id: [] for id in articles}
    return [
        Source(articles[id], tuple(ranked), evidence[id], absent[id], most - worth[id])
        for id, ranked in list(found.items())[:_MAX_ARTICLES]
        if articles[id].sentences
    ]


def _tell_elsewhere(finding: Finding, sources: Sequence[Source]) -> Finding:
    """Add the sentences of other articles that say the same: their words, and of what is asked."""
    if not finding.ranked:
        return finding
    best = finding.ranked[0].candidate
    answer = _fold_words(finding.article.text[best.start : best.end])
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


def _read(
    asks: Sequence[Ask],
    sources: Sequence[Source],
    reader: Reader,
    doubt: tuple[float, float],
    sure: float,
) -> list[Finding]:
    """Read every ask that stands alone, at once; then those that another's answer belongs in.

    What is in doubt after that is read again.
    """
    found: dict[int, Finding] = {}
    read: dict[int, list[tuple[Source, Reading]]] = {}
    passed: dict[int, Finding] = {}
    for waits in (False, True):
        due = [i for i, ask in enumerate(asks) if (ask.filled_by is not None) is waits]
        known: dict[str, Reading] = {}
        for i in due if waits else ():
            known |= _settle(asks[i], found, read, passed, reader, sure, len(asks))
        texts = [_fill(asks[i], found) for i in due]
        # Of one source, what was read to settle it is all there is to read.
        seen = known if len(sources) == 1 else {}
        asked = dict(zip(due, texts, strict=True))
        read |= {i: [] for i in due}
        for source in sources:
            # The article that is worth most is read first; another only where that one isn't sure,
            # and where it could still be the better one.
            left = [
                i
                for i in due
                if i not in found
                or not (
                    _is_sure(found[i], min(sure, _SURE_OF_ARTICLE))
                    or _is_beaten(source, found[i], read[i])
                )
            ]
            new = [(asks[i], asked[i], source) for i in left if asked[i] not in seen]
            readings = iter(_read_passages(new, reader, sure, of=len(asks) * len(sources)))
            for i in left:
                reading = seen[asked[i]] if asked[i] in seen else next(readings)
                read[i].append((source, reading))
                found[i] = _judge(asks[i], read[i], reader, ())
        _read_again(asked, found, read, reader, doubt)
    # Who it was is not also where it was: the surest ask keeps a span, the others look elsewhere.
    taken: list[Finding] = []
    for i in sorted(found, key=lambda i: -found[i].confidence):
        elsewhere = [*taken, passed[i]] if i in passed else taken
        if elsewhere:
            found[i] = _judge(asks[i], read[i], reader, elsewhere)
        taken.append(found[i])
    return [found[i] for i in range(len(asks))]


def _read_passages(
    asked: Sequence[tuple[Ask, str, Source]], reader: Reader, sure: float, *, of: int
) -> list[Reading]:
    """Read each source for what is asked, in the words given; no further than to a sure answer."""

    def is_enough(number: int, reading: Reading) -> bool:
        ask, _, source = asked[number]
        return _is_sure(_judge_one(ask, source, reading, reader, ()), sure)

    passages = [Passage(text, source.article, source.ranked) for _, text, source in asked]
    return reader.read(passages, of=of, enough=is_enough)


def _is_beaten(source: Source, finding: Finding, read: Sequence[tuple[Source, Reading]]) -> bool:
    """Return whether no answer from ``source``, however sure, would be taken for what was found."""
    its_own = next(s for s, _ in read if s.article is finding.article)
    return _weigh(1.0, source) <= _weigh(finding.confidence, its_own)


def _weigh(confidence: float, source: Source) -> float:
    """Return what an answer from an article is worth, beside those from others."""
    return confidence - _BEHIND * source.behind


def _is_sure(finding: Finding, sure: float) -> bool:
    # What asks for all of something isn't answered before all is read.
    return not finding.ask.many and finding.confidence >= sure


def _settle(
    ask: Ask,
    found: dict[int, Finding],
    read: Mapping[int, list[tuple[Source, Reading]]],
    passed: dict[int, Finding],
    reader: Reader,
    sure: float,
    of: int,
) -> dict[str, Reading]:
    """Let the ask whose answer belongs in ``ask`` be answered by what makes both surest.

    *Who met whom* has two people for either place: whoever else may be the one who met is tried in
    the question after whom, too, and who makes more of both stays; who doesn't is ``passed`` over.
    Returned is what was read for that, by the question.
    """
    first = ask.filled_by
    if first is None or of > _SETTLED or first not in found or not found[first].ranked:
        return {}
    chosen = found[first]
    other = _judge(chosen.ask, read[first], reader, [chosen])
    if other.confidence < reader.threshold or other.article is not chosen.article:
        return {}
    pairs = [chosen, other]
    source = next(source for source, _ in read[first] if source.article is chosen.article)
    texts = [_fill(ask, {first: finding}) for finding in pairs]
    readings = _read_passages([(ask, text, source) for text in texts], reader, sure, of=of)
    both = [
        finding.confidence + _judge(ask, [(source, reading)], reader, [finding]).confidence
        for finding, reading in zip(pairs, readings, strict=True)
    ]
    if both[1] > both[0]:
        found[first], passed[first] = other, chosen
    return dict(zip(texts, readings, strict=True))


def _read_again(
    texts: Mapping[int, str],
    found: dict[int, Finding],
    read: dict[int, list[tuple[Source, Reading]]],
    reader: Reader,
    doubt: tuple[float, float],
) -> None:
    """Read again what is in doubt of what was found; ``texts`` are the asks as they were read."""
    due = [i for i in texts if found[i].ranked and doubt[0] < found[i].confidence < doubt[1]]
    passages = [
        Passage(texts[i], found[i].article, tuple(r.candidate.sentence for r in found[i].ranked))
        for i in due
    ]
    readings = reader.read_again(passages, [found[i].reading for i in due])
    for i, again in zip(due, readings, strict=True):
        read[i] = [
            (source, again if source.article is found[i].article else reading)
            for source, reading in read[i]
        ]
        found[i] = _judge(found[i].ask, read[i], reader, ())


def _fill(ask: Ask, found: Mapping[int, Finding]) -> str:
    if ask.filled_by is None or ask.filled_by not in found or not found[ask.filled_by].ranked:
        return ask.text
    other = found[ask.filled_by]
    best = other.ranked[0].candidate
    return ask.fill(other.article.text[best.start : best.end])


def _judge(
    ask: Ask,
    read: Sequence[tuple[Source, Reading]],
    reader: Reader,
    taken: Sequence[Finding],
) -> Finding:
    """Return the finding of the article that answers ``ask`` best, outside what is taken."""
    judged = [(_judge_one(ask, s, reading, reader, taken), s) for s, reading in read]
    best, _ = max(judged, key=lambda pair: _weigh(pair[0].confidence, pair[1]))
    return best


def _judge_one(
    ask: Ask, source: Source, reading: Reading, reader: Reader, taken: Sequence[Finding]
) -> Finding:
    """Rank the sentences of a reading and say how sure the best one's answer is."""
    text = source.article.text
    candidates = [c for c in (trim(c, text) for c in reading.candidates) if c is not None]
    free = [c for c in candidates if not _is_taken(c, source.article, taken)]
    typed = [
        (c, fits_ask(text, c.start, c.end, kind=ask.kind, measures=ask.measures)) for c in free
    ]
    # A sentence that was read again for a span that another ask has comes no more before others.
    lost = {c.sentence for c in set(candidates).difference(free)}
    reading = replace(reading, again=reading.again - lost)
    fusion = reader.again if reading.again else reader.first
    ranked = fusion.rank(typed, reading, source.evidence)
    confidence = fusion.judge(ranked, absent=source.absent) if ranked else 0.0
    others = tuple(candidate for candidate, fits in typed if fits) if ask.many else ()
    return Finding(ask, source.article, reading, tuple(ranked), others, confidence, source.absent)


def _is_taken(candidate: Candidate, article: Article, taken: Sequence[Finding]) -> bool:
    return any(
        finding.article.id == article.id
        and finding.ranked
        and candidate.overlaps(finding.ranked[0].candidate)
        for finding in taken
    )
