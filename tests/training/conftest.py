"""Question files of every form, written for the tests."""

import json
from typing import Any

import pytest

TEXT = "Rahmi Hasanah tiba di Bandung pada Senin. Ia membawa tiga kapal baru. Hujan turun."


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def gold(text):
    return {"text": text, "start": TEXT.index(text)}


@pytest.fixture
def reading_set(tmp_path):
    rows: list[dict[str, Any]] = [
        {"id": "x-1", "question": "Siapa yang tiba?", "answers": [gold("Rahmi Hasanah")]},
        {"id": "x-2", "question": "Berapa kapal?", "answers": [gold("tiga kapal baru")]},
        {"id": "x-3", "question": "Siapa presiden Mesir?", "answers": [], "answerable": False},
    ]
    return write(tmp_path / "set.jsonl", [row | {"context": TEXT} for row in rows])


@pytest.fixture
def article_set(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(TEXT, encoding="utf-8")
    first = "Rahmi Hasanah tiba di Bandung pada Senin."
    common: dict[str, Any] = {"article": "a", "lang": "id", "history": [], "answerable": True}
    rows = [
        common
        | {
            "kind": "compound",
            "question": "Siapa tiba dan di mana?",
            "facets": ["who", "where"],
            "answers": [["Rahmi Hasanah", "Rahmi"], ["Bandung"]],
            "asks": ["Siapa yang tiba?", "Di mana Rahmi tiba?"],
            "quotes": [first],
        },
        common
        | {
            "kind": "followup",
            "question": "Kapan?",
            "history": ["Siapa yang tiba di Bandung?"],
            "standalone": "Kapan Rahmi tiba di Bandung?",
            "facets": ["when"],
            "answers": [["Senin"]],
            "quotes": [first],
        },
        common
        | {
            "kind": "unanswerable",
            "question": "Siapa presiden Mesir?",
            "answerable": False,
            "facets": [],
            "answers": [],
            "quotes": [],
        },
    ]
    return write(tmp_path / "articles.jsonl", rows)
