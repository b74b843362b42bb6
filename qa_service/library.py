"""The articles on offer, each with its index: a folder of files, and own texts for a while."""

import logging
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import regex
from cachetools import LRUCache

from qa_service.article import Article
from qa_service.errors import UnknownArticle, UnreadableArticle
from qa_service.retriever import BM25Retriever, Retriever

MAX_TEXT = 200_000
"""Characters that an article may have."""
OWN_TEXT_ID = "text"
"""The id that an own text's article has in an answer."""
# Own texts stay while there is room; a few hundred news articles fit.
_MAX_OWN_BYTES = 40_000_000
# A character takes at most four bytes in UTF-8, so a larger file can't be within the limit.
_MAX_FILE_BYTES = 4 * MAX_TEXT

_logger = logging.getLogger(__name__)


class Library:
    """Articles by id, and an index of each and of all. Safe to use from several threads."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._all = BM25Retriever(articles)
        self._each = {article.id: BM25Retriever([article]) for article in articles}
        self._own: LRUCache[str, BM25Retriever] = LRUCache(
            _MAX_OWN_BYTES, getsizeof=_estimate_bytes
        )
        self._lock = Lock()

    @property
    def articles(self) -> Sequence[Article]:
        """All articles, in the order of their files' names."""
        return self._all.articles

    def article(self, article_id: str) -> Article:
        """Return the article with this id.

        :raises UnknownArticle: there is none.
        """
        return self.search(article_id).articles[0]

    def search(self, article_id: str | None = None) -> Retriever:
        """Return the index of one article, or of all where no id is given.

        :raises UnknownArticle: no article has this id.
        """
        if article_id is None:
            return self._all
        try:
            return self._each[article_id]
        except KeyError:
            known = ", ".join(list(self._each)[:5]) or "none"
            raise UnknownArticle(
                f"no article has the id {article_id[:100]!r}; there are: {known}"
            ) from None

    def knows_text(self, text: str) -> bool:
        """Return whether an own text's index is in memory."""
        with self._lock:
            return text in self._own

    def search_text(self, text: str) -> Retriever:
        """Return the index of an own text; it stays in memory until others take its place."""
        with self._lock:
            known = self._own.get(text)
        if known is not None:
            return known
        # Two threads may index the same text at once: the work is lost, not the answer.
        made = BM25Retriever([Article.of(text, id=OWN_TEXT_ID)])
        # A text of so many sentences that it would take all the room is not kept.
        if _estimate_bytes(made) <= _MAX_OWN_BYTES:
            with self._lock:
                self._own[text] = made
        return made


def read_library(folder: Path) -> Library:
    """Read every ``*.txt`` of ``folder``; one that can't be read is named in the log and left out.

    :raises UnreadableArticle: there is no such folder.
    """
    if not folder.is_dir():
        raise UnreadableArticle(f"{folder} is not a folder of articles")
    articles: dict[str, Article] = {}
    for path in sorted(folder.glob("*.txt")):
        try:
            article = read_article(path)
        except UnreadableArticle as error:
            _logger.warning("left out: %s", error)
            continue
        if article.id in articles:
            _logger.warning("left out: %s: another file has the id %r already", path, article.id)
            continue
        articles[article.id] = article
    return Library(list(articles.values()))


def read_article(path: Path) -> Article:
    """Read a UTF-8 text file; the article's id is the file's name in letters, digits and hyphens.

    :raises UnreadableArticle: it is missing, too long, empty or not UTF-8 text.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_FILE_BYTES + 1)
        # An encoding mark at the start is no part of the text; line ends stay as they are.
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableArticle(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        if len(raw) <= _MAX_FILE_BYTES:
            raise UnreadableArticle(f"{path} is not UTF-8 text") from None
        text = ""
    if len(raw) > _MAX_FILE_BYTES or len(text) > MAX_TEXT:
        raise UnreadableArticle(f"{path} has more than {MAX_TEXT:,} characters")
    if not text.strip():
        raise UnreadableArticle(f"{path} is empty")
    return Article.of(text, id=_slug(path.stem))


def _slug(name: str) -> str:
    return regex.sub(r"[^\p{L}\p{M}\p{N}]+", "-", name.casefold()).strip("-") or "article"


def _estimate_bytes(retriever: BM25Retriever) -> int:
    # By tracemalloc, at most: the characters and their tokens, the sentences of a text of 100,000,
    # the entries of a text of 33,000 words that are all different.
    return (
        sum(8 * len(article.text) + 400 * len(article.sentences) for article in retriever.articles)
        + 250 * retriever.words
        + 1_000
    )
