"""How the service is doing, and what it offers, for machines and those who run them."""

import json

from flask import Blueprint, Response, render_template

from qa_service.web.api import json_response
from qa_service.web.metrics import render_metrics
from qa_service.web.openapi import openapi_document
from qa_service.web.schemas import Health
from qa_service.web.service import Service


def health_blueprint(service: Service) -> Blueprint:
    """Expose ``/livez``, ``/readyz``, ``/metrics``, ``/openapi.json`` and ``/docs``."""
    bp = Blueprint("health", __name__)

    @bp.get("/livez")
    def livez() -> Response:
        return json_response(Health(status="ok"))

    @bp.get("/readyz")
    def readyz() -> Response:
        # Raises the 503 while there is none.
        _ = service.library
        return json_response(Health(status="ready"))

    @bp.get("/metrics")
    def metrics() -> Response:
        body, content_type = render_metrics()
        return Response(body, content_type=content_type)

    @bp.get("/openapi.json")
    def openapi() -> Response:
        return Response(json.dumps(openapi_document()), content_type="application/json")

    @bp.get("/docs")
    def docs() -> str:
        return render_template("docs/docs.html", document=openapi_document())

    return bp
