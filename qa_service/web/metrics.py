"""What is counted, for Prometheus; never what was asked.

With ``PROMETHEUS_MULTIPROC_DIR`` set, as ``serve`` does, the figures are those of all workers
together.
"""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("qa_service_requests", "Replies by endpoint and status", ["endpoint", "status"])
QUESTIONS = Counter(
    "qa_service_questions", "Questions by outcome and language", ["outcome", "language"]
)
SECONDS = Histogram(
    "qa_service_question_seconds",
    "Time to answer a question",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def render_metrics() -> tuple[bytes, str]:
    """Return the figures in Prometheus' text format, and its content type."""
    registry: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # no types yet
    return generate_latest(registry), CONTENT_TYPE_LATEST
