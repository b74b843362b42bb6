import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.reader.encoding import Tokens, build_window
from qa_service.reader.model import Model
from qa_service.resources import shipped_model
from qa_service.training.datasets import Corpus, is_held_back
from qa_service.training.examples import Sampler, batches, label, misspell
from tests.training.conftest import TEXT


@pytest.fixture
def sampler(reading_set, article_set):
    corpus = Corpus(held_back=is_held_back(TEXT))
    corpus.add_reading_set(reading_set)
    corpus.add_article_set(article_set, source="written")
    tokenizer = Model(shipped_model(), threads=1).tokenizer
    return Sampler(corpus, tokenizer, repeats={"set": 1, "written": 2.5}, seed=1)


def test_the_same_seed_draws_the_same_examples(sampler):
    assert sampler.epoch(3) == sampler.epoch(3)
    assert sampler.epoch(3) != sampler.epoch(4)


def test_an_example_s_spans_and_support_are_those_of_its_answers(sampler):
    said = set()
    for number in range(20):
        for example in sampler.epoch(number):
            places = dict(zip(example.window.positions, range(1_000), strict=False))
            for first, last in example.spans:
                start = example.window.starts[places[first]]
                end = example.window.ends[places[last]]
                said.add(TEXT[start:end].strip())
                assert {first, last} <= set(example.support)
    assert said == {"Rahmi Hasanah", "tiga kapal baru", "Bandung", "Senin"}


def test_now_and_then_the_sentence_that_answers_is_not_there(sampler):
    answered = [bool(e.spans) for number in range(60) for e in sampler.epoch(number)[:3]]
    assert 0.2 < sum(answered) / len(answered) < 0.95


def test_an_answer_that_is_not_in_the_window_has_no_label():
    window = build_window(Tokens((), (), ()), [(0, Tokens((5, 6), (0, 4), (3, 8)))])
    assert label(window, [(50, 60)]).spans == ()
    assert label(window, [(4, 6)]).spans == ((3, 3),)


@given(question=st.text(max_size=80), seed=st.integers(0, 100))
def test_any_question_can_be_misspelt(question, seed):
    assert isinstance(misspell(question, random.Random(seed)), str)


def test_a_misspelt_question_stays_close_to_what_was_asked():
    question = "Siapa yang membuka pelabuhan di Bandung?"
    variants = {misspell(question, random.Random(seed)) for seed in range(50)}
    assert len(variants) > 10
    assert any("yg" in variant for variant in variants)


def test_batches_hold_every_example_once_and_keep_to_their_size(sampler):
    examples = sampler.epoch(0) * 5
    found = list(batches(examples, tokens=200, chance=random.Random(0)))
    assert sum(map(len, found)) == len(examples)
    lengths = [[len(example.window.ids) for example in batch] for batch in found]
    assert all(len(batch) * (max(batch) - 8) <= 200 for batch in lengths if len(batch) > 1)


def test_how_often_must_be_said_of_every_source(reading_set):
    corpus = Corpus(held_back=is_held_back(TEXT))
    corpus.add_reading_set(reading_set)
    tokenizer = Model(shipped_model(), threads=1).tokenizer
    with pytest.raises(ValueError, match="'set'"):
        Sampler(corpus, tokenizer, repeats={"written": 1}, seed=1)


def test_rows_are_drawn_as_often_as_their_source_is_to_be(sampler):
    drawn = [len(sampler.epoch(number)) for number in range(20)]
    assert 3 + 2 * 7 <= min(drawn) < max(drawn) <= 3 + 3 * 7
    assert abs(sum(drawn) / len(drawn) - (3 + 2.5 * 7)) < 1
