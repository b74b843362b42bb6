"""Needs the extra `train`: `make test-train`."""

import numpy as np
import pytest

pytestmark = pytest.mark.train


def test_what_answers_comes_near_and_what_does_not_stays_away():
    from qa_service.training.nearness import Pairs, fit

    random = np.random.default_rng(0)
    # Questions lie somewhere else than the sentences that answer them, as by another map.
    sentences = random.normal(size=(1_500, 384)).astype(np.float32)
    turned = random.normal(size=(384, 384)).astype(np.float32) / 20
    answers = np.arange(1_500)
    questions = (sentences @ turned + 3).astype(np.float32)
    maps = fit(Pairs(questions, sentences, answers, answers // 5), seed=0)
    places = [
        vectors @ matrix[:-1] + matrix[-1]
        for vectors, matrix in zip((questions, sentences), maps, strict=True)
    ]
    asked, told = (p / np.linalg.norm(p, axis=1, keepdims=True) for p in places)
    assert (np.argmax(asked @ told.T, axis=1) == answers).mean() > 0.9


def test_a_few_pairs_are_enough_to_run():
    from qa_service.training.nearness import Pairs, fit

    vectors = np.eye(3, 384, dtype=np.float32)
    maps = fit(Pairs(vectors, vectors, np.arange(3), np.zeros(3, np.intp)), seed=0)
    assert maps.shape == (2, 385, 128)
    assert np.isfinite(maps).all()
