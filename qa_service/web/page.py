"""The chat page. It works without JavaScript too: a question in the address is answered here."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from markupsafe import Markup, escape
from pydantic import ValidationError

from qa_service.article import Article
from qa_service.extraction import ENDINGS, MAX_FILE
from qa_service.languages import CODES, YES_NO
from qa_service.text import Span, is_blank
from qa_service.web.api import Limit
from qa_service.web.logs import note_reply
from qa_service.web.problems import InvalidRequest
from qa_service.web.schemas import (
    MAX_QUESTION,
    ArticleSummary,
    AskReply,
    AskRequest,
    PartReply,
    QuoteReply,
    title_of,
)
from qa_service.web.service import Service
from qa_service.web.texts import LANGUAGE, choose_language, page_texts

# How sure an answer is, in words: the least confidence, and the name of the words.
_SURE = ((0.75, "very_sure"), (0.45, "fairly_sure"), (0.0, "less_sure"))
# The name of the field in the address that asks for all articles.
EVERYTHING = "all"
_LANGUAGE_SECONDS = 365 * 24 * 3600


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
    runs: list[Run]
    article_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """The answers to one thing asked, and how sure they are; yes or no has a sentence instead."""

    label: str
    parts: list[PartReply]
    sentence: str | None
    sure: str


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
        chosen = request.args.get("article_id")
        if chosen is None and articles and not (EVERYTHING in request.args and len(articles) > 1):
            chosen = articles[0].id
        reply = _answer(service, chosen)
        article = None if chosen is None else service.library.article(chosen)
        if reply is not None and article is not None and not _is_of(reply, article):
            # Its file changed in between.
            reply = _answer(service, chosen)
        quotes = [] if reply is None else _show_quotes(reply)
        code = choose_language()
        described = None if article is None else service.describe(article.id, code)
        response = make_response(
            render_template(
                "page/index.html",
                texts=page_texts(code),
                language=code,
                other_language=next(other for other in CODES if other != code),
                articles=[ArticleSummary.of(each) for each in articles],
                article=described,
                origin="" if article is None else _name_origin(article),
                suggestions=[] if described is None else described.suggestions,
                endings=",".join(ENDINGS),
                paragraphs=[] if article is None else _lay_out(article, quotes),
                quotes=quotes,
                reply=reply,
                rows=[] if reply is None else _show_parts(reply),
                data=_data(article, articles, reply, code),
            )
        )
        response.headers["Vary"] = "Accept-Language, Cookie"
        if request.args.get(LANGUAGE) == code:
            response.set_cookie(
                LANGUAGE, code, max_age=_LANGUAGE_SECONDS, samesite="Lax", httponly=True
            )
        return response

    return bp


def _is_of(reply: AskReply, article: Article) -> bool:
    """Return whether the quotes of ``reply`` are in ``article`` as it is now."""
    return all(article.text[quote.start : quote.end] == quote.text for quote in reply.quotes)


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


def _name_origin(article: Article) -> str:
    origin = article.origin
    return " · ".join(filter(None, (origin.author, origin.date, origin.url)))


def _data(
    article: Article | None, articles: Sequence[Article], reply: AskReply | None, code: str
) -> dict[str, Any]:
    """Return what the page's script needs to know; an article with the id ``*`` stands for all."""
    digest = sha256()
    for each in articles if article is None else [article]:
        digest.update(each.text.encode("utf-8", "surrogatepass"))
    about = {"id": "*", "title": page_texts(code)["library"]}
    if article is not None:
        about = {"id": article.id, "title": title_of(article)}
    about["digest"] = digest.hexdigest()
    return {
        "texts": page_texts(code),
        "language": code,
        "article": about | ({} if article is None else {"language": article.language}),
        "sure": _SURE,
        "limit": MAX_QUESTION,
        "file_limit": MAX_FILE,
        "reply": None if reply is None else reply.model_dump(),
    }


def _show_parts(reply: AskReply) -> list[Row]:
    rows = []
    for (asks, label), found in groupby(reply.parts, key=lambda part: (part.asks, part.label)):
        parts = list(found)
        sentence = reply.quotes[parts[0].quote].text if asks == YES_NO else None
        sure = next(name for least, name in _SURE if parts[0].confidence >= least)
        rows.append(Row(label, parts, sentence, sure))
    return rows


def _show_quotes(reply: AskReply) -> list[ShownQuote]:
    """Cut each quote of ``reply`` where an answer begins and ends."""
    shown = []
    for index, quote in enumerate(reply.quotes):
        ranges = sorted((p.start, p.end) for p in reply.parts if p.quote == index)
        runs = _mark_answers(quote, ranges)
        shown.append(ShownQuote(quote.start, quote.end, runs, quote.article_id, quote.title))
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
