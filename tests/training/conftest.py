"""Question files of every form, written for the tests, and an encoder to train."""

import json
import shutil
from typing import Any

import pytest

from qa_service.reader.model import Model
from qa_service.resources import shipped_model
from qa_service.training.datasets import Corpus, is_held_back, read_rows
from qa_service.training.examples import Sampler

TEXT = "Rahmi Hasanah tiba di Bandung pada Senin. Ia membawa tiga kapal baru. Hujan turun."
IDS = [0, *range(100, 140), 2]


def score(encoder):
    """What an encoder says of ``IDS``."""
    import torch

    with torch.no_grad():
        return encoder(torch.tensor([IDS]), torch.ones(1, len(IDS)))[0].numpy()


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


@pytest.fixture
def tokenizer():
    return Model(shipped_model(), threads=1).tokenizer


@pytest.fixture
def sampler(reading_set, tokenizer):
    corpus = Corpus(held_back=is_held_back(TEXT))
    corpus.add_reading_set(reading_set)
    return Sampler(corpus, tokenizer, repeats={"set": 1}, seed=1)


@pytest.fixture
def make_encoder(tokenizer):
    import torch

    from qa_service.training.encoder import Encoder

    def make():
        torch.manual_seed(3)
        return Encoder(tokenizer.get_vocab_size())

    return make


@pytest.fixture
def files(reading_set, article_set, tmp_path, monkeypatch):
    """Return a folder of reading sets; some of their passages are held back."""
    from qa_service.training import recipe, train

    rows = read_rows(reading_set)
    varied = [row | {"context": f"{TEXT} {i}"} for row in rows for i in range(40)]
    data, written = tmp_path / "data", tmp_path / "written"
    data.mkdir()
    for name in recipe.READING_SETS:
        write(data / f"{name}.jsonl", varied)
    for part in ("train", "held_back"):
        shutil.copytree(article_set.parent / "articles", written / part / "articles")
        shutil.copy(article_set, written / part / "questions.jsonl")
    for name in recipe.WRITTEN_SETS:
        shutil.copy(article_set, written / "train" / f"{name}.jsonl")
    for name in ("translations", *recipe.ASKED_SETS):
        write(written / f"{name}.jsonl", [])
    monkeypatch.setattr(recipe, "WRITTEN", written)
    monkeypatch.setattr(recipe, "PLAN", train.Plan(epochs=0.1, tokens=256, frozen=11))
    return data
