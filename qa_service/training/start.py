"""Go on from a reader that is there: its weights, read back from the files that are served.

They were rounded to eight bits when they were written; what the rounding took away, training soon
gives back.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from tokenizers import Tokenizer

from qa_service.errors import UnreadableModel
from qa_service.reader.model import (
    FORMAT,
    LOWER_FILE,
    TOKENIZER_FILE,
    UPPER_FILE,
    read_card,
)
from qa_service.training.encoder import HEAD, LAYERS, Encoder, Width

_FORMATS = (3, FORMAT)
"""Those whose weights can be read; the graphs of the third took a mask, too."""


def load_reader_weights(folder: Path) -> tuple[Encoder, Tokenizer]:
    """Return the encoder of the reader in ``folder``, in 32 bits, and its tokenizer.

    :raises UnreadableModel: a file is missing, damaged or of another format.
    """
    read_card(folder, formats=_FORMATS)
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    try:
        halves = [onnx.load(str(folder / name)).graph for name in (LOWER_FILE, UPPER_FILE)]
        return _read_encoder(halves), tokenizer
    except (KeyError, RuntimeError):
        raise UnreadableModel(f"the reader in {folder} was not written by this version") from None


def _read_encoder(graphs: Sequence[onnx.GraphProto]) -> Encoder:
    """Return the encoder with the weights in ``graphs``.

    :raises KeyError: one is missing.
    :raises RuntimeError: one is missing, or of another shape.
    """
    stored = {
        tensor.name: numpy_helper.to_array(tensor)
        for graph in graphs
        for tensor in graph.initializer
    }
    weights = {"word.weight": stored["narrow"].astype(np.float32) * stored["scale"]}
    for node in (node for graph in graphs for node in graph.node):
        if node.op_type == "MatMulInteger":
            # "/layers.0/q/MatMul_quant" multiplies by the weights of "layers.0.q".
            name = node.name.removesuffix("/MatMul_quant").strip("/").replace("/", ".")
            weights[f"{name}.weight"] = _widen(stored, node.input[1]).T
    encoder = Encoder(len(weights["word.weight"]), _read_widths(weights))
    expected = encoder.state_dict()
    weights |= {name: stored[name] for name in expected if name in stored}
    encoder.load_state_dict(
        {name: torch.from_numpy(np.array(array, np.float32)) for name, array in weights.items()}
    )
    return encoder


def _read_widths(weights: dict[str, NDArray[np.float32]]) -> list[Width]:
    """Return how wide the layers are whose matrices, ``(outputs, inputs)``, are in ``weights``."""
    return [
        (
            len(weights[f"layers.{i}.q.weight"]) // HEAD,
            len(weights[f"layers.{i}.inner.weight"]),
        )
        for i in range(LAYERS)
    ]


def _widen(stored: dict[str, NDArray[np.generic]], name: str) -> NDArray[np.float32]:
    """Return a matrix, ``(inputs, outputs)``, whose outputs each have a scale of their own."""
    scales = stored[f"{name.removesuffix('_quantized')}_scale"].astype(np.float32)
    matrix: NDArray[np.float32] = stored[name].astype(np.float32) * scales
    return matrix
