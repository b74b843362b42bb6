"""Fit how BM25 and the encoder are weighed, and how sure an answer is, on passages held back.

The ranking is a conditional logit over the sentences of a window (McFadden, 1974): which of them
holds the answer. The confidence is a logistic regression: whether the best sentence's span is
right, that is, shares at least half of its words with the answer by the F1 of SQuAD.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qa_service.answerer import read_question
from qa_service.article import Article
from qa_service.reader.fusion import CONFIDENCE, RANKING, Fusion, judge_features
from qa_service.reader.reader import DOUBT, Reader
from qa_service.retriever import BM25Retriever
from qa_service.training.scoring import f1

_RIDGE = 1e-2
_STEPS = 40
_NO_DOUBT = (1.0, 0.0)
"""Confidences between which none lies: nothing is read again."""
_NEVER_SURE = 2.0
"""A confidence that none has: every sentence is read."""
_FITS = RANKING.index("fits")
RIGHT = 0.5
"""The F1 from which an answer counts as right."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A question to fit on: its article, and its answers with their sentences; none if untold."""

    question: str
    history: tuple[str, ...]
    article: Article
    answers: tuple[str, ...]
    sentences: frozenset[int]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen of one question: features, ``(sentences, len(RANKING))``, and what was right.

    ``rights`` and ``scores`` say of each sentence whether it is one of the right ones, and the F1
    of its best span.
    """

    features: Array
    rights: NDArray[np.bool_]
    scores: Array
    weight: float


def observe(reader: Reader, judged: Sequence[Judged], *, again: bool) -> Iterator[Observed]:
    """Read each question that asks one thing, and note what the reader sees of every sentence.

    With ``again``, only of what is read again.
    """
    doubt = DOUBT if again else _NO_DOUBT
    for row in judged:
        retriever = BM25Retriever([row.article])
        _, findings = read_question(
            row.question,
            retriever,
            reader,
            history=row.history,
            doubt=doubt,
            sure=_NEVER_SURE,
        )
        if len(findings) != 1 or not findings[0].ranked:
            continue
        seen = findings[0].reading.again
        if again and not seen:
            continue
        ranked = [r for r in findings[0].ranked if not again or r.candidate.sentence in seen]
        spans = [row.article.text[r.candidate.start : r.candidate.end] for r in ranked]
        yield Observed(
            np.array([r.features for r in ranked]),
            np.array([r.candidate.sentence in row.sentences for r in ranked]),
            np.array([max((f1(s, a) for a in row.answers), default=0.0) for s in spans]),
            row.weight,
        )


def fit_ranking(observed: Sequence[Observed]) -> Array:
    """Return the weights of ``RANKING``; that of ``fits`` isn't less than zero.

    By that weight, a sentence's span is chosen among others too, of which nothing is observed: less
    than zero, it would choose one that doesn't fit what is asked for.
    """
    useful = [o for o in observed if o.rights.any() and not o.rights.all()]
    weights = _climb(useful)
    if weights[_FITS] < 0:
        others = np.arange(len(RANKING)) != _FITS
        # What is zero everywhere weighs nothing.
        weights = _climb([replace(seen, features=seen.features * others) for seen in useful])
    return weights


def _climb(observed: Sequence[Observed]) -> Array:
    """Return the likeliest weights by Newton's method."""
    weights = np.zeros(len(RANKING))
    for _ in range(_STEPS):
        gradient = -_RIDGE * weights
        curvature = _RIDGE * np.eye(len(weights))
        for seen in observed:
            shares = _softmax(seen.features @ weights)
            held = shares * seen.rights
            held = held / max(held.sum(), 1e-12)
            gradient += seen.weight * (held - shares) @ seen.features
            centred = seen.features - shares @ seen.features
            curvature += seen.weight * (centred.T * shares) @ centred
        weights = weights + np.linalg.solve(curvature, gradient)
    return weights


def fit_confidence(observed: Sequence[Observed], ranking: Array) -> Array:
    """Return the weights of ``CONFIDENCE`` by Newton's method."""
    rows, rights, shares = judge_all(observed, ranking)
    weights = np.zeros(len(CONFIDENCE))
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (shares * (rights - p)) - _RIDGE * weights
        curvature = (rows.T * (shares * p * (1 - p))) @ rows + _RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(curvature, gradient)
    return weights


def judge_all(observed: Sequence[Observed], ranking: Array) -> tuple[Array, Array, Array]:
    """Return features, ``(n, len(CONFIDENCE))``, whether the answer was right, and the weight."""
    rows, rights, shares = [], [], []
    for seen in observed:
        best = int(np.argmax(seen.features @ ranking))
        rows.append(judge_features(seen.features[best].tolist()))
        rights.append(float(seen.scores[best] >= RIGHT))
        shares.append(seen.weight)
    table = np.array(rows).reshape(-1, len(CONFIDENCE))
    return table, np.array(rights), np.array(shares)


def fit(observed: Sequence[Observed]) -> Fusion:
    """Fit both models."""
    ranking = fit_ranking(observed)
    confidence = fit_confidence(observed, ranking)
    return Fusion(tuple(map(float, ranking)), tuple(map(float, confidence)))


def _softmax(scores: Array) -> Array:
    grown = np.exp(scores - scores.max())
    shares: Array = grown / grown.sum()
    return shares
