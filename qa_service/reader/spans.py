"""Answers out of the encoder's scores."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_service.reader.encoding import Window

MAX_TOKENS = 60
"""Tokens of the longest answer: a full clause."""
_PER_SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be the answer: ``[start, end)`` in the article, inside one sentence.

    ``score`` is the logarithm of how much likelier it is than that there is no answer.
    """

    sentence: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder says: candidates, best first, and how well each sentence supports an answer.

    ``support`` maps a sentence's index to the mean of its tokens' scores, a log odds; ``mass`` to
    the share, in [0, 1], of its window's probability that lies in it.
    """

    candidates: tuple[Candidate, ...]
    support: dict[int, float]
    mass: dict[int, float]


def read_spans(window: Window, scores: NDArray[np.float32]) -> Reading:
    """Find the best spans of each sentence; ``scores``: ``(length, 3)``, as the encoder gives."""
    if not window.positions:
        return Reading((), {}, {})
    positions = np.asarray(window.positions)
    numbers = np.asarray(window.sentences)
    begins, ends = scores[positions, 0], scores[positions, 1]
    none = float(scores[0, 0] + scores[0, 1])
    shares = _softmax(np.append(begins, scores[0, 0])), _softmax(np.append(ends, scores[0, 1]))
    candidates: list[Candidate] = []
    support: dict[int, float] = {}
    mass: dict[int, float] = {}
    cuts = np.flatnonzero(np.diff(numbers)) + 1
    for part in np.split(np.arange(len(positions)), cuts):
        number = int(numbers[part[0]])
        support[number] = float(scores[positions[part], 2].mean())
        mass[number] = float((shares[0][part].sum() + shares[1][part].sum()) / 2)
        for first, last in _best_spans(begins[part], ends[part]):
            start, end = window.starts[part[first]], window.ends[part[last]]
            score = float(begins[part[first]] + ends[part[last]]) - none
            if start < end:
                candidates.append(Candidate(number, start, end, score))
    candidates.sort(key=lambda c: (-c.score, c.start, c.end))
    return Reading(tuple(candidates), support, mass)


def join_readings(readings: Iterable[Reading]) -> Reading:
    """Return what several windows of one passage say together."""
    candidates: list[Candidate] = []
    support: dict[int, float] = {}
    mass: dict[int, float] = {}
    for reading in readings:
        candidates += reading.candidates
        support |= reading.support
        mass |= reading.mass
    candidates.sort(key=lambda c: (-c.score, c.start, c.end))
    return Reading(tuple(candidates), support, mass)


def _best_spans(begins: NDArray[np.float32], ends: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Return the first and last tokens of a few spans that don't overlap, best first."""
    count = len(begins)
    table = begins[:, None] + ends[None, :]
    places = np.arange(count)
    length = places[None, :] - places[:, None]
    table[(length < 0) | (length >= MAX_TOKENS)] = -np.inf
    found: list[tuple[int, int]] = []
    while len(found) < _PER_SENTENCE:
        first, last = divmod(int(table.argmax()), count)
        if table[first, last] == -np.inf:
            break
        found.append((first, last))
        # What overlaps it begins before its end and ends after its beginning.
        table[: last + 1, first:] = -np.inf
    return found


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    grown = np.exp(scores - scores.max())
    shares: NDArray[np.float32] = grown / grown.sum()
    return shares
