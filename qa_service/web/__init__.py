"""The service over HTTP: a page for people, a JSON endpoint for programs."""

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from qa_service.resources import shipped_folder
from qa_service.settings import Settings
from qa_service.web import metrics
from qa_service.web.api import MAX_BODY, api_blueprint
from qa_service.web.health import health_blueprint
from qa_service.web.page import asked_in_address, page_blueprint
from qa_service.web.problems import register_problems
from qa_service.web.service import Service

# Nothing inline and nothing from elsewhere: what an article says can't become a script.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def create_app(settings: Settings) -> Flask:
    """Make the application; the articles are read in the background."""
    app = Flask(__name__, static_folder=str(shipped_folder("static")), static_url_path="/static")
    # One more than is allowed: a body without a length is cut off there, and so known to be longer.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY + 1
    service = Service(settings)
    app.extensions["qa-service"] = service
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    # One budget for both ways to ask.
    limit = limiter.shared_limit(settings.rate_limit, scope="questions", exempt_when=_asks_nothing)
    app.register_blueprint(api_blueprint(service, limit))
    app.register_blueprint(page_blueprint(service, limit))
    app.register_blueprint(health_blueprint(service))
    register_problems(app, limiter)
    app.after_request(_finish)
    return app


def _asks_nothing() -> bool:
    return request.method != "POST" and not asked_in_address()


def _finish(response: Response) -> Response:
    response.headers.update(_HEADERS)
    endpoint = request.endpoint or "none"
    metrics.REQUESTS.labels(endpoint=endpoint, status=str(response.status_code)).inc()
    return response
