from typing import Any

import pytest

from qa_service.training.datasets import Corpus, is_held_back, read_rows
from tests.training.conftest import TEXT, write


@pytest.fixture
def corpus():
    return Corpus(held_back=is_held_back(TEXT))


def test_a_reading_set_gives_a_row_for_each_question(corpus, reading_set):
    corpus.add_reading_set(reading_set)
    assert [passage.text for passage in corpus.passages] == [TEXT]
    answers = [[TEXT[start:end] for start, end in row.golds] for row in corpus.rows]
    assert answers == [["Rahmi Hasanah"], ["tiga kapal baru"], []]


def test_a_passage_is_either_trained_on_or_held_back(reading_set):
    both = Corpus(held_back=True), Corpus(held_back=False)
    for corpus in both:
        corpus.add_reading_set(reading_set)
    assert sorted(len(corpus.rows) for corpus in both) == [0, 3]


def test_few_passages_are_held_back():
    share = sum(is_held_back(f"teks {i}") for i in range(4_000)) / 4_000
    assert 0.03 < share < 0.07


def test_an_article_set_gives_a_row_for_each_thing_asked(corpus, article_set):
    corpus.add_article_set(article_set, source="written")
    rows = [(row.context, row.question, [TEXT[s:e] for s, e in row.golds]) for row in corpus.rows]
    assert rows == [
        ("", "Siapa yang tiba?", ["Rahmi Hasanah"]),
        ("", "Di mana Rahmi tiba?", ["Bandung"]),
        ("", "Siapa tiba?", ["Rahmi Hasanah"]),
        ("", "Siapa tiba dan di mana? Di mana?", ["Bandung"]),
        ("Siapa yang tiba di Bandung?", "Kapan?", ["Senin"]),
        ("", "Kapan Rahmi tiba di Bandung?", ["Senin"]),
        ("", "Siapa presiden Mesir?", []),
    ]


def test_a_question_and_its_translation_change_passages(tmp_path):
    english = "Rahmi arrived in Bandung."
    row: dict[str, Any] = {"id": "7", "question": "Who arrived?", "context": english}
    row["answers"] = [{"text": "Rahmi", "start": 0}]
    other: dict[str, Any] = {"id": "squad-trans-7", "question": "Siapa yang tiba?", "context": TEXT}
    other["answers"] = [{"text": "Rahmi Hasanah", "start": 0}]
    found = []
    for held_back in (True, False):
        corpus = Corpus(held_back)
        corpus.add_pairs(write(tmp_path / "en", [row]), write(tmp_path / "id", [other]))
        found += [(r.question, corpus.passages[r.passage].text) for r in corpus.rows]
    assert sorted(found) == [("Siapa yang tiba?", english), ("Who arrived?", TEXT)]


def test_who_met_whom_is_trained_on_with_who_in_its_place(corpus, tmp_path):
    row: dict[str, Any] = {"article": "a", "lang": "id", "kind": "compound", "history": []}
    row |= {"question": "Siapa bertemu siapa?", "asks": [], "quotes": ["Rahmi bertemu Doni."]}
    row |= {"answers": [["Rahmi"], ["Doni"]], "facets": ["who", "whom"]}
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("Rahmi bertemu Doni.", encoding="utf-8")
    corpus.add_article_set(write(tmp_path / "set.jsonl", [row]), source="written")
    assert [row.question for row in corpus.rows] == [
        "Siapa bertemu siapa?",
        "Rahmi bertemu siapa?",
    ]


def test_an_answer_that_cannot_be_found_teaches_nothing(corpus, article_set):
    rows = list(read_rows(article_set))
    rows[0]["answers"][1] = ["Jakarta"]
    rows[1]["answers"] = [["Selasa"]]
    corpus.add_article_set(write(article_set, rows), source="written")
    assert [row.question for row in corpus.rows] == ["Siapa presiden Mesir?"]


def test_asks_that_are_understood_otherwise_are_trained_on_as_they_were_written(
    corpus, article_set
):
    rows = list(read_rows(article_set))
    rows[0]["question"] = "Siapa tiba dan kapan?"
    corpus.add_article_set(write(article_set, rows[:1]), source="written")
    assert [row.question for row in corpus.rows] == ["Siapa yang tiba?", "Di mana Rahmi tiba?"]


def test_a_question_of_ours_asks_something_else_of_the_same_passage(corpus, reading_set, tmp_path):
    corpus.add_reading_set(reading_set)
    lines = [
        {"set": "set", "id": "x-1", "question": "Di kota mana?", "start": 22, "end": 29},
        {"set": "set", "id": "x-2", "question": "Siapa yang pergi?", "start": None, "end": None},
        {"set": "another", "id": "x-1", "question": "Kapan?", "start": 0, "end": 5},
    ]
    corpus.add_questions(write(tmp_path / "questions.jsonl", lines))
    *_, told, untold = corpus.rows
    assert len(corpus.rows) == 5
    assert [TEXT[start:end] for start, end in told.golds] == ["Bandung"]
    assert untold.golds == ()
    assert told.source == untold.source == "set asked"


def test_a_translation_asks_the_same_of_the_same_passage(corpus, reading_set, tmp_path):
    corpus.add_reading_set(reading_set)
    lines = [
        {"set": "set", "id": "x-1", "question": "Who arrived?"},
        {"set": "another", "id": "x-1", "question": "Who left?"},
    ]
    corpus.add_translations(write(tmp_path / "translations.jsonl", lines))
    first, *_, last = corpus.rows
    assert len(corpus.rows) == 4
    assert (last.question, last.source) == ("Who arrived?", "set translated")
    assert (last.passage, last.golds) == (first.passage, first.golds)
