"""The OpenAPI 3.1 document, made from the models that check requests and write replies."""

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from qa_service import __version__
from qa_service.extraction import ENDINGS
from qa_service.languages import CODES
from qa_service.web.schemas import (
    ArticleReply,
    ArticleSummary,
    AskReply,
    AskRequest,
    ExtractReply,
    FollowUpsReply,
    Health,
    Problem,
)

EXAMPLES: dict[str, dict[str, Any]] = {
    "compound": {
        "summary": "Several things at once, of the whole library",
        "value": {"question": "Siapa bertemu siapa, di mana, dan kapan?"},
    },
    "follow-up": {
        "summary": "What an earlier question explains",
        "value": {"question": "And when?", "history": ["Who met Lyudmila Vorobyova?"]},
    },
    "own text": {
        "summary": "A text of one's own, in either language",
        "value": {
            "question": "Where was the bridge opened?",
            "text": "Bupati Sari Wulandari meresmikan jembatan gantung di Desa Tirta, Senin.",
        },
    },
}
"""Requests that the seed article, or their own text, answers."""
_PROBLEMS = {
    400: "The body is not JSON",
    401: "A key is asked for and none, or one that isn't known, was sent",
    404: "There is no such article",
    405: "The method is not allowed",
    413: "The request, or the text in it, is too long",
    415: "The content type is another one",
    422: "A field is wrong, or the file can't be read",
    429: "Too many questions; Retry-After says when to go on",
    503: "The articles are still being read, or too many questions are being answered; "
    "Retry-After says when to go on",
}


@cache
def openapi_document() -> dict[str, Any]:
    """Return the document, as JSON would hold it."""
    models: list[type[BaseModel]] = [
        ArticleReply,
        ArticleSummary,
        AskReply,
        AskRequest,
        ExtractReply,
        FollowUpsReply,
        Health,
        Problem,
    ]
    _, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "qa-service",
            "version": __version__,
            "description": "Ask a news article a question; get verbatim quotes with their offsets.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/api/ask": {"post": _ask("Ask a question", "ask", "AskReply")},
            "/api/follow-ups": {
                "post": _ask(
                    "What may be asked after a question", "suggestFollowUps", "FollowUpsReply"
                )
            },
            "/api/extract": {"post": _extract()},
            "/api/articles": {
                "get": _get(
                    "The articles of the library",
                    "listArticles",
                    _many("ArticleSummary"),
                    401,
                    503,
                )
            },
            "/api/articles/{article_id}": {"get": _article()},
            "/livez": {"get": _get("Whether the process lives", "live", _one("Health"))},
            "/readyz": {
                "get": _get("Whether questions can be answered", "ready", _one("Health"), 503)
            },
        },
        # Only a service that is set so asks for a key.
        "security": [{}, {"key": []}],
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _ask(summary: str, name: str, reply: str) -> dict[str, Any]:
    operation = _get(summary, name, _one(reply), *_PROBLEMS)
    return operation | {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _one("AskRequest"), "examples": EXAMPLES}},
        }
    }


def _extract() -> dict[str, Any]:
    operation = _get("Read an article out of a file", "extract", _one("ExtractReply"), *_PROBLEMS)
    file = {
        "type": "object",
        "properties": {
            "file": {
                "type": "string",
                "format": "binary",
                "description": f"of a name that ends in {', '.join(ENDINGS)}",
            }
        },
        "required": ["file"],
    }
    language = {
        "name": "language",
        "in": "query",
        "description": "of the questions to suggest; else the article's",
        "schema": {"type": "string", "enum": list(CODES)},
    }
    return operation | {
        "parameters": [language],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": file}}},
    }


def _article() -> dict[str, Any]:
    operation = _get(
        "One article, with its text", "getArticle", _one("ArticleReply"), 401, 404, 422, 503
    )
    name = {
        "name": "article_id",
        "in": "path",
        "required": True,
        "description": "the article's, as GET /api/articles lists it",
        "schema": {"type": "string", "minLength": 1},
    }
    suggestions = {
        "name": "suggestions",
        "in": "query",
        "description": "whether to suggest questions, each of which is asked once to try it",
        "schema": {"type": "boolean", "default": True},
    }
    return operation | {"parameters": [name, suggestions]}


def _get(summary: str, name: str, schema: dict[str, Any], *problems: int) -> dict[str, Any]:
    responses: dict[str, Any] = {
        "200": {"description": "OK", "content": {"application/json": {"schema": schema}}},
    }
    for status in problems:
        content = {"application/problem+json": {"schema": _one("Problem")}}
        responses[str(status)] = {"description": _PROBLEMS[status], "content": content}
    return {"summary": summary, "operationId": name, "responses": responses}


def _one(model: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{model}"}


def _many(model: str) -> dict[str, Any]:
    return {"type": "array", "items": _one(model)}
