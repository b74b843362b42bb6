"""Make an answer of what was found: the sentences to quote and the parts cut out of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa_service.answer import Abstention, Answer, Outcome, Part, Quote
from qa_service.article import Article
from qa_service.languages import language
from qa_service.question import Ask, Question
from qa_service.reader.enumeration import complete_list, split_list
from qa_service.reader.fusion import Ranked
from qa_service.reader.spans import Candidate, Reading

MAX_QUOTES = 5
"""Sentences quoted in support of an answer, at most."""
_MAX_PARTS = 10
"""Answers to one ask (*siapa saja*), at most; a longer list stays in one piece."""
_BEHIND = 3.0
"""How far, in log odds, a further answer to one ask may be behind the best."""
_NEARBY = 3
"""Quotes shown at least, if so many sentences are about the question at all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one ask: an article's sentences, best first, and how sure the first is.

    ``others`` are the further spans that could answer it, best first; ``also`` are sentences of
    other articles that say the same.
    """

    ask: Ask
    article: Article
    reading: Reading = field(compare=False)
    ranked: tuple[Ranked, ...]
    others: tuple[Candidate, ...]
    confidence: float
    also: tuple[tuple[Article, int], ...] = ()


def compose(question: Question, findings: Sequence[Finding], threshold: float) -> Outcome:
    """Quote the sentences that answer, and cut the answers out of them; or abstain."""
    told = [f for f in findings if f.ranked and f.confidence >= threshold]
    answers = _share_out(told)
    quotes = _quote(told or findings, answers)
    if not told:
        return Abstention(question.kinds, question.labels, quotes)
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
    missing = [f.ask for f in findings if f not in quoted]
    confidence = min(finding.confidence for finding in quoted)
    return Answer(
        quotes,
        confidence,
        tuple(parts),
        tuple(dict.fromkeys(ask.kind for ask in missing)),
        tuple(dict.fromkeys(ask.label for ask in missing)),
    )


def _share_out(told: Sequence[Finding]) -> list[list[Candidate]]:
    """Return each ask's answers: the best one and, of one that may have several, others.

    A span that is a list of them is cut into what it lists, and taken to list them all. Others are
    hardly worse, and in no other answer; of two asks the surer one has them.
    """
    taken = [(finding.article.id, finding.ranked[0].candidate) for finding in told]
    answers = [[best] for _, best in taken]
    for i in sorted(range(len(told)), key=lambda i: -told[i].confidence):
        id, best = taken[i]
        if told[i].ask.listed:
            whole = _complete(told[i])
            others = taken[:i] + taken[i + 1 :]
            if not any(id == theirs and whole.overlaps(one) for theirs, one in others):
                taken[i], answers[i] = (id, whole), [whole]
            listed = split_list(taken[i][1], told[i].article.text)
            if 1 < len(listed) <= _MAX_PARTS:
                answers[i] = listed
                continue
        for other in told[i].others:
            if len(answers[i]) == _MAX_PARTS or other.score < max(0.0, best.score - _BEHIND):
                break
            if not any(id == theirs and other.overlaps(one) for theirs, one in taken):
                answers[i].append(other)
                taken.append((id, other))
    return answers


def _complete(finding: Finding) -> Candidate:
    """Return the best answer with what else is in the list that it stands in."""
    best, article = finding.ranked[0].candidate, finding.article
    sentence = article.sentences[best.sentence]
    bounds = sentence.start, sentence.end
    return complete_list(best, article.text, bounds, language(article.language))


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
    for finding in findings if sums else ():
        for article, sentence in finding.also:
            add(article, sentence, finding.confidence)
    about = [(f.article, r) for f in findings for r in f.ranked if r.about]
    for article, ranked in sorted(about, key=lambda entry: -entry[1].score):
        if len(quotes) < _NEARBY:
            add(article, ranked.candidate.sentence, ranked.share)
    return tuple(quotes.values())[:MAX_QUOTES]
