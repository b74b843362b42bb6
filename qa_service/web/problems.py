"""Every way to fail, told as application/problem+json (RFC 9457)."""

import logging
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from qa_service.errors import Message, UnknownArticle, UnreadableArticle
from qa_service.web.schemas import FieldProblem, Problem, word_error
from qa_service.web.texts import accepted_language, choose_language, page_texts
from qa_service.wording import translate

# Who opens the page reads HTML; programs that name no form get a problem.
_FORMS = ("application/problem+json", "text/html")
# What programs are told problems in, as the names of the fields are.
_DEFAULT = "en"
_logger = logging.getLogger(__name__)


class InvalidRequest(Exception):
    """A request whose fields are wrong.

    ``errors`` says which, and what is wrong with each; ``status`` is 422, or 413 where a text is
    too long.
    """

    def __init__(
        self,
        errors: Sequence[tuple[str, str]],
        *,
        status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
    ) -> None:
        super().__init__("; ".join(f"{field}: {detail}" for field, detail in errors))
        self.errors = errors
        self.status = status

    @classmethod
    def of(cls, error: ValidationError) -> "InvalidRequest":
        """Tell what pydantic found, without repeating the input."""
        found = [(_name_field(e["loc"]), word_error(e)) for e in error.errors(include_url=False)]
        too_long = any(
            e["loc"] == ("text",) and e["type"] == "string_too_long" for e in error.errors()
        )
        status = (
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_long else HTTPStatus.UNPROCESSABLE_ENTITY
        )
        return cls(found, status=status)


def _name_field(place: tuple[int | str, ...]) -> str:
    return ".".join(map(str, place))[:100] or "the request"


def register_problems(app: Flask) -> None:
    """Answer every error of ``app`` with a problem."""
    app.register_error_handler(InvalidRequest, _invalid)
    app.register_error_handler(UnknownArticle, _unknown_article)
    app.register_error_handler(UnreadableArticle, _unreadable_article)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _invalid(error: InvalidRequest) -> Response:
    return _respond(error.status, None, error.errors)


def _unknown_article(error: UnknownArticle) -> Response:
    return _respond(HTTPStatus.NOT_FOUND, error.message, [("article_id", error.message)])


def _unreadable_article(error: UnreadableArticle) -> Response:
    whole = Message("The file can't be read: {why}.", why=error.message)
    return _respond(HTTPStatus.UNPROCESSABLE_ENTITY, whole, [("file", error.message)])


def _http_error(error: HTTPException) -> Response:
    status, said = HTTPStatus(error.code or 500), error.description or ""
    if not isinstance(said, Message) and _choose_language() != _DEFAULT:
        # What others say is told by the status alone.
        said = Message(status.phrase)
    again = error.retry_after if isinstance(error, ServiceUnavailable) else None
    response = _respond(status, said, again=again)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    # Only the place is logged: the message of an error can repeat a question or a text.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"
    _logger.error("unexpected %s at %s", type(error).__name__, place)
    return _http_error(
        InternalServerError(Message("The service failed; the fault is ours, not the request's."))
    )


def _respond(
    status: HTTPStatus,
    detail: str | None,
    errors: Sequence[tuple[str, str]] = (),
    *,
    again: datetime | int | None = None,
) -> Response:
    """Say what is wrong in the language asked for: ``detail``, or else what each field has."""
    code = _choose_language()
    fields = [FieldProblem(field=field, detail=translate(each, code)) for field, each in errors]
    problem = Problem(
        title=status.phrase,
        status=status,
        detail="; ".join(f"{each.field}: {each.detail}" for each in fields)
        if detail is None
        else translate(detail, code),
        errors=fields,
    )
    if _is_for_a_person():
        page = render_template(
            "page/error.html",
            problem=problem,
            again=again,
            language=code,
            texts=page_texts(code),
        )
        response = Response(page, status, content_type="text/html; charset=utf-8")
    else:
        body = problem.model_dump_json()
        response = Response(body, status, content_type="application/problem+json")
    response.content_language.add(code)
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def _choose_language() -> str:
    """Return the language to say what is wrong in: that of the page, or what a program accepts."""
    return choose_language() if _is_for_a_person() else accepted_language() or _DEFAULT


def _is_for_a_person() -> bool:
    """Return whether a person reads the reply: of the page, or of an address that there isn't."""
    is_page = request.path == "/" or (
        request.url_rule is None and not request.path.startswith("/api/")
    )
    return is_page and request.accept_mimetypes.best_match(_FORMS) == "text/html"
