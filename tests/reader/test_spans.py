import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from qa_service.reader.encoding import Tokens, build_window
from qa_service.reader.spans import MAX_TOKENS, Marks, Reading, read_marks


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
    marks = read_marks(window, scores)
    reading = Reading.of(marks)
    best = reading.candidates[0]
    assert (best.sentence, best.start, best.end) == (1, 5, 7)
    assert best.score == pytest.approx(5)
    assert [marks[i].support for i in (0, 1)] == [0, pytest.approx(2)]
    assert marks[1].mass > marks[0].mass


def test_no_sentence_no_candidate():
    window = build_window(Tokens((7,), (0,), (1,)), [])
    marks = read_marks(window, np.zeros((len(window.ids), 3), dtype=np.float32))
    assert marks == {}
    assert Reading.of(marks).candidates == ()


def test_what_several_windows_say_of_a_sentence_is_averaged():
    marks = [
        Marks(
            np.array([0, b, 0], np.float32),
            np.array([0, 0, b], np.float32),
            b,
            b / 10,
            (0, 2, 4),
            (1, 3, 5),
        )
        for b in (2.0, 4.0)
    ]
    mean = Marks.mean(marks)
    assert mean.support == 3
    assert mean.mass == pytest.approx(0.3)
    best = Reading.of({}).read_on({7: mean}, again=[7]).candidates[0]
    assert (best.sentence, best.start, best.end, best.score) == (7, 2, 5, 6)


@given(st.data())
def test_candidates_lie_inside_one_sentence_best_first(data):
    lengths = data.draw(st.lists(st.integers(1, 90), min_size=1, max_size=4))
    window = window_of(*lengths)
    scores = data.draw(
        arrays.arrays(np.float32, (len(window.ids), 3), elements=st.floats(-20, 20, width=32))
    )
    marks = read_marks(window, scores)
    reading = Reading.of(marks)
    places = [sum(lengths[:i]) for i in range(len(lengths) + 1)]
    assert [c.score for c in reading.candidates] == sorted(
        (c.score for c in reading.candidates), reverse=True
    )
    for candidate in reading.candidates:
        assert places[candidate.sentence] <= candidate.start < candidate.end
        assert candidate.end <= places[candidate.sentence + 1]
        assert candidate.end - candidate.start <= MAX_TOKENS
    assert sum(m.mass for m in marks.values()) <= 1 + 1e-5


@pytest.mark.parametrize(
    ("begin", "end", "span"),
    [(3.8, 3.7, (4, 6)), (3.7, 3.8, (0, 2)), (2.0, 3.8, (0, 6)), (3.8, 2.0, (0, 6))],
)
def test_a_span_does_not_join_two_answers_that_are_as_likely(begin, end, span):
    begins, ends = np.zeros((2, 6), np.float32)
    begins[0], begins[4] = 4, begin
    ends[1], ends[5] = end, 4
    marks = Marks(begins, ends, 0.0, 0.5, tuple(range(6)), tuple(range(1, 7)))
    found = Reading.of({0: marks}).candidates
    assert (found[0].start, found[0].end) == span
    if span != (0, 6):
        assert {(c.start, c.end) for c in found[:2]} == {(0, 2), (4, 6)}
