"""What is counted, for Prometheus; never what was asked.

With ``PROMETHEUS_MULTIPROC_DIR`` set, as ``serve`` does, the figures are those of all workers
together.
"""

import os
import platform
from time import perf_counter

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from qa_service import __version__
from qa_service.web.schemas import AskReply

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
REQUESTS = Counter("qa_service_requests", "Replies by endpoint and status", ["endpoint", "status"])
REQUEST_SECONDS = Histogram(
    "qa_service_request_seconds", "Time to reply, waiting included", ["endpoint"], buckets=_BUCKETS
)
QUESTIONS = Counter(
    "qa_service_questions", "Questions by outcome and language", ["outcome", "language"]
)
ASKS = Counter("qa_service_asks", "Things asked for, by kind and outcome", ["kind", "outcome"])
SECONDS = Histogram(
    "qa_service_question_seconds",
    "Time to answer a question that isn't in the cache, without waiting",
    buckets=_BUCKETS,
)
CACHE = Counter(
    "qa_service_cache", "Look-ups by cache (answers, texts) and outcome", ["cache", "outcome"]
)
BUILD = Gauge(
    "qa_service_build_info", "1; the labels tell", ["version", "python"], multiprocess_mode="max"
)


def register_metrics(app: Flask) -> None:
    """Count the requests of ``app``, from ``g.began`` on."""
    BUILD.labels(version=__version__, python=platform.python_version()).set(1)

    @app.after_request
    def finish(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        REQUESTS.labels(endpoint=endpoint, status=str(response.status_code)).inc()
        REQUEST_SECONDS.labels(endpoint=endpoint).observe(perf_counter() - g.began)
        return response


def count_question(reply: AskReply) -> None:
    """Count a question and each thing that it asks for."""
    outcome = "answered" if reply.answered else "refused"
    QUESTIONS.labels(outcome=outcome, language=reply.language).inc()
    for kind in {part.asks for part in reply.parts}:
        ASKS.labels(kind=kind, outcome="found").inc()
    for kind in reply.missing:
        ASKS.labels(kind=kind, outcome="missing").inc()


def count_look_up(cache: str, *, found: bool) -> None:
    """Count a look-up in a cache."""
    CACHE.labels(cache=cache, outcome="hit" if found else "miss").inc()


def render_metrics() -> tuple[bytes, str]:
    """Return the figures in Prometheus' text format, and its content type."""
    registry: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # no types yet
    return generate_latest(registry), CONTENT_TYPE_LATEST
