"""A folder of files as articles, read again when they change."""

import logging
import math
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import regex

from qa_service.article import Article, Origin
from qa_service.errors import SlowArticle, UnreadableArticle
from qa_service.extraction import ENDINGS, MAX_FILE, Extractor

MAX_ARTICLES = 10_000
"""Files of a folder that are read."""
# A file that changed just now may still be written.
_SETTLED_SECONDS = 1.0
# Beside others nobody waits for one file.
_FILE_SECONDS = 10.0
# One that takes longer is tried so often again, each time after so long a while: the machine may
# have had much to do.
_TRIES = 3
_WHILE_SECONDS = 60.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was when it was read; the article is none if it could not be.

    ``tries`` says how often it took too long, ``due`` when it is read again all the same.
    """

    changed: tuple[int, int]
    size: int
    article: Article | None
    tries: int = 0
    due: float = math.inf

    def is_of(self, about: os.stat_result) -> bool:
        """Return whether the file is as it was."""
        return (self.changed, self.size) == (_changed(about), about.st_size)


class Folder:
    """The readable files of a folder and of those in it."""

    def __init__(self, path: Path) -> None:
        """Take a folder; nothing is read yet.

        :raises UnreadableArticle: there is no such folder.
        """
        if not path.is_dir():
            raise UnreadableArticle(f"{path} is not a folder of articles")
        self._path = path
        self._seen: dict[Path, _Seen] = {}
        self._told: set[str] = set()
        self._started = False

    def read(
        self, *, progress: Callable[[int, int], None] = lambda _done, _all: None
    ) -> list[Article] | None:
        """Return the articles, in the order of their files' names; none where nothing changed.

        A file that can't be read is named in the log and left out; one that could be read before
        keeps its article as long as it is there. ``progress`` is told how many files of how many
        were looked at.

        :raises OSError: the folder itself can't be looked at.
        """
        first = not self._started
        found = dict(self._find())
        changed = [path for path in found if not self._is_known(path, found[path], first)]
        gone = self._seen.keys() - found.keys()
        for path in gone:
            del self._seen[path]
        if not changed and not gone and not first:
            return None
        with Extractor(seconds=_FILE_SECONDS) as extractor:
            for number, path in enumerate(changed, start=1):
                self._seen[path] = self._look(path, found[path], extractor)
                progress(number, len(changed))
        self._started = True
        return self._name()

    def _find(self) -> Iterator[tuple[Path, os.stat_result]]:
        """Yield the files of the kinds that are read, but hidden ones."""
        number = 0
        for folder, folders, names in os.walk(self._path, onerror=self._skip):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder, name)
                if name.startswith(".") or path.suffix.lower() not in ENDINGS:
                    continue
                try:
                    about = path.stat()
                except OSError:
                    # It went while it was looked at.
                    continue
                if not stat.S_ISREG(about.st_mode):
                    # Reading a pipe would wait for its writer.
                    continue
                number += 1
                if number > MAX_ARTICLES:
                    self._warn(f"left out: files over the first {MAX_ARTICLES:,} of {self._path}")
                    return
                yield path, about

    def _skip(self, error: OSError) -> None:
        if error.filename == str(self._path):
            # The folder as a whole can't be looked at: its articles are not gone.
            raise error
        self._warn(f"left out: {error.filename}: {error.strerror}")

    def _is_known(self, path: Path, about: os.stat_result, first: bool) -> bool:
        seen = self._seen.get(path)
        if seen is not None and seen.is_of(about):
            return time.monotonic() < seen.due
        settling = 0 <= time.time() - about.st_mtime < _SETTLED_SECONDS
        return settling and not first

    def _look(self, path: Path, about: os.stat_result, extractor: Extractor) -> _Seen:
        before = self._seen.get(path)
        article = None if before is None else before.article
        tries, due = 0, math.inf
        try:
            article = read_article(path, extractor)
        except SlowArticle as error:
            tries = 1 + (before.tries if before is not None and before.is_of(about) else 0)
            if tries <= _TRIES:
                due = time.monotonic() + _WHILE_SECONDS
            _logger.warning("left out: %s", error)
        except UnreadableArticle as error:
            _logger.warning("left out: %s", error)
        except Exception as error:  # one file must not keep the others away
            _logger.exception("left out: %s: %s", path, type(error).__name__)
        return _Seen(_changed(about), about.st_size, article, tries, due)

    def _name(self) -> list[Article]:
        """Return the articles by the names of their files in the folder, each once."""
        named: dict[str, Article] = {}
        for path in sorted(self._seen):
            article = self._seen[path].article
            if article is None:
                continue
            id = _slug(str(path.relative_to(self._path).with_suffix("")))
            if id in named:
                self._warn(f"left out: {path}: another file has the id {id!r} already")
            else:
                named[id] = article.named(id)
        return list(named.values())

    def _warn(self, message: str) -> None:
        """Say it once, not each time that the folder is looked at."""
        if message not in self._told:
            self._told.add(message)
            _logger.warning("%s", message)


def _changed(about: os.stat_result) -> tuple[int, int]:
    """Return when a file, and when what is known of it, was changed last, in nanoseconds."""
    return about.st_mtime_ns, about.st_ctime_ns


def read_article(path: Path, extractor: Extractor) -> Article:
    """Read a file; the article's id is the file's name in letters, digits and hyphens.

    :raises SlowArticle: it takes longer to read than a file may.
    :raises UnreadableArticle: it is missing, too large, empty, damaged or of no kind that is read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
        found = extractor.read(data, path.name)
    except OSError as error:
        raise UnreadableArticle(f"{path}: {error.strerror}") from None
    except UnreadableArticle as error:
        raise type(error)(f"{path}: {error}") from None
    for lost in found.lost:
        _logger.info("%s: left out: %s (%d)", path, lost.what, lost.count)
    origin = Origin(found.author, found.date, found.url)
    return Article.of(found.text, id=_slug(path.stem), origin=origin)


def _slug(name: str) -> str:
    return regex.sub(r"[^\p{L}\p{M}\p{N}]+", "-", name.casefold()).strip("-") or "article"
