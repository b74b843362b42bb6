"""What the encoder reads: a question and some sentences of an article, as token ids.

    <s> question </s> sentence sentence </s> sentence </s>

Sentences that follow each other in the article stand side by side; ``</s>`` says that something
between them was left out. Serving and training build their input here, so that they can't differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from tokenizers import Tokenizer

BEGIN, PAD, END = 0, 1, 2
"""The ids of ``<s>``, ``<pad>`` and ``</s>``, which XLM-R's vocabulary begins with."""
MAX_QUESTION = 64
"""Tokens of a question that are read; of a longer one the last, where the question mark is."""
MAX_SENTENCE = 200
"""Tokens of a sentence that are read; the rest of a longer one can't hold an answer."""
_SENTENCE = slice(MAX_SENTENCE)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a piece of text: ``ids[i]`` stands for ``text[starts[i]:ends[i]]``."""

    ids: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, tokenizer: Tokenizer, text: str, *, offset: int = 0) -> Self:
        """Tokenize a sentence, which begins at ``offset`` in its article."""
        return cls._from(tokenizer.encode(text, add_special_tokens=False), offset, _SENTENCE)

    @classmethod
    def of_question(cls, tokenizer: Tokenizer, text: str) -> Self:
        """Tokenize a question; of a long one the last tokens, where the question mark is."""
        encoding = tokenizer.encode(text, add_special_tokens=False)
        return cls._from(encoding, 0, slice(-MAX_QUESTION, None))

    @classmethod
    def of_all(
        cls, tokenizer: Tokenizer, texts: Sequence[str], *, offsets: Sequence[int]
    ) -> list[Self]:
        """Tokenize many texts at once, each with its own offset."""
        encodings = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [
            cls._from(encoding, offset, _SENTENCE)
            for encoding, offset in zip(encodings, offsets, strict=True)
        ]

    @classmethod
    def _from(cls, encoding: object, offset: int, kept: slice) -> Self:
        ids: list[int] = encoding.ids[kept]  # type: ignore[attr-defined]
        places: list[tuple[int, int]] = encoding.offsets[kept]  # type: ignore[attr-defined]
        return cls(
            tuple(ids),
            tuple(start + offset for start, _ in places),
            tuple(end + offset for _, end in places),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the encoder.

    ``ids`` is all of it. ``positions[i]`` is the place in ``ids`` of the i-th token of the
    sentences; ``sentences[i]`` is the index of its sentence, ``starts[i]`` and ``ends[i]`` its
    offsets into the article.
    """

    ids: tuple[int, ...]
    positions: tuple[int, ...]
    sentences: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def build_window(question: Tokens, sentences: Sequence[tuple[int, Tokens]]) -> Window:
    """Put ``question`` and the numbered ``sentences``, in the order of the article, together."""
    ids = [BEGIN, *question.ids, END]
    positions: list[int] = []
    numbers: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    before: int | None = None
    for number, tokens in sentences:
        if before is not None and number != before + 1:
            ids.append(END)
        before = number
        positions += range(len(ids), len(ids) + len(tokens.ids))
        numbers += [number] * len(tokens.ids)
        ids += tokens.ids
        starts += tokens.starts
        ends += tokens.ends
    ids.append(END)
    return Window(tuple(ids), tuple(positions), tuple(numbers), tuple(starts), tuple(ends))
