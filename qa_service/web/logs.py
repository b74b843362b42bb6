"""The log: one line of JSON a request, with the id that the reply carries, too.

A line names the route, never the address: the address of the page holds a question. Questions are
logged only where the settings ask for it, texts never.
"""

import logging
from time import perf_counter
from typing import Any
from uuid import uuid4

import regex
from flask import Flask, Response, g, request

from qa_service.settings import Settings
from qa_service.web.schemas import AskReply

# What a proxy may call a request.
_ID = regex.compile(r"[A-Za-z0-9._-]{1,64}")
_logger = logging.getLogger(__name__)


def register_logging(app: Flask, settings: Settings) -> None:
    """Log every request of ``app``, from ``g.began`` on, and give it an id."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        # Behind a proxy that is trusted, its id joins its log to ours.
        trusted = settings.trusted_hops > 0 and _ID.fullmatch(given) is not None
        g.request_id = given if trusted else uuid4().hex

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        asked: AskReply | None = g.get("reply")
        _logger.info(
            "request",
            extra={
                "request_id": g.request_id,
                "method": request.method,
                "route": str(request.url_rule or "none"),
                "status": response.status_code,
                "milliseconds": round((perf_counter() - g.began) * 1000, 1),
                **({} if asked is None else _describe(asked, settings)),
            },
        )
        return response


def note_reply(reply: AskReply) -> AskReply:
    """Let the log say how the question of this request was answered."""
    g.reply = reply
    return reply


def _describe(reply: AskReply, settings: Settings) -> dict[str, Any]:
    about = {
        "answered": reply.answered,
        "confidence": reply.confidence,
        "language": reply.language,
        "asks": list(dict.fromkeys([*(part.asks for part in reply.parts), *reply.missing])),
    }
    if settings.log_questions:
        about |= {"question": reply.question, "resolved_question": reply.resolved_question}
    return about
