import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from qa_service.errors import UnreadableModel
from qa_service.reader.model import CARD_FILE, LOWER_FILE, TOKENIZER_FILE, UPPER_FILE, Model
from qa_service.resources import shipped_model


@pytest.fixture
def copy(tmp_path):
    """A folder with the reader's files, but something else for half of its model."""
    for name in (CARD_FILE, TOKENIZER_FILE, LOWER_FILE):
        shutil.copy(shipped_model() / name, tmp_path / name)
    (tmp_path / UPPER_FILE).write_bytes(b"no model")
    return tmp_path


def test_an_input_is_scored_the_same_whatever_is_scored_beside_it():
    model = Model(shipped_model(), threads=1)
    short, long = [0, 5, 6, 2], [0, *range(5, 40), 2]
    together = model.score([short, long])
    assert [table.shape for table in together] == [(4, 3), (37, 3)]
    assert np.array_equal(together[1], model.score([long])[0])


def test_nothing_to_score_is_no_mistake():
    assert Model(shipped_model(), threads=1).score([]) == []
    assert Model(shipped_model(), threads=1).embed([]) == []


def test_what_is_about_the_same_is_near_in_either_language():
    model = Model(shipped_model(), threads=1)
    texts = [
        "The minister opened the new harbour.",
        "Menteri meresmikan pelabuhan baru.",
        "Harga cabai naik dua kali lipat.",
    ]
    ids = [[0, *model.tokenizer.encode(t, add_special_tokens=False).ids, 2] for t in texts]
    english, same, other = (v / np.linalg.norm(v) for v in model.embed(ids))
    assert english.shape == (384,)
    assert english @ same > english @ other + 0.02


def test_a_damaged_model_is_named(copy):
    with pytest.raises(UnreadableModel, match=r"upper\.onnx is damaged"):
        Model(copy, threads=1)


def test_a_missing_file_is_named(copy):
    (copy / UPPER_FILE).unlink()
    with pytest.raises(UnreadableModel, match=r"upper\.onnx can't be read"):
        Model(copy, threads=1)


def test_another_format_is_refused(copy):
    card = json.loads((copy / CARD_FILE).read_text(encoding="utf-8"))
    (copy / CARD_FILE).write_text(json.dumps(card | {"format": 99}), encoding="utf-8")
    with pytest.raises(UnreadableModel, match="format 99"):
        Model(copy, threads=1)


def test_a_folder_without_a_card_is_refused(tmp_path):
    with pytest.raises(UnreadableModel, match=CARD_FILE):
        Model(tmp_path, threads=1)


def test_the_shipped_model_is_no_larger_than_the_repository_may_hold():
    assert sum(path.stat().st_size for path in shipped_model().iterdir()) < 42_000_000


def test_scores_do_not_depend_on_threads_or_company():
    inputs = [[0, *range(100, 100 + 7 * n), 2] for n in (3, 9, 1, 6)]
    together = Model(shipped_model(), threads=3).score(inputs)
    alone = Model(shipped_model(), threads=1)
    for tokens, scores in zip(inputs, together, strict=True):
        assert scores.shape == (len(tokens), 3)
        assert np.array_equal(alone.score([tokens])[0], scores)


def test_loading_the_model_writes_nothing_into_the_home_folder(tmp_path):
    """onnxruntime would, and call home with it."""
    load = (
        "from qa_service.reader.model import Model; from qa_service.resources import shipped_model;"
        "Model(shipped_model(), threads=1).score([[0, 5, 2]])"
    )
    environ = os.environ | {"HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", load], env=environ, check=True)
    assert list(tmp_path.iterdir()) == []
