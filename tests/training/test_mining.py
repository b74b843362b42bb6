from qa_service.reader.model import Model
from qa_service.reader.reader import load_reader
from qa_service.resources import shipped_model
from qa_service.training.datasets import Corpus, is_held_back
from qa_service.training.examples import Sampler
from qa_service.training.mining import find_tempting
from tests.training.conftest import TEXT


def read_corpus(reading_set):
    corpus = Corpus(held_back=is_held_back(TEXT))
    corpus.add_reading_set(reading_set)
    return corpus


def test_what_tempts_is_elsewhere_than_the_answer(reading_set):
    corpus = read_corpus(reading_set)
    tempting = find_tempting(load_reader(), corpus, sentences=2)
    assert len(tempting) == 3
    [passage] = {passage for passage, _ in tempting}
    assert sorted(tempting[passage, "Siapa yang tiba?"]) == [1, 2]
    assert sorted(tempting[passage, "Berapa kapal?"]) == [0, 2]
    assert tempting[passage, "Siapa presiden Mesir?"][0] == 0


def test_a_passage_that_is_not_long_does_not_tempt(reading_set):
    assert find_tempting(load_reader(), read_corpus(reading_set), sentences=3) == {}


def test_a_window_without_an_answer_often_holds_what_tempts(reading_set):
    corpus = read_corpus(reading_set)
    tokenizer = Model(shipped_model(), threads=1).tokenizer
    row = corpus.rows[2]
    # Longer than any window has room for beside the others.
    corpus.passages[row.passage] = type(corpus.passages[0]).of(
        " ".join(
            f"Kalimat nomor {i} ini tidak bercerita apa-apa tentang Mesir." for i in range(90)
        ),
        id="0",
    )
    shares = []
    for tempting in ({}, {(row.passage, row.question): (70,)}):
        sampler = Sampler(corpus, tokenizer, repeats={"set": 1}, seed=1, tempting=tempting)
        drawn = [sampler.draw(row).window.sentences for _ in range(200)]
        shares.append(sum(70 in sentences for sentences in drawn) / 200)
    assert shares[0] < 0.4
    assert shares[1] > 0.75
