"""How what BM25 and the encoder say of a sentence becomes one score, and how sure an answer is.

Both are logistic models, fitted by ``qa-service train`` on passages held back from training and
kept in the reader's card with the names of their features.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from qa_service.errors import UnreadableModel
from qa_service.reader.spans import Candidate, Reading

RANKING = ("span", "support", "mass", "bm25", "coverage", "headline", "fits")
"""What a sentence is ranked by: the score of its best span (log odds against no answer), the mean
of its tokens' support (log odds), its share of all spans' probability (log odds), its BM25 score
and that score's coverage of the question, as shares of the best sentence's; whether it is the
headline; whether the span fits what is asked for."""
CONFIDENCE = ("span", "support", "mass", "bm25", "fits", "bias")
"""What the best sentence's answer is judged by: what the encoder says of it most of all. How far it
is ahead of the second sentence, and which of the question's words are told nowhere, say which
sentence is right, but not whether any is (docs/model-card.md)."""
_LIMIT = 12.0
_BM25, _SUPPORT = RANKING.index("bm25"), RANKING.index("support")
_JUDGED = [RANKING.index(name) for name in CONFIDENCE if name in RANKING]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a sentence before it is read: BM25's score and coverage, as shares."""

    bm25: float = 0.0
    coverage: float = 0.0
    headline: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence's best span with its ranking score and what that is made of."""

    candidate: Candidate
    score: float
    features: tuple[float, ...]

    @property
    def share(self) -> float:
        """The score as a number in (0, 1)."""
        return 1 / (1 + math.exp(-_bound(self.score)))

    @property
    def about(self) -> bool:
        """Whether it shares words with the question, or the encoder sees support in it."""
        return self.features[_BM25] > 0 or self.features[_SUPPORT] > 0


@dataclass(frozen=True, slots=True)
class Fusion:
    """The weights of both models, in the order of their features."""

    ranking: tuple[float, ...]
    confidence: tuple[float, ...]

    @classmethod
    def of(cls, card: Mapping[str, Any], reading: str) -> Self:
        """Take the weights for the ``reading``, ``first`` or ``again``, from a reader's card.

        :raises UnreadableModel: it has other features than this version computes.
        """
        weights = []
        for name, features in (("ranking", RANKING), ("confidence", CONFIDENCE)):
            found = card.get(reading, {}).get(name, {})
            if set(found) != set(features):
                raise UnreadableModel(
                    f"the reader's card weighs {sorted(found)} for {name}, {reading}; "
                    f"this version computes {sorted(features)}"
                )
            weights.append(tuple(float(found[feature]) for feature in features))
        return cls(*weights)

    def rank(
        self,
        candidates: Sequence[tuple[Candidate, bool]],
        reading: Reading,
        evidence: Mapping[int, Evidence],
    ) -> list[Ranked]:
        """Return each sentence's best span, best sentence first; those read again before others.

        ``candidates`` come best first, each with whether it fits what is asked for.
        """
        ranked: dict[int, Ranked] = {}
        for candidate, fits in candidates:
            features = describe(candidate, reading, evidence, fits=fits)
            score = _dot(self.ranking, features)
            known = ranked.get(candidate.sentence)
            if known is None or score > known.score:
                ranked[candidate.sentence] = Ranked(candidate, score, features)
        return sorted(
            ranked.values(),
            key=lambda r: (r.candidate.sentence not in reading.again, -r.score, r.candidate.start),
        )

    def judge(self, best: Ranked) -> float:
        """Return how sure it is that ``best`` answers the question, in [0, 1]."""
        return 1 / (1 + math.exp(-_dot(self.confidence, judge_features(best.features))))


def describe(
    candidate: Candidate, reading: Reading, evidence: Mapping[int, Evidence], *, fits: bool
) -> tuple[float, ...]:
    """Return the features of ``RANKING`` for a candidate."""
    known = evidence.get(candidate.sentence, Evidence())
    marks = reading.marks[candidate.sentence]
    mass = min(max(marks.mass, 1e-5), 1 - 1e-5)
    return (
        _bound(candidate.score),
        _bound(marks.support),
        math.log(mass / (1 - mass)),
        known.bm25,
        known.coverage,
        float(known.headline),
        float(fits),
    )


def judge_features(best: Sequence[float]) -> tuple[float, ...]:
    """Return the features of ``CONFIDENCE``, given those of ``RANKING`` of the best sentence."""
    return (*(best[i] for i in _JUDGED), 1.0)


def _bound(value: float) -> float:
    return max(-_LIMIT, min(_LIMIT, value))


def _dot(weights: Sequence[float], features: Sequence[float]) -> float:
    return sum(w * f for w, f in zip(weights, features, strict=True))
