"""Leaving out heads and neurons; needs the extra `train`: `make test-train`."""

import numpy as np
import pytest

from tests.training.conftest import score

pytestmark = pytest.mark.train


@pytest.fixture
def encoder(make_encoder):
    return make_encoder().eval()


def test_what_the_answers_do_not_depend_on_is_worth_nothing(encoder, sampler):
    import torch

    from qa_service.training.encoder import HEAD
    from qa_service.training.slimming import weigh_parts

    layer = encoder.layers[3]
    with torch.no_grad():
        layer.outer.weight[:, 5] = 0
        layer.o.weight[:, HEAD : 2 * HEAD] = 0
    found = weigh_parts(encoder, [sampler.epoch(0)], support_weight=0.5)
    assert [(len(each.heads), len(each.neurons)) for each in found] == list(encoder.widths)
    assert found[3].neurons[5] == 0
    assert found[3].heads[1] == 0
    assert found[3].neurons.count_nonzero() > 1000
    assert found[3].heads.count_nonzero() == 11


def test_a_slimmer_encoder_scores_as_the_whole_one_without_what_was_left_out(encoder):
    import torch

    from qa_service.training.encoder import HEAD
    from qa_service.training.slimming import BLOCK, Importance, share_of, slim

    chance = torch.Generator().manual_seed(1)
    worth = []
    for heads, neurons in encoder.widths:
        # Some are worth much, the others are left out.
        of_heads, of_neurons = torch.full((heads,), 0.1), torch.full((neurons,), 0.001)
        of_heads[torch.randperm(heads, generator=chance)[:6]] = 9
        of_neurons[torch.randperm(neurons, generator=chance)[: neurons // 2]] = 9
        worth.append(Importance(of_heads, of_neurons))
    slimmer = slim(encoder, worth, kept=0.5).eval()
    assert slimmer.widths == ((6, 12 * BLOCK),) * 12
    assert share_of(slimmer) == pytest.approx(0.5)
    with torch.no_grad():
        for layer, parts in zip(encoder.layers, worth, strict=True):
            layer.outer.weight[:, parts.neurons < 1] = 0
            layer.o.weight[:, (parts.heads < 1).repeat_interleave(HEAD)] = 0
    assert np.allclose(score(slimmer), score(encoder), atol=1e-4)


def test_every_layer_keeps_something(encoder):
    import torch

    from qa_service.training.slimming import BLOCK, LEAST, Importance, slim

    worth = [
        Importance(torch.full((heads,), float(i)), torch.full((neurons,), float(i)))
        for i, (heads, neurons) in enumerate(encoder.widths)
    ]
    widths = slim(encoder, worth, kept=0.4).widths
    least = LEAST[0], LEAST[1] * BLOCK
    assert widths[0] == least
    assert all(heads >= least[0] and neurons >= least[1] for heads, neurons in widths)


def test_what_is_taught_comes_nearer_to_its_teacher(encoder, make_encoder, sampler, tmp_path):
    import torch

    from qa_service.training.slimming import slim, weigh_parts
    from qa_service.training.train import Plan, measure_distance, train

    examples = sampler.epoch(0)
    slimmer = slim(encoder, weigh_parts(encoder, [examples], support_weight=0.5), kept=0.5)
    with torch.no_grad():
        before = measure_distance(slimmer.eval(), encoder, examples).item()
    plan = Plan(epochs=20, tokens=256, features_dropped=0, words_dropped=0)
    train(slimmer, sampler, plan, checkpoint=tmp_path / "c.pt", teacher=encoder)
    with torch.no_grad():
        assert measure_distance(slimmer, encoder, examples).item() < 0.7 * before
        assert measure_distance(encoder, encoder, examples).item() == pytest.approx(0, abs=1e-4)


def test_a_slimmer_reader_is_made_is_smaller_and_can_be_trained_on(files, tmp_path, monkeypatch):
    from qa_service.reader.model import LOWER_FILE, UPPER_FILE
    from qa_service.resources import shipped_model
    from qa_service.training import recipe, train
    from qa_service.training.slimming import share_of
    from qa_service.training.start import load_reader_weights

    monkeypatch.setattr(recipe, "SLIM", train.Plan(epochs=0.02, tokens=256))
    monkeypatch.setattr(recipe, "KEPT", 0.3)
    out = tmp_path / "reader"
    recipe.slim_reader(files, tmp_path / "work", out, start=shipped_model())
    whole, _ = load_reader_weights(shipped_model())
    slimmer, _ = load_reader_weights(out)
    assert share_of(slimmer) < share_of(whole)
    for name in (LOWER_FILE, UPPER_FILE):
        assert (out / name).stat().st_size < (shipped_model() / name).stat().st_size
