"""Answers out of the encoder's scores."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from qa_service.reader.encoding import Window

MAX_TOKENS = 60
"""Tokens of the longest answer: a full clause."""
_PER_SENTENCE = 3
_JOINED = 0.5
"""How little less likely, in log odds, its two parts' ends are than its own where a span joins two
answers."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the encoder says of a sentence's tokens.

    ``begins`` and ``ends``, ``(tokens,)``, say how much likelier it is that an answer begins or
    ends there than that there is none, in log odds; ``support`` is the mean of how well the tokens
    support an answer, a log odds; ``mass`` the share, in [0, 1], of the window's probability that
    lies in the sentence. Token ``i`` is ``[starts[i], stops[i])`` of the article.
    """

    begins: NDArray[np.float32]
    ends: NDArray[np.float32]
    support: float
    mass: float
    starts: tuple[int, ...]
    stops: tuple[int, ...]

    @classmethod
    def mean(cls, marks: Sequence[Self]) -> Self:
        """Return the mean of what was said of one sentence in several windows."""
        return cls(
            np.mean([m.begins for m in marks], axis=0),
            np.mean([m.ends for m in marks], axis=0),
            sum(m.support for m in marks) / len(marks),
            sum(m.mass for m in marks) / len(marks),
            marks[0].starts,
            marks[0].stops,
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be the answer: ``[start, end)`` in the article, inside one sentence.

    ``score`` is the logarithm of how much likelier it is than that there is no answer.
    """

    sentence: int
    start: int
    end: int
    score: float

    def overlaps(self, other: Self) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder says of the sentences that were read, by index, and of their best spans.

    ``candidates`` are the spans, best first; ``again`` are the sentences that were read again.
    """

    marks: Mapping[int, Marks]
    candidates: tuple[Candidate, ...]
    again: frozenset[int] = frozenset()

    @classmethod
    def of(cls, marks: Mapping[int, Marks]) -> Self:
        """Find the best spans of each sentence."""
        return cls({}, ()).read_on(marks)

    def read_on(self, marks: Mapping[int, Marks], *, again: Iterable[int] = ()) -> Self:
        """Return what is said with these ``marks`` besides, or instead where they are there."""
        candidates = [c for c in self.candidates if c.sentence not in marks]
        for index, said in marks.items():
            candidates += _find_spans(index, said)
        candidates.sort(key=lambda c: (-c.score, c.start, c.end))
        return replace(
            self,
            marks={**self.marks, **marks},
            candidates=tuple(candidates),
            again=frozenset(again),
        )


def read_marks(window: Window, scores: NDArray[np.float32]) -> dict[int, Marks]:
    """Return what ``scores``, ``(length, 3)``, as the encoder gives them, say of each sentence."""
    if not window.positions:
        return {}
    positions = np.asarray(window.positions)
    begins, ends = scores[positions, 0], scores[positions, 1]
    shares = _softmax(np.append(begins, scores[0, 0])), _softmax(np.append(ends, scores[0, 1]))
    cuts = np.flatnonzero(np.diff(np.asarray(window.sentences))) + 1
    return {
        window.sentences[part[0]]: Marks(
            begins[part] - scores[0, 0],
            ends[part] - scores[0, 1],
            float(scores[positions[part], 2].mean()),
            float((shares[0][part].sum() + shares[1][part].sum()) / 2),
            window.starts[part[0] : part[-1] + 1],
            window.ends[part[0] : part[-1] + 1],
        )
        for part in np.split(np.arange(len(positions)), cuts)
    }


def _find_spans(index: int, marks: Marks) -> list[Candidate]:
    """Return a few spans of a sentence that don't overlap, best first."""
    count = len(marks.begins)
    table = marks.begins[:, None] + marks.ends[None, :]
    places = np.arange(count)
    length = places[None, :] - places[:, None]
    table[(length < 0) | (length >= MAX_TOKENS)] = -np.inf
    found: list[Candidate] = []
    for _ in range(_PER_SENTENCE):
        first, last = divmod(int(table.argmax()), count)
        score = float(table[first, last])
        if score == -np.inf:
            break
        inner = _part(marks, first, last)
        if inner is not None:
            first, last = inner
            score = float(table[first, last])
        start, end = marks.starts[first], marks.stops[last]
        if start < end:
            found.append(Candidate(index, start, end, score))
        # What overlaps it begins before its end and ends after its beginning.
        table[: last + 1, first:] = -np.inf
    return found


def _part(marks: Marks, first: int, last: int) -> tuple[int, int] | None:
    """Return the better of two answers that a span joins, if it does.

    Where an answer begins and where it ends are told apart from each other: of two people who may
    both be meant, the first may begin a span that the second ends.
    """
    if last - first < 2:
        return None
    ends = marks.ends[first:last]
    begins = marks.begins[first + 1 : last + 1]
    # The best end before each place, and the best beginning from there on.
    before = np.maximum.accumulate(ends)
    after = np.maximum.accumulate(begins[::-1])[::-1]
    lost = np.maximum(marks.ends[last] - before, marks.begins[first] - after)
    place = int(lost.argmin())
    if lost[place] > _JOINED:
        return None
    stop = first + int(ends[: place + 1].argmax())
    start = first + 1 + place + int(begins[place:].argmax())
    if marks.begins[first] + marks.ends[stop] >= marks.begins[start] + marks.ends[last]:
        return first, stop
    return start, last


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    grown = np.exp(scores - scores.max())
    shares: NDArray[np.float32] = grown / grown.sum()
    return shares
