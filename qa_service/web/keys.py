"""API keys: where the settings hold hashes of some, a request must carry one.

A program sends it as ``Authorization: Bearer KEY``. A browser, which can't, is asked for a password
(HTTP Basic): the key is the password, under any name, and the browser sends it along from then on.
"""

import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256

from flask import Flask, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from qa_service.errors import Message

# With a blank, so that it is written in quotation marks, as RFC 7235 (2.2) has it.
_REALM = "qa-service articles"
# What tells nothing of an article: whether the service lives, how to ask it, the page's files.
_OPEN = {"static", "health.livez", "health.readyz", "health.openapi", "health.docs"}


def make_key() -> tuple[str, str]:
    """Return a new key, of 256 random bits, and its hash for the settings."""
    key = secrets.token_urlsafe(32)
    return key, hash_key(key)


def hash_key(key: str) -> str:
    """Return the hash of a key: SHA-256, since a random key can't be guessed as a word can."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def register_keys(app: Flask, digests: Sequence[str]) -> None:
    """Let ``app`` ask for a key of which one of ``digests`` is the hash; for none if there is none.

    :raises Unauthorized: in a request, where it carries no such key.
    """

    @app.before_request
    def check() -> None:
        # A browser asks by OPTIONS, which carries no key, whether it may call from elsewhere.
        if not digests or request.endpoint in _OPEN or request.method == "OPTIONS":
            return
        key = None if _is_foreign() else _read_key()
        if key is None:
            raise _refuse(Message("This service asks for a key: send Authorization: Bearer KEY."))
        # All are compared, each in the same time, so that the time tells nothing of them.
        fits = [hmac.compare_digest(hash_key(key), digest) for digest in digests]
        if not any(fits):
            raise _refuse(Message("This key is not, or no longer, known."), error="invalid_token")
        g.client = hash_key(key)


def _is_foreign() -> bool:
    """Return whether another site's page makes the browser send the key that it remembers.

    A link that is followed is no such thing: who follows it sees the answer.
    """
    given = request.authorization
    return (
        given is not None
        and given.type == "basic"
        and request.headers.get("Sec-Fetch-Site") == "cross-site"
        and request.headers.get("Sec-Fetch-Mode") != "navigate"
    )


def _read_key() -> str | None:
    given = request.authorization
    if given is None:
        return None
    return given.token if given.type == "bearer" else given.password


def _refuse(detail: str, error: str | None = None) -> Unauthorized:
    about: dict[str, str | None] = {"realm": _REALM}
    if error is not None:
        about["error"] = error
    # Before a page, a browser asks for the key; a script that calls the endpoint gets its reply.
    kind = "basic" if request.blueprint == "page" else "bearer"
    return Unauthorized(detail, www_authenticate=WWWAuthenticate(kind, about))
