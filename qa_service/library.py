"""The articles on offer, each with its index; and own texts, for a while."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Protocol

from cachetools import LRUCache

from qa_service.article import Article
from qa_service.errors import Message, UnknownArticle
from qa_service.retriever import BM25Retriever, Retriever

OWN_TEXT_ID = "text"
"""The id that an own text's article has in an answer."""
# Indexes of single articles and of own texts stay while there is room; a few hundred fit.
_MAX_INDEX_BYTES = 40_000_000


class Library(Protocol):
    """Articles by id, and what searches one or all of them. Safe to use from several threads.

    ``tests/test_library.py`` holds what each implementation promises.
    """

    @property
    def articles(self) -> Sequence[Article]:
        """All articles, in the order in which they are offered."""
        ...

    @property
    def version(self) -> int:
        """A number that is another one whenever the articles are."""
        ...

    def article(self, article_id: str) -> Article:
        """Return the article with this id.

        :raises UnknownArticle: there is none.
        """
        ...

    def search(self, article_id: str | None = None) -> Retriever:
        """Return what searches one article, or all where no id is given.

        :raises UnknownArticle: no article has this id.
        """
        ...


class _Indexes:
    """Indexes of one text each, by a key, as long as there is room."""

    def __init__(self) -> None:
        self._kept: LRUCache[object, BM25Retriever] = LRUCache(
            _MAX_INDEX_BYTES, getsizeof=_estimate_bytes
        )
        self._lock = Lock()

    def knows(self, key: object) -> bool:
        with self._lock:
            return key in self._kept

    def find(self, key: object, make: Callable[[], Article]) -> BM25Retriever:
        """Return the index kept by ``key``, or else that of the article made for it."""
        with self._lock:
            known = self._kept.get(key)
        if known is not None:
            return known
        # Two threads may index the same text at once: the work is lost, not the answer.
        made = BM25Retriever([make()])
        # A text of so many sentences that it would take all the room is not kept.
        if _estimate_bytes(made) <= _MAX_INDEX_BYTES:
            with self._lock:
                self._kept[key] = made
        return made


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What a library holds at one moment."""

    version: int
    by_id: dict[str, Article]
    all: BM25Retriever

    def find(self, article_id: str) -> Article:
        try:
            return self.by_id[article_id]
        except KeyError:
            some = ", ".join(list(self.by_id)[:5]) or Message("none")
            raise UnknownArticle(
                Message(
                    "no article has the id {id}; there are: {some}",
                    id=repr(article_id[:100]),
                    some=some,
                )
            ) from None


class MemoryLibrary:
    """A library whose articles and indexes are in memory."""

    def __init__(self, articles: Sequence[Article] = ()) -> None:
        self._versions = count(1)
        self._each = _Indexes()
        self.put(articles)

    def put(self, articles: Sequence[Article]) -> None:
        """Offer these articles, and no others, from now on; each has an id of its own.

        What is being asked meanwhile is answered from those offered before.
        """
        by_id = {article.id: article for article in articles}
        self._shelf = _Shelf(next(self._versions), by_id, BM25Retriever(articles))

    @property
    def articles(self) -> Sequence[Article]:
        """All articles, in the order in which they were put."""
        return self._shelf.all.articles

    @property
    def version(self) -> int:
        """How often articles were put."""
        return self._shelf.version

    def article(self, article_id: str) -> Article:
        """Return the article with this id.

        :raises UnknownArticle: there is none.
        """
        return self._shelf.find(article_id)

    def search(self, article_id: str | None = None) -> Retriever:
        """Return the index of one article, or of all where no id is given.

        :raises UnknownArticle: no article has this id.
        """
        if article_id is None:
            return self._shelf.all
        shelf = self._shelf
        # Another article may have its id tomorrow.
        key = shelf.version, article_id
        return self._each.find(key, lambda: shelf.find(article_id))


class OwnTexts:
    """Indexes of texts that people bring along, in memory only. Safe to use from many threads."""

    def __init__(self) -> None:
        self._indexes = _Indexes()

    def knows(self, text: str) -> bool:
        """Return whether a text's index is in memory."""
        return self._indexes.knows(text)

    def search(self, text: str) -> Retriever:
        """Return the index of a text; it stays in memory until others take its place."""
        return self._indexes.find(text, lambda: Article.of(text, id=OWN_TEXT_ID))


def _estimate_bytes(retriever: BM25Retriever) -> int:
    # By tracemalloc, at most: the characters and their tokens, the sentences of a text of 100,000,
    # the entries of a text of 33,000 words that are all different.
    return (
        sum(8 * len(article.text) + 400 * len(article.sentences) for article in retriever.articles)
        + 260 * retriever.words
        + 1_000
    )
