import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qa_service.reader.encoding import Tokens, build_window
from qa_service.reader.spans import MAX_TOKENS, read_spans


def window_of(*lengths):
    """Sentences of so many tokens, each token one character wide."""
    sentences, place = [], 0
    for number, length in enumerate(lengths):
        marks = range(place, place + length)
        sentences.append((number, Tokens((9,) * length, tuple(marks), tuple(m + 1 for m in marks))))
        place += length
    return build_window(Tokens((7,), (0,), (1,)), sentences)


def test_the_likeliest_span_comes_first_with_its_log_odds_against_none():
    window = window_of(4, 4)
    scores = np.zeros((len(window.ids), 3), dtype=np.float32)
    scores[0, :2] = 1
    scores[window.positions[5], 0] = 4
    scores[window.positions[6], 1] = 3
    scores[list(window.positions[4:]), 2] = 2
    reading = read_spans(window, scores)
    best = reading.candidates[0]
    assert (best.sentence, best.start, best.end) == (1, 5, 7)
    assert best.score == pytest.approx(5)
    assert reading.support == {0: 0, 1: pytest.approx(2)}
    assert reading.mass[1] > reading.mass[0]


def test_no_sentence_no_candidate():
    window = build_window(Tokens((7,), (0,), (1,)), [])
    reading = read_spans(window, np.zeros((len(window.ids), 3), dtype=np.float32))
    assert (reading.candidates, reading.support, reading.mass) == ((), {}, {})


@given(st.data())
def test_candidates_lie_inside_one_sentence_best_first(data):
    lengths = data.draw(st.lists(st.integers(1, 90), min_size=1, max_size=4))
    window = window_of(*lengths)
    scores = data.draw(
        arrays.arrays(np.float32, (len(window.ids), 3), elements=st.floats(-20, 20, width=32))
    )
    reading = read_spans(window, scores)
    places = [sum(lengths[:i]) for i in range(len(lengths) + 1)]
    assert [c.score for c in reading.candidates] == sorted(
        (c.score for c in reading.candidates), reverse=True
    )
    for candidate in reading.candidates:
        assert places[candidate.sentence] <= candidate.start < candidate.end
        assert candidate.end <= places[candidate.sentence + 1]
        assert candidate.end - candidate.start <= MAX_TOKENS
    assert sum(reading.mass.values()) <= 1 + 1e-5
