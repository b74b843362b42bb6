"""The chat page. It works without JavaScript too: a question in the address is answered here."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from markupsafe import Markup, escape
from pydantic import ValidationError

from qa_service.article import Article
from qa_service.text import Span, is_blank
from qa_service.web.api import Limit
from qa_service.web.logs import note_reply
from qa_service.web.problems import InvalidRequest
from qa_service.web.schemas import (
    MAX_QUESTION,
    ArticleReply,
    ArticleSummary,
    AskReply,
    AskRequest,
    QuoteReply,
)
from qa_service.web.service import Service
from qa_service.web.texts import choose_language, page_texts


@dataclass(frozen=True, slots=True)
class Run:
    """A run of characters that is an answer, or none."""

    text: str
    is_answer: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a paragraph; ``quote`` is the index of its quote, if it is one."""

    runs: list[Run]
    quote: int | None


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote as the page shows it, the answers in it marked; offsets as in the reply."""

    start: int
    end: int
    answers: list[dict[str, int]]
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph to show: its pieces, where it starts, and whether it is the headline."""

    pieces: list[Piece]
    start: int
    is_title: bool


def page_blueprint(service: Service, limit: Limit) -> Blueprint:
    """Expose ``service`` as the page ``/``; ``limit`` is put around it."""
    bp = Blueprint("page", __name__)
    bp.add_app_template_filter(_keep_exact, "exact")

    @bp.get("/")
    @limit
    def index() -> Response:
        articles = service.library.articles
        chosen = request.args.get("article_id") or (articles[0].id if articles else None)
        article = None if chosen is None else service.library.article(chosen)
        reply = _answer(service, chosen)
        quotes = [] if reply is None else _show_quotes(reply)
        code = choose_language()
        shown: ArticleReply | None = None if article is None else service.describe(article.id)
        response = make_response(
            render_template(
                "page/index.html",
                texts=page_texts(code),
                language=code,
                articles=[ArticleSummary.of(each) for each in articles],
                article=shown,
                paragraphs=[] if article is None else _lay_out(article, quotes),
                quotes=quotes,
                reply=reply,
                max_question=MAX_QUESTION,
            )
        )
        response.headers["Vary"] = "Accept-Language"
        return response

    return bp


def _keep_exact(text: str) -> Markup:
    """Escape ``text`` so that a browser reads as many characters as there are.

    HTML takes a carriage return and a line feed for one character and drops NUL; a reference keeps
    them, NUL as U+FFFD.
    """
    return Markup(str(escape(text)).replace("\r", "&#13;").replace("\0", "&#65533;"))


def asked_in_address() -> str:
    """Return the question in the address of the request; a blank one is none."""
    question = request.args.get("question", "")
    return "" if is_blank(question) else question


def _answer(service: Service, article_id: str | None) -> AskReply | None:
    question = asked_in_address()
    if not question:
        return None
    try:
        return note_reply(service.ask(AskRequest(question=question, article_id=article_id)))
    except ValidationError as error:
        raise InvalidRequest.of(error) from None


def _show_quotes(reply: AskReply) -> list[ShownQuote]:
    """Cut each quote of ``reply`` where an answer begins and ends."""
    shown = []
    for index, quote in enumerate(reply.quotes):
        ranges = sorted((p.start, p.end) for p in reply.parts if p.quote == index)
        answers = [{"start": start, "end": end} for start, end in ranges]
        shown.append(ShownQuote(quote.start, quote.end, answers, _mark_answers(quote, ranges)))
    return shown


def _mark_answers(quote: QuoteReply, ranges: list[tuple[int, int]]) -> list[Run]:
    runs: list[Run] = []
    place = 0
    for start, end in ranges:
        first, last = start - quote.start, end - quote.start
        # Two answers can share words; those are marked once.
        if first >= place:
            runs += [Run(quote.text[place:first], False), Run(quote.text[first:last], True)]
            place = last
    runs.append(Run(quote.text[place:], False))
    return [run for run in runs if run.text]


def _lay_out(article: Article, quotes: list[ShownQuote]) -> list[Paragraph]:
    """Cut each paragraph of ``article`` where a quote begins and ends."""
    ordered = sorted(enumerate(quotes), key=lambda entry: entry[1].start)
    return [
        Paragraph(
            _cut(article.text, paragraph, ordered), paragraph.start, _is_title(article, paragraph)
        )
        for paragraph in article.paragraphs
    ]


def _cut(text: str, paragraph: Span, quotes: list[tuple[int, ShownQuote]]) -> list[Piece]:
    pieces: list[Piece] = []
    place = paragraph.start
    for index, quote in quotes:
        # A sentence lies inside one paragraph.
        if paragraph.start <= quote.start < paragraph.end:
            pieces += [Piece([Run(text[place : quote.start], False)], None)]
            pieces += [Piece(quote.runs, index)]
            place = quote.end
    pieces.append(Piece([Run(text[place : paragraph.end], False)], None))
    return [piece for piece in pieces if any(run.text for run in piece.runs)]


def _is_title(article: Article, paragraph: Span) -> bool:
    return article.title is not None and paragraph.start == article.title.start
