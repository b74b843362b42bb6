"""What the views ask: the library, read in the background, and the answer to a request."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from hashlib import sha256
from itertools import permutations, product
from threading import Event, Lock, Thread
from time import perf_counter, sleep

from cachetools import LRUCache
from werkzeug.exceptions import ServiceUnavailable

from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.errors import Message, QAError, UnknownArticle, UnreadableArticle
from qa_service.extraction import Extractor
from qa_service.folder import Folder
from qa_service.languages import CODES
from qa_service.languages.lexicon import load_lexicon
from qa_service.library import Library, MemoryLibrary, OwnTexts
from qa_service.reader.reader import Reader, load_reader
from qa_service.retriever import Retriever
from qa_service.settings import Settings
from qa_service.source import SURE
from qa_service.suggestions import follow_up, suggest_questions
from qa_service.web import metrics
from qa_service.web.gate import Gate
from qa_service.web.schemas import (
    MAX_HISTORY,
    ArticleReply,
    AskReply,
    AskRequest,
    ExtractReply,
    FollowUpsReply,
)

# A few thousand answers; one and its quotes take some kilobytes.
_MAX_ANSWERS_BYTES = 16_000_000
# Files that are read at once: each has a process with much memory of its own.
_MAX_FILES = 3
# Lists of a few questions.
_MAX_SUGGESTED = 2_000
# How often the folder of articles is looked at.
_LOOK_SECONDS = 2.0
# How often what waits looks whether to stop.
_STOP_SECONDS = 0.2

_logger = logging.getLogger(__name__)


class Service:
    """Answers requests from the articles of a folder, once they and the reader are there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reader: Reader | None = None
        self._suggested: LRUCache[tuple[int, str, str], list[str]] = LRUCache(_MAX_SUGGESTED)
        self._library: Library | None = None
        self._texts = OwnTexts()
        self._files = Gate(_MAX_FILES)
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
                Message("The articles are still being read; try again in a moment."),
                retry_after=1,
            )
        return self._library

    @property
    def reader(self) -> Reader:
        """The reader.

        :raises ServiceUnavailable: it is still being loaded, or could not be.
        """
        if self._reader is None:
            raise ServiceUnavailable(
                Message("The reader is still being loaded; try again in a moment."),
                retry_after=1,
            )
        return self._reader

    def let_others_run(self, pause: Callable[[], AbstractContextManager[None]]) -> None:
        """Enter ``pause`` whenever a thread waits or computes for long."""
        self._gate.pause = self._files.pause = pause

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until all is there; return whether it was in time."""
        return self._read.wait(timeout_seconds)

    def ask(self, asked: AskRequest) -> AskReply:
        """Answer a request.

        :raises UnknownArticle: no article has the id asked for.
        :raises ServiceUnavailable: the library is still being read, or too many questions are
            being answered.
        """
        reply = self._look_up(asked)
        metrics.count_question(reply)
        return reply

    def suggest(self, asked: AskRequest) -> FollowUpsReply:
        """Suggest what to ask after a question: only what is surely answered, and by other words.

        :raises UnknownArticle: as in :meth:`ask`.
        :raises ServiceUnavailable: as in :meth:`ask`.
        """
        reply = self._look_up(asked)
        found = []
        if reply.answered:
            history = [*asked.history, asked.question][-MAX_HISTORY:]
            for question in follow_up([part.asks for part in reply.parts], code=reply.language):
                next_asked = asked.model_copy(update={"question": question, "history": history})
                if _adds(self._look_up(next_asked), reply):
                    found.append(question)
        return FollowUpsReply(suggestions=found)

    def _look_up(self, asked: AskRequest) -> AskReply:
        # Unknown articles are told even where the service is overloaded.
        library, reader = self.library, self.reader
        if asked.article_id is not None:
            library.article(asked.article_id)
        # Another version of the articles may answer otherwise.
        version = library.version if asked.text is None else 0
        key = _name(asked, version)
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
        return reply

    def describe(
        self, article_id: str, code: str | None = None, *, suggest: bool = True
    ) -> ArticleReply:
        """Describe an article, with questions that it can answer, in its own language or another.

        :raises UnknownArticle: no article has this id.
        :raises ServiceUnavailable: as in :meth:`ask`.
        """
        if not suggest:
            return ArticleReply.of(self.library.article(article_id), [])
        return ArticleReply.of(*self._suggest(article_id, code, self._gate.enter))

    def foresee(self, stop: Event) -> None:
        """Find, once all is there, what the article that the page opens with is described with.

        So its first visitor need not wait for that. Who asks meanwhile has the turn all the same.
        Soon after ``stop`` is set, it is left off.
        """
        while not self._read.wait(_STOP_SECONDS):
            if stop.is_set():
                return
        # Where the articles could not be read, that was told; another version has its own visitors.
        with suppress(ServiceUnavailable, UnknownArticle):
            for article, code in product(self.library.articles[:1], CODES):
                if stop.is_set():
                    return
                self._suggest(article.id, code, nullcontext)

    def _suggest(
        self, article_id: str, code: str | None, turn: Callable[[], AbstractContextManager[None]]
    ) -> tuple[Article, list[str]]:
        """Return an article and what it can be asked; what isn't known is found within ``turn``."""
        version = self.library.version
        retriever = self.library.search(article_id)
        article = retriever.articles[0]
        code = code or article.language
        key = version, article_id, code
        with self._lock:
            known = self._suggested.get(key)
        if known is None:
            with turn():
                known = suggest_questions(article, retriever, self.reader, code=code)
            with self._lock:
                self._suggested[key] = known
        return article, known

    def extract(self, data: bytes, name: str, code: str | None = None) -> ExtractReply:
        """Read a file that somebody brings along, and describe its article as :meth:`describe`.

        :raises UnreadableArticle: it is of no kind that is read, empty, damaged or too large.
        :raises ServiceUnavailable: as in :meth:`ask`.
        """
        with self._files.enter(), Extractor() as extractor:
            found = extractor.read(data, name)
        with self._gate.enter():
            retriever = self._texts.search(found.text)
        article = retriever.articles[0]
        if not article.sentences:
            raise UnreadableArticle(Message("it holds no text"))
        with self._gate.enter():
            suggestions = suggest_questions(
                article, retriever, self.reader, code=code or article.language
            )
        return ExtractReply.of_file(article, suggestions, found)

    def _answer(self, asked: AskRequest, library: Library, reader: Reader) -> AskReply:
        began = perf_counter()
        retriever = self._find(asked, library)
        question, outcome = answer_question(
            asked.question,
            retriever,
            reader,
            history=asked.history,
            threshold=self._settings.threshold,
        )
        metrics.SECONDS.observe(perf_counter() - began)
        return AskReply.of(question, outcome, articles=retriever.articles)

    def _find(self, asked: AskRequest, library: Library) -> Retriever:
        if asked.text is None:
            return library.search(asked.article_id)
        metrics.count_look_up("texts", found=self._texts.knows(asked.text))
        return self._texts.search(asked.text)

    def _load(self) -> None:
        try:
            self._reader = load_reader(threads=self._settings.reader_threads)
            folder = Folder(self._settings.articles_folder)
            library = MemoryLibrary(folder.read() or [])
            self._library = library
        except (QAError, OSError) as error:
            _logger.error("nothing can be answered: %s", error)
            self._read.set()
            return
        self._read.set()
        for source, target in permutations(CODES, 2):
            # No question need wait for it.
            load_lexicon(source, target)
        while True:
            sleep(_LOOK_SECONDS)
            try:
                articles = folder.read()
            except Exception as error:  # noqa: BLE001  # it may go well the next time
                _logger.error("the articles can't be looked at: %s", type(error).__name__)
                continue
            if articles is not None:
                library.put(articles)


def _adds(reply: AskReply, before: AskReply) -> bool:
    """Return whether a reply surely tells what the one before didn't."""
    known = {part.text for part in before.parts}
    return (
        reply.answered
        and reply.confidence >= SURE
        and not any(part.text in known for part in reply.parts)
    )


def _name(asked: AskRequest, version: int) -> bytes:
    """Return a digest of all that was asked; the request itself may be long."""
    return sha256(f"{version} {asked.model_dump_json()}".encode()).digest()


def _estimate_bytes(reply: AskReply) -> int:
    # By tracemalloc, at most: a part or a quote and its fields, and the characters of each text.
    texts = [reply.question, reply.resolved_question, reply.answer]
    texts += [part.text for part in reply.parts] + [quote.text for quote in reply.quotes]
    return 4 * sum(map(len, texts)) + 1_000 * (2 + len(reply.parts) + len(reply.quotes))
