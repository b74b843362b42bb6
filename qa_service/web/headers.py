"""Headers: what a browser may do with a reply, who may call from elsewhere, what may be kept."""

import re

from flask import Flask, Response, request
from flask_cors import CORS

from qa_service.settings import Settings

# Nothing inline and nothing from elsewhere: what an article says can't become a script.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)


def register_headers(app: Flask, settings: Settings) -> None:
    """Send the headers of ``settings`` with every reply of ``app``."""
    headers = {
        "Content-Security-Policy": _POLICY.format(
            ancestors=" ".join(settings.frame_ancestors) or "'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers.update(headers)
        # An answer is asked for by POST, a page holds what was asked: neither is kept.
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    if settings.cors_origins:
        CORS(
            app,
            # Patterns: a string with a dot would do, but only as long as nobody reads it as one.
            resources={
                r"/api/.*": {
                    "origins": [re.compile(f"{re.escape(o)}$") for o in settings.cors_origins]
                }
            },
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After", "X-Request-ID"],
            methods=["GET", "POST"],
            max_age=600,
        )


def revalidate(response: Response) -> Response:
    """Let a reply be kept and asked for again by its ETag, and send none that the client has."""
    response.add_etag()
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
