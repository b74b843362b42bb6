"""Read questions on an article: which sentences go into the window, and what the encoder says."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from threading import Lock

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from qa_service.article import Article
from qa_service.reader.encoding import BEGIN, END, Tokens, Window, build_window
from qa_service.reader.fusion import Fusion
from qa_service.reader.model import NEAR, Model
from qa_service.reader.spans import Marks, Reading, read_marks
from qa_service.resources import shipped_model

WINDOW = 110
"""Tokens of the sentences that the encoder sees at once: it was trained on short passages, and
finds less in longer ones (docs/model-card.md)."""
ROOM = 600
"""Tokens of the sentences that are read for a question: most articles as a whole. What asks for
several things shares them out."""
LEAST_ROOM = 250
"""The same for each thing asked, at least."""
AT_ONCE = 2
"""Windows of a passage that are read at once, the best first: where they hold a sure answer, the
others may be left unread."""
AGAIN = 2
"""Best sentences of a passage that are read again where the first reading leaves doubt."""
_AGAIN_IN_ALL = 4
"""The same of several passages together, but at least one of each."""
DOUBT = (0.15, 0.6)
"""Confidence between which a first reading leaves doubt."""
_REMEMBERED = 20_000
"""Texts of which it is remembered what they are about: less than 1 KB each."""
_TOKENIZED = 2_000
"""Sentences whose tokens are remembered: 3 KB each."""
_ABOUT_TOKENS = 128
"""Tokens of a sentence that are looked at for it."""
_QUESTION, _SENTENCE = 0, 1
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
        self.first = Fusion.of(model.card, "first")
        """How sentences that were read once are weighed."""
        self.again = Fusion.of(model.card, "again")
        """How those are that were read again."""
        self._places: LRUCache[tuple[int, bytes], NDArray[np.float32]] = LRUCache(_REMEMBERED)
        self._lock = Lock()
        self._tokenize_text = lru_cache(_TOKENIZED)(partial(Tokens.of, model.tokenizer))
        self.threshold = float(model.card["threshold"])
        """Confidence under which an answer is better not given."""

    def read(
        self,
        passages: Sequence[Passage],
        *,
        of: int | None = None,
        enough: Callable[[int, Reading], bool] = lambda _number, _reading: False,
    ) -> list[Reading]:
        """Read each passage, window by window; the same input gives the same readings.

        ``of`` says how many are read for the question in all, if there are more than these: they
        share the room. ``enough`` says, of the passage with this number and of what the windows
        with its best sentences gave, whether the others may be left unread.
        """
        room = max(LEAST_ROOM, ROOM // max(1, len(passages) if of is None else of))
        windows = [self._build_windows(passage, room) for passage in passages]
        readings = [Reading.of({}) for _ in passages]
        due = dict(enumerate(windows))
        while due:
            said = self._read_windows([left[:AT_ONCE] for left in due.values()])
            for number, more in zip(due, said, strict=True):
                readings[number] = readings[number].read_on(more)
            due = {
                number: left[AT_ONCE:]
                for number, left in due.items()
                if len(left) > AT_ONCE and not enough(number, readings[number])
            }
        return readings

    def _read_windows(self, windows: Sequence[Sequence[Window]]) -> list[dict[int, Marks]]:
        # All at once, so that no thread waits for the windows of one passage.
        scores = iter(self._model.score([w.ids for group in windows for w in group]))
        return [
            dict(chain(*(read_marks(w, next(scores)).items() for w in group))) for group in windows
        ]

    def compare(self, question: str, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Return how near each sentence is to answering the question, in any language.

        ``(len(sentences),)``: cosines of what they are about, as standard scores.
        """
        if not sentences:
            return np.zeros(0)
        # The same question is compared with a library, then with the best of its articles.
        (asked,) = self._recall([question], _QUESTION)
        cosines = np.array(self._recall(sentences, _SENTENCE) @ asked, dtype=float)
        scores: NDArray[np.float64] = (cosines - cosines.mean()) / max(cosines.std(), 1e-5)
        return scores

    def _recall(self, texts: Sequence[str], side: int) -> NDArray[np.float32]:
        """Return where each text lies, ``(len(texts), NEAR)``; those of late are remembered."""
        names = [(side, blake2b(text.encode("utf-8", "surrogatepass")).digest()) for text in texts]
        with self._lock:
            known = {name: self._places[name] for name in names if name in self._places}
        new = {n: text for n, text in zip(names, texts, strict=True) if n not in known}
        found = dict(zip(new, self._place(list(new.values()), side), strict=True))
        with self._lock:
            self._places.update(found)
        return np.array([known[n] if n in known else found[n] for n in names]).reshape(-1, NEAR)

    def _place(self, texts: Sequence[str], side: int) -> NDArray[np.float32]:
        """Return unit vectors, ``(len(texts), NEAR)``, of questions or of sentences."""
        matrix = self._model.nearness[side]
        inputs = [
            (BEGIN, *Tokens.of(self._model.tokenizer, text).ids[:_ABOUT_TOKENS], END)
            for text in texts
        ]
        # Each by itself: how a product of matrices is rounded may depend on their size.
        places = np.array([about @ matrix[:-1] + matrix[-1] for about in self._model.embed(inputs)])
        unit: NDArray[np.float32] = places / np.maximum(
            np.linalg.norm(places, axis=-1, keepdims=True), 1e-9
        )
        return unit

    def read_again(self, passages: Sequence[Passage], readings: Sequence[Reading]) -> list[Reading]:
        """Read each passage's best sentences again, each amid its neighbours, after ``readings``.

        Where a window begins and ends is a matter of chance, and so is a part of what the encoder
        says of it: the mean over several windows says it better.
        """
        most = min(AGAIN, max(1, _AGAIN_IN_ALL // max(1, len(passages))))
        due = [
            (number, index, self._build_around(passage, index))
            for number, passage in enumerate(passages)
            for index in passage.ranked[:most]
        ]
        # Two sentences side by side may have the same window; a whole article was read before.
        new = list(dict.fromkeys(window.ids for _, _, window in due if window is not None))
        scores = dict(zip(new, self._model.score(new), strict=True))
        said: list[dict[int, Marks]] = [{} for _ in passages]
        for number, index, window in due:
            before = readings[number].marks[index]
            again = [] if window is None else [read_marks(window, scores[window.ids])[index]]
            said[number][index] = Marks.mean([before, *again])
        return [
            reading.read_on(marks, again=marks)
            for reading, marks in zip(readings, said, strict=True)
        ]

    def _build_around(self, passage: Passage, index: int) -> Window | None:
        """Return a window with the sentence at ``index`` amid as many others as it has room for.

        Nothing, if it would hold the whole article.
        """
        count = len(passage.article.sentences)
        chosen = {index: self._tokenize(passage.article, index)}
        left = WINDOW - len(chosen[index].ids)
        edges = {-1: index - 1, 1: index + 1}
        while edges:
            for step, near in tuple(edges.items()):
                tokens = self._tokenize(passage.article, near) if 0 <= near < count else None
                if tokens is None or len(tokens.ids) > left:
                    del edges[step]
                    continue
                chosen[near] = tokens
                left -= len(tokens.ids)
                edges[step] = near + step
        if len(chosen) == count:
            return None
        question = Tokens.of_question(self._model.tokenizer, passage.question)
        return build_window(question, sorted(chosen.items()))

    def _tokenize(self, article: Article, index: int) -> Tokens:
        sentence = article.sentences[index]
        return self._tokenize_text(sentence.text, offset=sentence.start)

    def _build_windows(self, passage: Passage, room: int) -> list[Window]:
        """Return the windows of a passage, those with its best sentences first."""
        question = Tokens.of_question(self._model.tokenizer, passage.question)
        groups = _divide(self._choose(passage, room))
        place = {index: number for number, index in enumerate(_order(passage))}
        groups.sort(key=lambda group: min(place[index] for index, _ in group))
        return [build_window(question, group) for group in groups]

    def _choose(self, passage: Passage, budget: int) -> list[tuple[int, Tokens]]:
        """Return the sentences that fit into ``budget`` tokens, in the order of the article."""
        chosen: dict[int, Tokens] = {}
        left = budget
        for index in _order(passage):
            tokens = self._tokenize(passage.article, index)
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
