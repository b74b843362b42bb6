"""Training itself; needs the extra `train`: `make test-train`."""

import numpy as np
import pytest

from qa_service.reader.fusion import CONFIDENCE, RANKING
from qa_service.reader.model import Model
from qa_service.resources import shipped_model
from qa_service.training.datasets import Corpus, is_held_back
from qa_service.training.examples import Sampler
from tests.training.conftest import TEXT

pytestmark = pytest.mark.train


@pytest.fixture
def tokenizer():
    return Model(shipped_model(), threads=1).tokenizer


@pytest.fixture
def sampler(reading_set, tokenizer):
    corpus = Corpus(held_back=is_held_back(TEXT))
    corpus.add_reading_set(reading_set)
    return Sampler(corpus, tokenizer, seed=1)


@pytest.fixture
def make_encoder(tokenizer):
    import torch

    from qa_service.training.encoder import Encoder

    def make():
        torch.manual_seed(3)
        return Encoder(tokenizer.get_vocab_size())

    return make


def test_a_training_that_was_stopped_goes_on_as_if_it_had_not_been(
    make_encoder, sampler, tmp_path, monkeypatch
):
    import torch

    from qa_service.training import train

    plan = train.Plan(epochs=5, tokens=64, checkpoint_seconds=-1)
    whole = make_encoder()
    train.train(whole, sampler, plan, checkpoint=tmp_path / "whole.pt")
    step, steps = train._step, iter(range(100))

    def stop_after_three(*args):
        if next(steps) == 3:
            raise KeyboardInterrupt
        return step(*args)

    broken = make_encoder()
    monkeypatch.setattr(train, "_step", stop_after_three)
    with pytest.raises(KeyboardInterrupt):
        train.train(broken, sampler, plan, checkpoint=tmp_path / "broken.pt")
    monkeypatch.setattr(train, "_step", step)
    again = make_encoder()
    train.train(again, sampler, plan, checkpoint=tmp_path / "broken.pt")
    for one, other in zip(whole.parameters(), again.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def test_what_is_exported_scores_as_what_was_trained(make_encoder, tokenizer, tmp_path):
    import torch

    from qa_service.training.export import export, write_card

    encoder = make_encoder().eval()
    export(encoder, tokenizer, tmp_path)
    even = {"ranking": dict.fromkeys(RANKING, 1.0), "confidence": dict.fromkeys(CONFIDENCE, 1.0)}
    write_card(tmp_path, even)
    ids = [0, *range(100, 140), 2]
    with torch.no_grad():
        expected = encoder(torch.tensor([ids]), torch.ones(1, len(ids)))[0].numpy()
    (scores,) = Model(tmp_path, threads=1).score([ids])
    assert np.corrcoef(scores.ravel(), expected.ravel())[0, 1] > 0.99
