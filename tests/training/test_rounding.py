import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from qa_service.training.rounding import HELD, round_weights, sum_neighbours

GREATEST_INPUT, GREATEST_SUM, LEAST_SUM = 255, 2**15 - 1, -(2**15)
MATRICES = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
    elements=st.floats(-50, 50, width=32),
)


@given(MATRICES)
def test_no_two_neighbours_come_to_more_than_sixteen_bits_hold(matrix):
    rounded, _ = round_weights(matrix)
    for i in range(0, len(rounded), 2):
        products = GREATEST_INPUT * rounded[i : i + 2].astype(int)
        # Whatever each is multiplied by: the worst is the greatest input at those of one sign.
        assert products.clip(0, None).sum(0).max() <= GREATEST_SUM
        assert products.clip(None, 0).sum(0).min() >= LEAST_SUM


@given(MATRICES)
def test_no_weight_is_off_by_more_than_half_a_scale(matrix):
    rounded, scale = round_weights(matrix)
    assert scale.shape == matrix.shape[1:]
    assert np.all(np.abs(rounded * scale - matrix) <= scale * 0.5001)


@given(MATRICES)
def test_what_was_rounded_stays_as_it_is(matrix):
    rounded, scale = round_weights(matrix)
    before = rounded * scale
    rounded, scale = round_weights(before)
    assert np.all(np.abs(rounded * scale - before) <= scale * 0.001)


@pytest.mark.parametrize(
    ("column", "most"),
    [
        ([3, 4], 7),
        ([3, -4], 4),
        ([-3, -4], 7),
        # 4 and 5 are no neighbours.
        ([0, 4, 5, 0], 5),
        ([1, 1, 9], 9),
        ([0, 0], 0),
    ],
)
def test_neighbours_of_one_sign_are_added_up(column, most):
    assert sum_neighbours(np.array([column]).T).tolist() == [most]


def test_neighbours_that_leave_room_keep_almost_eight_bits():
    rounded, _ = round_weights(np.array([[1.0, -0.5], [-1.0, 0.5]], np.float32))
    assert np.abs(rounded).tolist() == [[HELD - 1] * 2] * 2
