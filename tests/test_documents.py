"""What the documents show is what the service does."""

import json
import re
from pathlib import Path

import pytest

from qa_service.settings import Settings
from qa_service.web import create_app

ROOT = Path(__file__).parents[1]


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
