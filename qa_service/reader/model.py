"""The files of a reader and how they are run: an ONNX model in two halves, a tokenizer and a card.

The lower half alone tells what a sentence is about, the upper one goes on to the scores.
"""

import hashlib
import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa_service.errors import UnreadableModel

FORMAT = 4
LOWER_FILE, UPPER_FILE = "lower.onnx", "upper.onnx"
TOKENIZER_FILE, CARD_FILE = "tokenizer.json", "reader.json"
NEARNESS_FILE = "nearness.npy"
SUMMED = (LOWER_FILE, UPPER_FILE, TOKENIZER_FILE, NEARNESS_FILE)
"""The files whose checksums are on the card."""
NEAR = 128
"""Features that nearness is told by."""


class Model:
    """The encoder and its tokenizer. Safe to use from several threads."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        """Load the reader in ``folder``; it computes so many inputs at once as ``threads``.

        :raises UnreadableModel: a file is missing, damaged or of another format.
        """
        # Not at the top: onnxruntime starts threads when it is imported, and a process that forks
        # after that leaves its children threads to wait for that they don't have.
        #
        # Nothing is to leave the machine: onnxruntime (1.32) makes up a device id when it is
        # imported, and keeps events to send, unless it is told not to.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        self.card = read_card(folder)
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self.nearness: NDArray[np.float32] = np.load(folder / NEARNESS_FILE).astype(np.float32)
        """Maps of what a question, and what a sentence, is about, ``(2, 385, NEAR)``: where the
        cosine is high, the sentence is near to answering. The last row of each is added."""
        options = onnxruntime.SessionOptions()
        # A thread an input, not several at one: an input is too small to be shared out well.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._lower, self._upper = (
            onnxruntime.InferenceSession(
                str(folder / name), options, providers=["CPUExecutionProvider"]
            )
            for name in (LOWER_FILE, UPPER_FILE)
        )
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="reader")

    def score(self, inputs: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """Return, for each input, ``(length, 3)``: answer begins, ends, sentence supports it.

        Each is computed alone: eight-bit activations are scaled by all that is computed at once,
        so that in a batch an input's scores would depend on the others.
        """
        return self._map(self._score, inputs)

    def embed(self, inputs: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """Return, for each input, what it is about: ``(384,)``, the mean of its tokens' vectors."""
        return self._map(self._embed, inputs)

    def _map(
        self,
        compute: Callable[[Sequence[int]], NDArray[np.float32]],
        inputs: Sequence[Sequence[int]],
    ) -> list[NDArray[np.float32]]:
        # The longest first, so that the threads end at about the same time.
        order = sorted(range(len(inputs)), key=lambda i: -len(inputs[i]))
        found = dict(
            zip(order, self._threads.map(compute, [inputs[i] for i in order]), strict=True)
        )
        return [found[i] for i in range(len(inputs))]

    def _score(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        (scores,) = self._upper.run(None, {"hidden": self._run_lower(tokens)})
        first: NDArray[np.float32] = scores[0]
        return first

    def _embed(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        mean: NDArray[np.float32] = self._run_lower(tokens)[0].mean(axis=0)
        return mean

    def _run_lower(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        hidden: NDArray[np.float32]
        (hidden,) = self._lower.run(None, {"ids": np.array([tokens], dtype=np.int64)})
        return hidden


def read_card(folder: Path, *, formats: Collection[int] = (FORMAT,)) -> Mapping[str, Any]:
    """Return the card of the reader in ``folder``, whose files are as the card says.

    :raises UnreadableModel: a file is missing, damaged or of none of the ``formats``.
    """
    path = folder / CARD_FILE
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        written = card["format"]
    except OSError as error:
        raise UnreadableModel(f"{path} can't be read: {error.strerror}") from None
    except (ValueError, TypeError, KeyError):
        raise UnreadableModel(f"{path} is no reader's card") from None
    if written not in formats:
        raise UnreadableModel(f"{path} has the format {written!r}; this version reads {FORMAT}")
    missing = {"sha256", "threshold", "first", "again"} - card.keys()
    if missing or set(card["sha256"]) != set(SUMMED):
        raise UnreadableModel(f"{path} is incomplete; `qa-service train` writes one")
    for name, expected in card["sha256"].items():
        _check(folder / name, expected)
    return card


def _check(path: Path, expected: str) -> None:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UnreadableModel(f"{path} can't be read: {error.strerror}") from None
    if found != expected:
        raise UnreadableModel(f"{path} is damaged: its SHA-256 is {found}, not {expected}")
