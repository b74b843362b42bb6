"""What the documents show is what the service does."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qa_service.settings import Settings
from qa_service.web import create_app
from qa_service.web.schemas import AskRequest
from tests.serving import running_service

ROOT = Path(__file__).parents[1]
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
# A program, and what it prints.
EXAMPLES = re.findall(r"```(sh|python|js)\n(.+?)```\n\n```text\n(.+?)```", API, re.DOTALL)


def test_the_reply_in_the_readme_is_the_true_one():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    asked = re.search(r"-d '(.+?)'", readme)
    shown = re.search(r"```json\n(.+?)```", readme, re.DOTALL)
    assert asked is not None
    assert shown is not None
    app = create_app(Settings())
    app.extensions["qa-service"].wait(timeout_seconds=30)
    reply = app.test_client().post("/api/ask", json=json.loads(asked[1]))
    # Another processor computes in eight bits a little differently.
    assert reply.json == blur(json.loads(shown[1]))


def blur(reply):
    if isinstance(reply, dict):
        return {key: blur(value) for key, value in reply.items()}
    if isinstance(reply, list):
        return [blur(value) for value in reply]
    return pytest.approx(reply, abs=0.05) if isinstance(reply, float) else reply


@pytest.fixture(scope="module")
def address():
    with running_service() as (address, _):
        yield address


def test_every_program_in_the_documentation_of_the_endpoint_is_run():
    assert len(EXAMPLES) == len(re.findall(r"```(?:sh|python|js)\n", API)) >= 5
    assert {language for language, _, _ in EXAMPLES} == {"sh", "python", "js"}


@pytest.mark.parametrize(
    ("language", "program", "printed"), [each for each in EXAMPLES if each[0] != "js"]
)
def test_a_program_in_the_documentation_prints_what_is_said(
    language, program, printed, address, tmp_path
):
    here = program.replace("http://127.0.0.1:8000", address)
    command = ["bash", "-c", here] if language == "sh" else [sys.executable, "-c", here]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=60, cwd=tmp_path
    )
    assert done.stdout.strip() == printed.strip()


def test_the_tool_of_an_agent_takes_what_the_endpoint_takes():
    shown = re.search(r"```json\n(.+?)```", API, re.DOTALL)
    assert shown is not None
    parameters = json.loads(shown[1])["function"]["parameters"]
    fields = AskRequest.model_json_schema()["properties"]
    assert set(parameters["properties"]) <= set(fields)
    assert parameters["required"] == ["question"]
