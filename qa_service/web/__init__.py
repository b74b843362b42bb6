"""The service over HTTP: a page for people, a JSON endpoint for programs."""

from io import BytesIO
from time import perf_counter
from typing import IO, Any

from flask import Flask, Request, g
from werkzeug.middleware.proxy_fix import ProxyFix

from qa_service.resources import shipped_folder
from qa_service.settings import Settings
from qa_service.web.api import MAX_BODY, api_blueprint
from qa_service.web.headers import register_headers
from qa_service.web.health import health_blueprint
from qa_service.web.keys import register_keys
from qa_service.web.limits import limit_questions
from qa_service.web.logs import register_logging
from qa_service.web.metrics import register_metrics
from qa_service.web.page import page_blueprint
from qa_service.web.problems import register_problems
from qa_service.web.service import Service


class _Request(Request):
    """A request whose files stay in memory: what people bring along is never on the disk."""

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return BytesIO()


class _App(Flask):
    request_class = _Request


def create_app(settings: Settings) -> Flask:
    """Make the application; the articles are read in the background."""
    app = _App(__name__, static_folder=str(shipped_folder("static")), static_url_path="/static")
    # One more than is allowed: a body without a length is cut off there, and so known to be longer.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY + 1
    service = Service(settings)
    app.extensions["qa-service"] = service
    app.before_request(_begin)
    register_logging(app, settings)
    register_metrics(app)
    register_headers(app, settings)
    register_keys(app, settings.api_keys)
    limit = limit_questions(settings)
    app.register_blueprint(api_blueprint(service, limit))
    app.register_blueprint(page_blueprint(service, limit))
    app.register_blueprint(health_blueprint(service))
    register_problems(app)
    hops = settings.trusted_hops
    if hops > 0:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def _begin() -> None:
    g.began = perf_counter()
