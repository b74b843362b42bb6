"""Training itself; needs the extra `train`: `make test-train`."""

import json
import shutil

import numpy as np
import pytest

from qa_service.answer import Answer
from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.errors import UnreadableModel, UnreadableQuestions
from qa_service.reader.model import (
    CARD_FILE,
    LOWER_FILE,
    NEARNESS_FILE,
    TOKENIZER_FILE,
    UPPER_FILE,
    Model,
)
from qa_service.reader.reader import load_reader
from qa_service.resources import shipped_model
from qa_service.retriever import BM25Retriever
from tests.training.conftest import IDS, TEXT, score

pytestmark = pytest.mark.train


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


def test_a_checkpoint_of_another_training_is_refused(make_encoder, sampler, tmp_path):
    from qa_service.training.train import Plan, train

    train(make_encoder(), sampler, Plan(tokens=64), checkpoint=tmp_path / "c.pt")
    with pytest.raises(UnreadableModel, match="another training"):
        train(make_encoder(), sampler, Plan(tokens=64, rate=1e-5), checkpoint=tmp_path / "c.pt")


def test_features_and_words_are_dropped_while_training_and_not_after(make_encoder):
    import torch

    encoder = make_encoder()
    ids, mask = torch.tensor([IDS, IDS]), torch.ones(2, len(IDS))
    encoder.drop(0.1, 0.05)
    one, other = encoder.train()(ids, mask)
    assert not torch.allclose(one, other)
    one, other = encoder.eval()(ids, mask)
    assert torch.allclose(one, other, atol=1e-5)


def test_dropping_keeps_the_mean_and_takes_the_same_features_of_every_token():
    import torch

    from qa_service.training.encoder import Dropped

    dropped = Dropped()
    dropped.share = 0.25
    y = dropped(torch.ones(40, 5, 384))
    assert abs(y.mean().item() - 1) < 0.02
    assert torch.equal(y, y[:, :1].expand_as(y))


def test_what_is_exported_scores_as_what_was_trained(make_encoder, tokenizer, tmp_path):
    from qa_service.training.export import export, write_card
    from qa_service.training.recipe import even_weights

    encoder = make_encoder().eval()
    export(encoder, tokenizer, tmp_path)
    write_card(tmp_path, even_weights())
    (scores,) = Model(tmp_path, threads=1).score([IDS])
    assert np.corrcoef(scores.ravel(), score(encoder).ravel())[0, 1] > 0.999


def test_every_processor_multiplies_alike_by_the_weights_that_are_served():
    import onnx
    from onnx import numpy_helper

    from qa_service.training.rounding import HELD, sum_neighbours

    for name in (LOWER_FILE, UPPER_FILE):
        graph = onnx.load(str(shipped_model() / name)).graph
        stored = {tensor.name: tensor for tensor in graph.initializer}
        products = [node for node in graph.node if node.op_type == "MatMulInteger"]
        assert len(products) > 20
        for node in products:
            assert sum_neighbours(numpy_helper.to_array(stored[node.input[1]])).max() <= HELD


def test_a_reader_that_is_served_can_be_trained_on():
    from qa_service.training.start import load_reader_weights

    encoder, tokenizer = load_reader_weights(shipped_model())
    assert encoder.word.num_embeddings == tokenizer.get_vocab_size()
    (scores,) = Model(shipped_model(), threads=1).score([IDS])
    assert np.corrcoef(scores.ravel(), score(encoder.eval()).ravel())[0, 1] > 0.999


def test_a_reader_of_the_format_before_can_be_trained_on_though_not_served(tmp_path):
    from qa_service.training.start import load_reader_weights

    shutil.copytree(shipped_model(), tmp_path, dirs_exist_ok=True)
    card = json.loads((tmp_path / CARD_FILE).read_text(encoding="utf-8"))
    (tmp_path / CARD_FILE).write_text(json.dumps(card | {"format": 3}), encoding="utf-8")
    with pytest.raises(UnreadableModel, match="has the format 3; this version reads 4"):
        Model(tmp_path, threads=1)
    encoder, _ = load_reader_weights(tmp_path)
    served, _ = load_reader_weights(shipped_model())
    assert encoder.widths == served.widths


