"""What the views ask: the library, read in the background, and the answer to a request."""

import logging
from hashlib import sha256
from itertools import permutations
from threading import Event, Lock, Thread
from time import perf_counter

from cachetools import LRUCache
from werkzeug.exceptions import ServiceUnavailable

from qa_service.answerer import answer_question
from qa_service.errors import QAError
from qa_service.languages import CODES
from qa_service.languages.lexicon import load_lexicon
from qa_service.library import Library, read_library
from qa_service.reader.reader import Reader, load_reader
from qa_service.retriever import Retriever
from qa_service.settings import Settings
from qa_service.suggestions import suggest_questions
from qa_service.web import metrics
from qa_service.web.gate import Gate
from qa_service.web.schemas import ArticleReply, AskReply, AskRequest

# A few thousand answers; one and its quotes take some kilobytes.
_MAX_ANSWERS_BYTES = 16_000_000

_logger = logging.getLogger(__name__)


class Service:
    """Answers requests from the articles of a folder, once they and the reader are there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reader: Reader | None = None
        self._suggested: dict[tuple[str, str], list[str]] = {}
        self._library: Library | None = None
        self._read = Event()
        self._gate = Gate(settings.max_waiting)
        # The same question of the same article has the same answer.
        self._answers: LRUCache[bytes, AskReply] = LRUCache(
            _MAX_ANSWERS_BYTES, getsizeof=_estimate_bytes
        )
        self._lock = Lock()
        Thread(target=self._load, name="load", daemon=True).start()

    @property
    def library(self) -> Library:
        """The library.

        :raises ServiceUnavailable: it is still being read, or could not be.
        """
        if self._library is None:
            raise ServiceUnavailable(
                "The articles are still being read; try again in a moment.", retry_after=1
            )
        return self._library

    @property
    def reader(self) -> Reader:
        """The reader.

        :raises ServiceUnavailable: it is still being loaded, or could not be.
        """
        if self._reader is None:
            raise ServiceUnavailable(
                "The reader is still being loaded; try again in a moment.", retry_after=1
            )
        return self._reader

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until all is there; return whether it was in time."""
        return self._read.wait(timeout_seconds)

    def ask(self, asked: AskRequest) -> AskReply:
        """Answer a request.

        :raises UnknownArticle: no article has the id asked for.
        :raises ServiceUnavailable: the library is still being read, or too many questions are
            being answered.
        """
        # Unknown articles are told even where the service is overloaded.
        library, reader = self.library, self.reader
        if asked.article_id is not None:
            library.article(asked.article_id)
        key = _name(asked)
        with self._lock:
            reply = self._answers.get(key)
        metrics.count_look_up("answers", found=reply is not None)
        if reply is None:
            with self._gate.enter():
                reply = self._answer(asked, library, reader)
            # One that would take all the room is not kept.
            if _estimate_bytes(reply) <= _MAX_ANSWERS_BYTES:
                with self._lock:
                    self._answers[key] = reply
        metrics.count_question(reply)
        return reply

    def describe(self, article_id: str, code: str | None = None) -> ArticleReply:
        """Describe an article, with questions that it can answer, in its own language or another.

        :raises UnknownArticle: no article has this id.
        :raises ServiceUnavailable: as in :meth:`ask`.
        """
        retriever = self.library.search(article_id)
        article = retriever.articles[0]
        # Each suggestion was asked once to see that it is answered; the articles don't change.
        key = article_id, code or article.language
        if key not in self._suggested:
            with self._gate.enter():
                self._suggested[key] = suggest_questions(
                    article, retriever, self.reader, code=key[1]
                )
        return ArticleReply.of(article, self._suggested[key])

    def _answer(self, asked: AskRequest, library: Library, reader: Reader) -> AskReply:
        began = perf_counter()
        retriever = _find(asked, library)
        question, outcome = answer_question(
            asked.question,
            retriever,
            reader,
            history=asked.history,
            threshold=self._settings.threshold,
        )
        metrics.SECONDS.observe(perf_counter() - began)
        return AskReply.of(question, outcome, articles=len(retriever.articles))

    def _load(self) -> None:
        try:
            self._reader = load_reader(threads=self._settings.reader_threads)
            self._library = read_library(self._settings.articles_folder)
        except (QAError, OSError) as error:
            _logger.error("nothing can be answered: %s", error)
        self._read.set()
        for source, target in permutations(CODES, 2):
            # No question need wait for it.
            load_lexicon(source, target)


def _find(asked: AskRequest, library: Library) -> Retriever:
    if asked.text is None:
        return library.search(asked.article_id)
    metrics.count_look_up("texts", found=library.knows_text(asked.text))
    return library.search_text(asked.text)


def _name(asked: AskRequest) -> bytes:
    """Return a digest of all that was asked; the request itself may be long."""
    return sha256(asked.model_dump_json().encode()).digest()


def _estimate_bytes(reply: AskReply) -> int:
    # By tracemalloc, at most: a part or a quote and its fields, and the characters of each text.
    texts = [reply.question, reply.resolved_question, reply.answer]
    texts += [part.text for part in reply.parts] + [quote.text for quote in reply.quotes]
    return 4 * sum(map(len, texts)) + 1_000 * (2 + len(reply.parts) + len(reply.quotes))
