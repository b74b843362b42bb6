"""The files of a reader and how they are run: an ONNX model, a tokenizer and a card."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa_service.errors import UnreadableModel

FORMAT = 1
MODEL_FILE, TOKENIZER_FILE, CARD_FILE = "reader.onnx", "tokenizer.json", "reader.json"


class Model:
    """The encoder and its tokenizer. Safe to use from several threads."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        """Load the reader in ``folder``; it computes so many inputs at once as ``threads``.

        :raises UnreadableModel: a file is missing, damaged or of another format.
        """
        # Not at the top: onnxruntime starts threads when it is imported, and a process that forks
        # after that leaves its children threads to wait for that they don't have.
        import onnxruntime

        self.card = _read_card(folder)
        for name, expected in self.card["sha256"].items():
            _check(folder / name, expected)
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        options = onnxruntime.SessionOptions()
        # A thread an input, not several at one: an input is too small to be shared out well.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="reader")

    def score(self, inputs: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """Return, for each input, ``(length, 3)``: answer begins, ends, sentence supports it.

        Each is computed alone: eight-bit activations are scaled by all that is computed at once,
        so that in a batch an input's scores would depend on the others.
        """
        # The longest first, so that the threads end at about the same time.
        order = sorted(range(len(inputs)), key=lambda i: -len(inputs[i]))
        scores = dict(
            zip(order, self._threads.map(self._score, [inputs[i] for i in order]), strict=True)
        )
        return [scores[i] for i in range(len(inputs))]

    def _score(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        ids = np.array([tokens], dtype=np.int64)
        (scores,) = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})
        first: NDArray[np.float32] = scores[0]
        return first


def _read_card(folder: Path) -> Mapping[str, Any]:
    path = folder / CARD_FILE
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableModel(f"{path} can't be read: {error}") from None
    if card.get("format") != FORMAT:
        raise UnreadableModel(
            f"{path} has the format {card.get('format')!r}; this version reads {FORMAT}"
        )
    return card


def _check(path: Path, expected: str) -> None:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UnreadableModel(f"{path} can't be read: {error.strerror}") from None
    if found != expected:
        raise UnreadableModel(f"{path} is damaged: its SHA-256 is {found}, not {expected}")
