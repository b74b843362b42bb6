"""The main path: understand the question, retrieve sentences, read answers out of them or abstain.

Each thing that is asked for is read on its own. Which sentence answers it, and how sure that is,
BM25 and the encoder say together.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa_service.answer import Abstention, Answer, Outcome, Part, Quote
from qa_service.article import Article
from qa_service.languages import CODES
from qa_service.question import Ask, Question, analyse_question
from qa_service.reader.enumeration import split_list
from qa_service.reader.fusion import Evidence, Ranked
from qa_service.reader.reader import Passage, Reader
from qa_service.reader.spans import Candidate, Reading
from qa_service.reader.trimming import trim
from qa_service.reader.types import fits_kind
from qa_service.retriever import Retriever

MAX_QUOTES = 5
"""Sentences quoted in support of an answer, at most."""
_HITS = 24
"""Sentences retrieved; the reader takes the best of them that it has room for."""
_MAX_ARTICLES = 3
"""Articles of a library that are read for one question: those of the best sentences."""
_MAX_PARTS = 10
"""Answers to one ask (*siapa saja*), at most; a longer list stays in one piece."""
_BEHIND = 3.0
"""How far, in log odds, a further answer to one ask may be behind the best."""
_NEARBY = 3
"""Quotes shown at least, if so many sentences are about the question at all."""


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
    return question, _compose(question, findings, limit)


def read_question(
    text: str, retriever: Retriever, reader: Reader, *, history: Sequence[str] = ()
) -> tuple["Question", list["Finding"]]:
    """Return the question as it was understood, and what was found for each of its asks.

    Nothing is found where there is nothing to read.
    """
    spoken = retriever.articles[0].language if retriever.articles else CODES[0]
    question = analyse_question(text, history=history, default_language=spoken)
    sources = _retrieve(question, retriever)
    return question, _read(question.asks, sources, reader) if sources else []


@dataclass(frozen=True, slots=True)
class Source:
    """An article to read: its sentences by index, best first, and what BM25 says of them."""

    article: Article
    ranked: tuple[int, ...]
    evidence: Mapping[int, Evidence]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one ask: an article's sentences, best first, and how sure the first is.

    ``others`` are the further spans that could answer it, best first.
    """

    ask: Ask
    article: Article
    ranked: tuple[Ranked, ...]
    others: tuple[Candidate, ...]
    confidence: float


def _retrieve(question: Question, retriever: Retriever) -> list[Source]:
    """Return the articles to read, best first; of a single one whatever it shares with it."""
    hits = retriever.retrieve(question, k=_HITS)
    found: dict[str, list[int]] = defaultdict(list)
    evidence: dict[str, dict[int, Evidence]] = defaultdict(dict)
    best = max((hit.score for hit in hits), default=1.0)
    for hit in hits:
        found[hit.article.id].append(hit.sentence)
        evidence[hit.article.id][hit.sentence] = Evidence(
            hit.score / best,
            hit.coverage,
            hit.sentence == 0 and hit.article.headline is not None,
        )
    articles = {article.id: article for article in retriever.articles}
    if len(articles) == 1 and not hits:
        found = {id: [] for id in articles}
    return [
        Source(articles[id], tuple(ranked), evidence[id])
        for id, ranked in list(found.items())[:_MAX_ARTICLES]
        if articles[id].sentences
    ]


def _read(asks: Sequence[Ask], sources: Sequence[Source], reader: Reader) -> list[Finding]:
    """Read every ask that stands alone, at once; then those that another's answer belongs in."""
    found: dict[int, Finding] = {}
    read: dict[int, list[tuple[Source, Reading]]] = {}
    for waits in (False, True):
        due = [i for i, ask in enumerate(asks) if (ask.filled_by is not None) is waits]
        texts = [_fill(asks[i], found) for i in due]
        passages = [
            Passage(text, source.article, source.ranked) for text in texts for source in sources
        ]
        readings = iter(reader.read(passages, of=len(asks) * len(sources)))
        for i in due:
            read[i] = [(source, next(readings)) for source in sources]
            found[i] = _judge(asks[i], read[i], reader, ())
    # Who it was is not also where it was: the surest ask keeps a span, the others look elsewhere.
    taken: list[Finding] = []
    for i in sorted(found, key=lambda i: -found[i].confidence):
        if taken:
            found[i] = _judge(asks[i], read[i], reader, taken)
        taken.append(found[i])
    return [found[i] for i in range(len(asks))]


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
    judged = [_judge_one(ask, source, reading, reader, taken) for source, reading in read]
    return max(judged, key=lambda finding: finding.confidence)


