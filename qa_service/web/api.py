"""The JSON endpoint."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from pydantic import BaseModel, TypeAdapter, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from qa_service.library import MAX_TEXT
from qa_service.web.headers import revalidate
from qa_service.web.logs import note_reply
from qa_service.web.problems import InvalidRequest
from qa_service.web.schemas import MAX_HISTORY, MAX_QUESTION, ArticleSummary, AskRequest
from qa_service.web.service import Service

# The largest request that keeps to the limits, if every character is outside the basic plane and
# escaped ("😀" is 12 bytes as \ud83d\ude00), and room for the names of the fields.
MAX_BODY = 12 * (MAX_TEXT + (1 + MAX_HISTORY) * MAX_QUESTION) + 10_000
View = Callable[[], Response]
Limit = Callable[[View], View]

_summaries = TypeAdapter(list[ArticleSummary])


def api_blueprint(service: Service, limit: Limit) -> Blueprint:
    """Expose ``service`` as ``/api``; ``limit`` is put around the view that answers."""
    bp = Blueprint("api", __name__, url_prefix="/api")

    @bp.post("/ask")
    @limit
    def ask() -> Response:
        return json_response(note_reply(service.ask(_read_request())))

    @bp.get("/articles")
    def articles() -> Response:
        summaries = [ArticleSummary.of(article) for article in service.library.articles]
        body = _summaries.dump_json(summaries)
        return revalidate(Response(body, content_type="application/json"))

    @bp.get("/articles/<article_id>")
    def article(article_id: str) -> Response:
        return revalidate(json_response(service.describe(article_id)))

    return bp


def json_response(model: BaseModel, status: int = 200) -> Response:
    """Write a model as JSON."""
    return Response(model.model_dump_json(), status, content_type="application/json")


def _read_request() -> AskRequest:
    if request.mimetype != "application/json":
        said = f"{request.mimetype!r}" if request.mimetype else "none"
        raise UnsupportedMediaType(f"The content type must be application/json; it is {said}.")
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        body = None
    if body is None or len(body) > MAX_BODY:
        raise RequestEntityTooLarge(f"The request is larger than {MAX_BODY:,} bytes.")
    try:
        return AskRequest.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise BadRequest(f"The request is not JSON: {first['ctx']['error']}.") from None
        raise InvalidRequest.of(error) from None
