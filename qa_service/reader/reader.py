"""Read questions on an article: which sentences go into the window, and what the encoder says."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa_service.article import Article
from qa_service.reader.encoding import Tokens, Window, build_window
from qa_service.reader.fusion import Fusion
from qa_service.reader.model import Model
from qa_service.reader.spans import Reading, join_readings, read_spans
from qa_service.resources import shipped_model

WINDOW = 110
"""Tokens of the sentences that the encoder sees at once: it was trained on short passages, and
finds less in longer ones (docs/model-card.md)."""
ROOM = 600
"""Tokens of the sentences that are read for a question: most articles as a whole. What asks for
several things shares them out."""
LEAST_ROOM = 250
"""The same for each thing asked, at least."""
_NEIGHBOURS = 3
"""Best sentences whose neighbours are read, too: they name what *ia* and *itu* stand for."""
_LEAD = 4
"""Sentences at the beginning, the headline among them: who, where and when, in most news."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What to read: a question on an article, and its sentences by index, best first."""

    question: str
    article: Article
    ranked: tuple[int, ...]


class Reader:
    """Reads short answers out of sentences. Safe to use from several threads."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.fusion = Fusion.of(model.card)
        self.threshold = float(model.card["threshold"])
        """Confidence under which an answer is better not given."""

    def read(self, passages: Sequence[Passage], *, of: int | None = None) -> list[Reading]:
        """Read each passage, window by window; the same input gives the same readings.

        ``of`` says how many are read for the question in all, if there are more than these: they
        share the room.
        """
        room = max(LEAST_ROOM, ROOM // max(1, len(passages) if of is None else of))
        windows = [self._build_windows(passage, room) for passage in passages]
        # All at once, so that no thread waits for the windows of one passage.
        scores = iter(self._model.score([w.ids for group in windows for w in group]))
        return [
            join_readings(read_spans(window, next(scores)) for window in group) for group in windows
        ]

    def _build_windows(self, passage: Passage, room: int) -> list[Window]:
        question = Tokens.of(self._model.tokenizer, passage.question)
        chosen = self._choose(passage, room)
        return [build_window(question, group) for group in _divide(chosen)]

    def _choose(self, passage: Passage, budget: int) -> list[tuple[int, Tokens]]:
        """Return the sentences that fit into ``budget`` tokens, in the order of the article."""
        chosen: dict[int, Tokens] = {}
        left = budget
        for index in _order(passage):
            sentence = passage.article.sentences[index]
            tokens = Tokens.of(self._model.tokenizer, sentence.text, offset=sentence.start)
            if len(tokens.ids) <= left or not chosen:
                chosen[index] = tokens
                left -= len(tokens.ids)
            if left < budget // 20:
                break
        return sorted(chosen.items())


def _divide(chosen: Sequence[tuple[int, Tokens]]) -> list[list[tuple[int, Tokens]]]:
    """Cut the sentences into windows of about the same size, none larger than it must be."""
    total = sum(len(tokens.ids) for _, tokens in chosen)
    size = total / max(1, math.ceil(total / WINDOW))
    groups: list[list[tuple[int, Tokens]]] = []
    before = place = 0
    for index, tokens in chosen:
        # A sentence belongs to the window that its middle lies in.
        number = int((before + len(tokens.ids) / 2) / size) if size else 0
        before += len(tokens.ids)
        if not groups or number != place:
            groups.append([])
        place = number
        groups[-1].append((index, tokens))
    return groups


def _order(passage: Passage) -> Iterator[int]:
    """Yield the sentences, most useful first: the best, their neighbours, the lead, the others."""
    count = len(passage.article.sentences)
    best = passage.ranked[:_NEIGHBOURS]
    near = [i + step for i in best for step in (-1, 1) if 0 <= i + step < count]
    lead = range(min(_LEAD, count))
    rest = passage.ranked[_NEIGHBOURS:]
    yield from dict.fromkeys((*best, *near, *lead, *rest, *range(count)))


@cache
def load_reader(folder: Path | None = None, *, threads: int = 2) -> Reader:
    """Load the reader in ``folder``, or the one shipped with the package; once a process.

    :raises UnreadableModel: its files are missing, damaged or of another format.
    """
    return Reader(Model(shipped_model() if folder is None else folder, threads=threads))
