"""The document that the service gives of itself, against what it does."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from qa_service.settings import Settings
from qa_service.web import create_app
from qa_service.web.openapi import EXAMPLES
from qa_service.web.schemas import AskReply


@pytest.fixture(scope="module")
def app():
    app = create_app(Settings(rate_limit="1000000/second"))
    assert app.extensions["qa-service"].wait(timeout_seconds=30)
    return app


def test_every_reply_keeps_to_the_document(app):
    document: Any = schemathesis.openapi.from_wsgi("/openapi.json", app)
    operations = [found.ok() for found in document.get_all_operations()]
    assert {operation.path for operation in operations} == set(document.raw_schema["paths"])
    for operation in operations:
        # The same requests every time; the long run in CONTRIBUTING.md looks for new ones.
        @settings(
            max_examples=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case):
            # Whether a file can be read, no schema says (schemathesis.toml has the same).
            skipped = [positive_data_acceptance] if case.path == "/api/extract" else []
            case.call_and_validate(excluded_checks=skipped)

        ask()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_in_the_document_is_answered(app, name):
    reply = app.test_client().post("/api/ask", json=EXAMPLES[name]["value"])
    assert reply.status_code == 200
    assert AskReply.model_validate_json(reply.data).answered


def test_the_document_describes_every_model_that_it_names(client):
    document = client.get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    schemas = document["components"]["schemas"]
    referenced = set(json.dumps(document).split("#/components/schemas/")[1:])
    assert {each.split('"')[0] for each in referenced} <= set(schemas)
    assert set(schemas["AskReply"]["properties"]) == set(AskReply.model_fields)
    for path in document["paths"]:
        assert client.open(path.replace("{article_id}", "harbour")).status_code in (200, 405)


def test_every_field_and_parameter_says_what_it_is(client):
    document = client.get("/openapi.json").json
    told = {
        f"{name}.{field}": found.get("description")
        for name, schema in document["components"]["schemas"].items()
        for field, found in schema["properties"].items()
    }
    operations = [each for path in document["paths"].values() for each in path.values()]
    for operation in operations:
        for parameter in operation.get("parameters", []):
            told[f"{operation['operationId']}, {parameter['name']}"] = parameter.get("description")
    assert [name for name, description in told.items() if not description] == []


def test_the_reference_page_names_every_path_model_and_example(client):
    page = client.get("/docs").text
    for name in ["POST /api/ask", "GET /api/articles/{article_id}", "resolved_question", "429"]:
        assert name in page
    for field in ("language", "suggestions", "file"):
        assert f"<dt><code>{field}</code>" in page
    for example in EXAMPLES.values():
        assert example["summary"].replace("'", "&#39;") in page
