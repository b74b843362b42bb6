"""Every way to fail, told as application/problem+json (RFC 9457)."""

import logging
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, InternalServerError

from qa_service.errors import UnknownArticle, UnreadableArticle
from qa_service.web.schemas import FieldProblem, Problem, word_error
from qa_service.web.texts import choose_language, page_texts

# Who opens the page reads HTML; programs that name no form get a problem.
_FORMS = ("application/problem+json", "text/html")
_logger = logging.getLogger(__name__)


class InvalidRequest(Exception):
    """A request whose fields are wrong.

    ``errors`` says which; ``status`` is 422, or 413 where a text is too long.
    """

    def __init__(
        self, errors: list[FieldProblem], *, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY
    ) -> None:
        super().__init__("; ".join(f"{error.field}: {error.detail}" for error in errors))
        self.errors = errors
        self.status = status

    @classmethod
    def of(cls, error: ValidationError) -> "InvalidRequest":
        """Tell what pydantic found, without repeating the input."""
        found = [
            FieldProblem(field=_name_field(e["loc"]), detail=word_error(e))
            for e in error.errors(include_url=False)
        ]
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
    return _respond(error.status, str(error), error.errors)


def _unknown_article(error: UnknownArticle) -> Response:
    return _respond(
        HTTPStatus.NOT_FOUND, str(error), [FieldProblem(field="article_id", detail=str(error))]
    )


def _unreadable_article(error: UnreadableArticle) -> Response:
    return _respond(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"The file can't be read: {error}.",
        [FieldProblem(field="file", detail=str(error))],
    )


def _http_error(error: HTTPException) -> Response:
    response = _respond(HTTPStatus(error.code or 500), error.description or "")
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
        InternalServerError("The service failed; the fault is ours, not the request's.")
    )


def _respond(status: HTTPStatus, detail: str, errors: list[FieldProblem] | None = None) -> Response:
    problem = Problem(title=status.phrase, status=status, detail=detail, errors=errors or [])
    # A person comes to the page, or to what there isn't; programs to the interface.
    is_page = request.path == "/" or (
        request.url_rule is None and not request.path.startswith("/api/")
    )
    if is_page and request.accept_mimetypes.best_match(_FORMS) == "text/html":
        code = choose_language()
        page = render_template(
            "page/error.html", problem=problem, language=code, texts=page_texts(code)
        )
        return Response(page, status, content_type="text/html; charset=utf-8")
    return Response(problem.model_dump_json(), status, content_type="application/problem+json")
