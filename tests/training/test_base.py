import struct

import numpy as np
import pytest

from qa_service.training.base import _parse, _unpack


def test_blocks_of_four_bits_are_unpacked_with_their_scale():
    scale = np.array([0.5], dtype=np.float16).tobytes()
    data = scale + bytes([0x19] * 16)
    assert _unpack(data, 0, 18, (1, 32)).tolist() == [[0.5] * 16 + [-3.5] * 16]


def test_plain_numbers_are_taken_as_they_are():
    data = b"xx" + struct.pack("<3f", 1, 2, 3)
    assert _unpack(data, 2, 12, (3,)).tolist() == [1, 2, 3]


def test_a_tensor_of_another_size_is_refused():
    with pytest.raises(ValueError, match="can't have 5 bytes"):
        _unpack(b"12345", 0, 5, (32,))


def test_another_file_is_refused():
    with pytest.raises(ValueError, match="E5S1"):
        _parse(b"nothing of the kind")