def test_a_model_that_is_no_reader_is_refused(tmp_path):
    import onnx

    from qa_service.training.export import write_card
    from qa_service.training.recipe import even_weights
    from qa_service.training.start import load_reader_weights

    value = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    other = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])
    model = onnx.helper.make_model(
        onnx.helper.make_graph([node], "other", [value], [other]),
        opset_imports=[onnx.helper.make_opsetid("", 17)],
        ir_version=8,
    )
    for name in (LOWER_FILE, UPPER_FILE):
        onnx.save(model, str(tmp_path / name))
    for name in (TOKENIZER_FILE, NEARNESS_FILE):
        shutil.copy(shipped_model() / name, tmp_path)
    write_card(tmp_path, even_weights())
    with pytest.raises(UnreadableModel, match="not written by this version"):
        load_reader_weights(tmp_path)


def test_what_is_frozen_stays_as_it_was(make_encoder, sampler, tmp_path):
    import torch

    from qa_service.training.train import Plan, train

    encoder = make_encoder()
    before = {name: weight.clone() for name, weight in encoder.state_dict().items()}
    plan = Plan(epochs=2, tokens=64, frozen=11)
    train(encoder, sampler, plan, checkpoint=tmp_path / "c.pt")
    after = encoder.state_dict()
    changed = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"layers", "heads"}
    assert all(name.startswith(("layers.11.", "heads.")) for name in moved)


def test_the_mean_of_two_readers_lies_between_them(make_encoder):
    import torch

    from qa_service.training.averaging import average, copy_weights

    encoder = make_encoder()
    first = copy_weights(encoder)
    second = {name: weight + 2 for name, weight in first.items()}
    average(encoder, second)
    for name, weight in encoder.state_dict().items():
        assert torch.allclose(weight, first[name] + 1, atol=1e-5)


def test_the_mean_of_a_reader_with_itself_is_that_reader(tmp_path):
    import torch

    from qa_service.training.averaging import average_readers
    from qa_service.training.export import write_card
    from qa_service.training.recipe import even_weights
    from qa_service.training.rounding import round_weights
    from qa_service.training.start import load_reader_weights

    average_readers([shipped_model()] * 3, tmp_path)
    write_card(tmp_path, even_weights())
    # Not the scores: they are rounded to eight bits in every layer, so that the last bit of a
    # bias can move them by several tenths.
    mean, whole = (
        load_reader_weights(folder)[0].state_dict() for folder in (tmp_path, shipped_model())
    )
    assert set(mean) == set(whole)
    for name, weight in mean.items():
        if weight.ndim > 1 and not name.startswith(("word.", "place.")):
            # Rounded again, what fell between two numbers may become the other.
            _, scale = round_weights(whole[name].numpy().T)
            moved = (weight - whole[name]).abs().numpy().T
            assert (moved <= scale * 0.5001).all(), name
        else:
            torch.testing.assert_close(weight, whole[name], rtol=0, atol=1e-6, msg=name)
    assert Model(tmp_path, threads=1).score([IDS])[0].shape == (len(IDS), 3)


def test_how_often_and_how_much_is_said_of_every_source():
    from qa_service.training.posts import SOURCE
    from qa_service.training.recipe import _WEIGHTS, REPEATS, WRITTEN_SETS

    assert {*_WEIGHTS, *WRITTEN_SETS.values(), SOURCE} == set(REPEATS)


def test_a_reader_is_made_from_its_files_and_answers(files, tmp_path):
    from qa_service.training.recipe import make_reader

    out = tmp_path / "reader"
    make_reader(files, tmp_path / "work", out, start=shipped_model())
    assert (tmp_path / "work" / "checkpoint.pt").is_file()
    _, outcome = answer_question(
        "Siapa yang tiba di Bandung?",
        BM25Retriever([Article.of(TEXT, id="a")]),
        load_reader(out),
        threshold=0.0,
    )
    assert isinstance(outcome, Answer)
    assert outcome.parts[0].span.text in TEXT


def test_a_reading_set_that_is_missing_is_named(files, tmp_path):
    from qa_service.training.recipe import make_reader

    (files / "idk_train.jsonl").unlink()
    with pytest.raises(UnreadableQuestions, match=r"idk_train\.jsonl is missing"):
        make_reader(files, tmp_path / "work", tmp_path / "reader", start=shipped_model())


def test_the_order_costs_nothing_without_a_pair_and_little_where_it_holds():
    import torch

    from qa_service.training.train import measure_disorder

    # Two places: the first stands for no answer.
    sure, unsure = [[0.0, 0.0], [9.0, 9.0]], [[9.0, 9.0], [0.0, 0.0]]
    scores = torch.tensor([sure, unsure])
    right = measure_disorder(scores, torch.tensor([True, False])).item()
    wrong = measure_disorder(scores, torch.tensor([False, True])).item()
    assert right < 1e-6
    assert wrong == pytest.approx(36 + 1)
    assert measure_disorder(scores, torch.tensor([True, True])).item() == 0
