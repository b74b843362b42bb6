"""The JSON endpoint."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from pydantic import BaseModel, TypeAdapter, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from qa_service.errors import Message
from qa_service.extraction import MAX_FILE
from qa_service.extraction.extracted import MAX_TEXT
from qa_service.languages import CODES
from qa_service.web.headers import revalidate
from qa_service.web.logs import note_reply
from qa_service.web.problems import InvalidRequest
from qa_service.web.schemas import (
    MAX_HISTORY,
    MAX_QUESTION,
    ArticleSummary,
    AskRequest,
)
from qa_service.web.service import Service

# The largest request that keeps to the limits, if every character is outside the basic plane and
# escaped ("😀" is 12 bytes as \ud83d\ude00), and room for the names of the fields.
MAX_BODY = 12 * (MAX_TEXT + (1 + MAX_HISTORY) * MAX_QUESTION) + 10_000
# What stands around the file in a request.
_MULTIPART_ROOM = 10_000
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

    @bp.post("/follow-ups")
    @limit
    def follow_ups() -> Response:
        return json_response(service.suggest(_read_request()))

    @bp.post("/extract")
    @limit
    def extract() -> Response:
        name, data = _read_file()
        return json_response(service.extract(data, name, _read_language()))

    @bp.get("/articles")
    def articles() -> Response:
        summaries = [ArticleSummary.of(article) for article in service.library.articles]
        body = _summaries.dump_json(summaries)
        return revalidate(Response(body, content_type="application/json"))

    @bp.get("/articles/<article_id>")
    def article(article_id: str) -> Response:
        return revalidate(
            json_response(service.describe(article_id, suggest=_wants("suggestions")))
        )

    return bp


def json_response(model: BaseModel, status: int = 200) -> Response:
    """Write a model as JSON."""
    return Response(model.model_dump_json(), status, content_type="application/json")


def _wants(name: str) -> bool:
    """Read a flag in the address; it is set where it isn't there."""
    written = request.args.get(name, "true")
    if written not in ("true", "false"):
        detail = Message("it is {said}; it must be true or false", said=repr(written[:20]))
        raise InvalidRequest([(name, detail)])
    return written == "true"


def _read_language() -> str | None:
    code = request.args.get("language")
    if code is not None and code not in CODES:
        detail = Message(
            "it is {said}; it must be one of {known}", said=repr(code[:20]), known=", ".join(CODES)
        )
        raise InvalidRequest([("language", detail)])
    return code


def _read_file() -> tuple[str, bytes]:
    if request.mimetype != "multipart/form-data":
        raise _wrong_type("multipart/form-data")
    request.max_content_length = MAX_FILE + _MULTIPART_ROOM + 1
    too_large = RequestEntityTooLarge(
        Message("The file is larger than {most} bytes.", most=MAX_FILE)
    )
    try:
        file = request.files.get("file")
    except RequestEntityTooLarge:
        raise too_large from None
    if file is None:
        raise InvalidRequest([("file", Message("it is missing; send one file, with its name"))])
    data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise too_large
    return file.filename or "", data


def _wrong_type(right: str) -> UnsupportedMediaType:
    said = repr(request.mimetype) if request.mimetype else Message("none")
    return UnsupportedMediaType(
        Message("The content type must be {right}; it is {said}.", right=right, said=said)
    )


def _read_request() -> AskRequest:
    if request.mimetype != "application/json":
        raise _wrong_type("application/json")
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        body = None
    if body is None or len(body) > MAX_BODY:
        raise RequestEntityTooLarge(
            Message("The request is larger than {most} bytes.", most=MAX_BODY)
        )
    try:
        return AskRequest.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            why = first["ctx"]["error"]
            raise BadRequest(Message("The request is not JSON: {why}.", why=why)) from None
        raise InvalidRequest.of(error) from None
