"""What the views ask: the library, read in the background, and the answer to a request."""

import logging
from itertools import permutations
from threading import Event, Thread
from time import perf_counter

from werkzeug.exceptions import ServiceUnavailable

from qa_service.answer import Answer
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
from qa_service.web.schemas import ArticleReply, AskReply, AskRequest

_logger = logging.getLogger(__name__)


class Service:
    """Answers requests from the articles of a folder, once they and the reader are there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reader: Reader | None = None
        self._suggested: dict[str, list[str]] = {}
        self._library: Library | None = None
        self._read = Event()
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
        :raises ServiceUnavailable: the library is still being read.
        """
        began = perf_counter()
        retriever = self._find(asked)
        question, outcome = answer_question(
            asked.question,
            retriever,
            self.reader,
            history=asked.history,
            threshold=self._settings.threshold,
        )
        answered = "answered" if isinstance(outcome, Answer) else "refused"
        metrics.QUESTIONS.labels(outcome=answered, language=question.language).inc()
        metrics.SECONDS.observe(perf_counter() - began)
        return AskReply.of(question, outcome, articles=len(retriever.articles))

    def describe(self, article_id: str) -> ArticleReply:
        """Describe an article, with questions that it can answer.

        :raises UnknownArticle: no article has this id.
        """
        retriever = self.library.search(article_id)
        article = retriever.articles[0]
        # Each suggestion was asked once to see that it is answered; the articles don't change.
        if article_id not in self._suggested:
            self._suggested[article_id] = suggest_questions(article, retriever, self.reader)
        return ArticleReply.of(article, self._suggested[article_id])

    def _find(self, asked: AskRequest) -> Retriever:
        if asked.text is not None:
            return self.library.search_text(asked.text)
        return self.library.search(asked.article_id)

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
