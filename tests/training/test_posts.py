import pytest

from qa_service.training.datasets import Corpus
from qa_service.training.posts import SOURCE, Posts, add_posts


@pytest.fixture(scope="module")
def posts():
    return Posts()


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Ia menemui Presiden Peru Luis Quispe kemarin.", "Luis Quispe"),
        ("Menlu Timor Leste Ana da Costa tiba.", "Ana da Costa"),
        ("Menurut Ketua KPUD Made B. Sukerti, tidak.", "Made B. Sukerti"),
        ("He met Peruvian President Luis Quispe.", "Luis Quispe"),
        ("He met Peru's president Luis Quispe.", "Luis Quispe"),
        ("Ann Lee, the governor of Bali, said so.", "Ann Lee"),
        ("The Mayor of London Ann Lee said so.", "Ann Lee"),
    ],
)
def test_who_holds_a_post_is_asked_in_both_languages(posts, text, holder):
    asked = dict(posts.ask(text))
    assert len(asked) == 2
    assert {text[start:end] for golds in asked.values() for start, end in golds} == {holder}
    assert any("Siapa" in question or "siapa" in question for question in asked)
    assert any(question.startswith(("Who", "What", "Which")) for question in asked)


@pytest.mark.parametrize(
    "text",
    [
        "Mantan Presiden Peru Luis Quispe tiba.",
        "Wakil Raja Peru Luis Quispe tiba.",
        "Wakil Menteri Pertanian Laos Bua Keo tiba.",
        "Ketua Indonesia Basketball Association tiba.",
        "Kepala SMA Negeri itu datang.",
        "Menlu Peru Tinggalkan Lima\n\nIa pergi.",
        "Presiden Peru Luis Quispe dan Presiden Peru Ana Rojas tiba.",
        "Menteri Luar Negeri Papua Nugini tiba.",
        "Hujan turun.",
    ],
)
def test_what_is_not_sure_to_be_a_holder_is_not_asked_for(posts, text):
    assert list(posts.ask(text)) == []


def test_a_corpus_gains_the_questions_on_its_passages():
    corpus = Corpus()
    corpus.add_passage("Hujan turun.")
    number = corpus.add_passage("Ia menemui Presiden Peru Luis Quispe kemarin.")
    add_posts(corpus)
    assert {row.passage for row in corpus.rows} == {number}
    assert {row.source for row in corpus.rows} == {SOURCE}
    assert len({row.id for row in corpus.rows}) == 2
