"""Round weights to eight bits so that every processor multiplies by them alike.

One with VNNI instructions adds products of bytes in 32 bits. Without, x86 adds two neighbouring
ones in 16 first, and what is more than those hold is cut off (VPMADDUBSW; ONNX Runtime, "Quantize
ONNX models", on when U8U8 is needed): the same model would answer otherwise there. Seven bits would
always be held, but most neighbours leave more room than that.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

HELD = 128
"""The most that two neighbouring weights of one sign may come to: 255 times as much is held."""
_LEAST = 1e-9
_GREATEST = np.iinfo(np.int8).max


def round_weights(
    matrix: NDArray[np.float32],
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return ``matrix``, ``(inputs, outputs)``, in eight bits, and each output's scale.

    The matrix is about the first times the second: no weight is off by more than half a scale. As
    rounding may add half to each of two, two that come to 127 always leave room; 126 or 128 are
    taken where less is rounded away. So one that was rounded before stays as it is.
    """
    most = sum_neighbours(matrix)
    tries = [_round(matrix, most / held) for held in (HELD - 1, HELD - 2, HELD)]
    best = np.stack([tried.error for tried in tries]).argmin(axis=0)
    steps = np.choose(best, [tried.steps for tried in tries])
    return steps.astype(np.int8), np.choose(best, [tried.scale for tried in tries])


class _Rounded(NamedTuple):
    """A matrix in ``steps`` of its outputs' scales, and each output's ``error``, ``(outputs,)``.

    The error is the sum of squares, infinite where the steps can't be held.
    """

    steps: NDArray[np.float32]
    scale: NDArray[np.float32]
    error: NDArray[np.float64]


def _round(matrix: NDArray[np.float32], scale: NDArray[np.float64]) -> _Rounded:
    narrow = np.maximum(scale, _LEAST).astype(np.float32)
    steps = np.rint(matrix / narrow)
    held = (sum_neighbours(steps) <= HELD) & (steps.max(0, initial=0) <= _GREATEST)
    error = np.square(steps * narrow - matrix, dtype=np.float64).sum(0)
    return _Rounded(steps, narrow, np.where(held, error, np.inf))


def sum_neighbours(matrix: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return the most, for each output, that two neighbours come to; what differs in sign doesn't.

    Neighbours are the inputs 0 and 1, 2 and 3, and so on: what is ``(inputs, outputs)`` gives
    ``(outputs,)``.
    """
    even = np.pad(matrix.astype(np.float64), ((0, len(matrix) % 2), (0, 0)))
    pairs = even.reshape(-1, 2, even.shape[1])
    signed = np.stack([np.clip(sign * pairs, 0, None).sum(1) for sign in (1, -1)])
    most: NDArray[np.float64] = signed.max(axis=(0, 1), initial=0)
    return most