def _judge_one(
    ask: Ask, source: Source, reading: Reading, reader: Reader, taken: Sequence[Finding]
) -> Finding:
    """Rank the sentences of a reading and say how sure the best one's answer is."""
    text = source.article.text
    candidates = (trim(candidate, text) for candidate in reading.candidates)
    typed = [
        (candidate, fits_kind(text[candidate.start : candidate.end], ask.kind))
        for candidate in candidates
        if candidate is not None and not _is_taken(candidate, source.article, taken)
    ]
    ranked = reader.fusion.rank(typed, reading, source.evidence)
    confidence = reader.fusion.judge(ranked) if ranked else 0.0
    others = tuple(candidate for candidate, fits in typed if fits) if ask.many else ()
    return Finding(ask, source.article, tuple(ranked), others, confidence)


def _is_taken(candidate: Candidate, article: Article, taken: Sequence[Finding]) -> bool:
    return any(
        finding.article.id == article.id
        and finding.ranked
        and _overlap(candidate, finding.ranked[0].candidate)
        for finding in taken
    )


def _compose(question: Question, findings: Sequence[Finding], threshold: float) -> Outcome:
    """Quote the sentences that answer, and cut the answers out of them; or abstain."""
    told = [f for f in findings if f.ranked and f.confidence >= threshold]
    answers = _share_out(told)
    quotes = _quote(told or findings, answers)
    if not told:
        return Abstention(missing=question.kinds, nearest=quotes)
    places = {(quote.article_id, quote.sentence): i for i, quote in enumerate(quotes)}
    parts = [
        Part.cut(
            quotes,
            places[finding.article.id, candidate.sentence],
            candidate.start,
            candidate.end,
            asks=finding.ask.kind,
            label=finding.ask.label,
            confidence=finding.confidence,
        )
        for finding, candidates in zip(told, answers, strict=True)
        for candidate in candidates
        if (finding.article.id, candidate.sentence) in places
    ]
    quoted = [f for f in told if (f.article.id, f.ranked[0].candidate.sentence) in places]
    missing = dict.fromkeys(f.ask.kind for f in findings if f not in quoted)
    confidence = min(finding.confidence for finding in quoted)
    return Answer(quotes, confidence, tuple(parts), tuple(missing))


def _share_out(told: Sequence[Finding]) -> list[list[Candidate]]:
    """Return each ask's answers: the best one and, of one that may have several, others.

    A span that is a list of them is cut into what it lists, and taken to list them all. Others are
    hardly worse, and in no other answer; of two asks the surer one has them.
    """
    taken = [(finding.article.id, finding.ranked[0].candidate) for finding in told]
    answers = [[best] for _, best in taken]
    for i in sorted(range(len(told)), key=lambda i: -told[i].confidence):
        id, best = taken[i]
        listed = split_list(best, told[i].article.text) if told[i].ask.listed else []
        if 1 < len(listed) <= _MAX_PARTS:
            answers[i] = listed
            continue
        for other in told[i].others:
            if len(answers[i]) == _MAX_PARTS or other.score < max(0.0, best.score - _BEHIND):
                break
            if not any(id == theirs and _overlap(other, one) for theirs, one in taken):
                answers[i].append(other)
                taken.append((id, other))
    return answers


def _overlap(one: Candidate, other: Candidate) -> bool:
    return one.start < other.end and other.start < one.end


def _quote(
    findings: Sequence[Finding], answers: Sequence[Sequence[Candidate]]
) -> tuple[Quote, ...]:
    """Return the sentences to show: those with ``answers``, then others about the question.

    ``answers`` are those of each finding, or none at all.
    """
    quotes: dict[tuple[str, int], Quote] = {}

    def add(article: Article, sentence: int, score: float) -> None:
        span = article.sentences[sentence]
        quotes.setdefault((article.id, sentence), Quote(article.id, sentence, span, score))

    # A sentence that answers proves more than any that doesn't, so that its score is over 1.
    sums: dict[tuple[str, int], float] = defaultdict(float)
    bests: set[tuple[str, int]] = set()
    for finding, candidates in zip(findings, answers, strict=False):
        id = finding.article.id
        bests.add((id, candidates[0].sentence))
        for sentence in {candidate.sentence for candidate in candidates}:
            sums[id, sentence] += finding.confidence
    # Each ask's best answer keeps its quote, whatever further answers another has.
    kept = sorted(sums, key=lambda place: (place not in bests, -sums[place]))[:MAX_QUOTES]
    articles = {finding.article.id: finding.article for finding in findings}
    for id, sentence in sorted(kept, key=lambda place: -sums[place]):
        add(articles[id], sentence, 1 + sums[id, sentence])
    about = [(f.article, r) for f in findings for r in f.ranked if r.about]
    for article, ranked in sorted(about, key=lambda entry: -entry[1].score):
        if len(quotes) < _NEARBY:
            add(article, ranked.candidate.sentence, ranked.share)
    return tuple(quotes.values())[:MAX_QUOTES]
