import pytest

from qa_service.answer import Answer
from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.retriever import BM25Retriever
from qa_service.source import SURE
from qa_service.suggestions import MAX_SUGGESTIONS, follow_up, suggest_questions


def test_suggestions_name_who_and_what_is_in_the_article_and_are_answered(harbour, reader):
    retriever = BM25Retriever([harbour])
    suggestions = suggest_questions(harbour, retriever, reader, code="id")
    assert 0 < len(suggestions) <= MAX_SUGGESTIONS
    for question in suggestions:
        outcome = answer_question(question, retriever, reader)[1]
        assert isinstance(outcome, Answer)
        assert outcome.confidence >= SURE


def test_what_somebody_did_is_asked_only_where_a_sentence_says_it(reader):
    text = (
        "Kapal Biru Tiba\n\nPada Senin (3/3/2025) Rahmi Hasanah menyambut awak kapal di Desa Tirta."
        " Warga Desa Tirta ikut bergembira."
    )
    article = Article.of(text, id="a")
    for code in ("id", "en"):
        asked = suggest_questions(article, BM25Retriever([article]), reader, code=code)
        assert any("Rahmi Hasanah" in question for question in asked)
        assert not any("Desa Tirta" in question for question in asked if "Rahmi" not in question)


def test_what_goes_on_in_quotation_marks_is_not_cut_into_a_question(reader):
    text = (
        "Kapal Biru\n\nSiti Rahma mengatakan bahwa semua kapal biru itu “sudah tua”. "
        "Siti Rahma menjual kapal itu kepada nelayan Semarang. "
        "Siti Rahma membayar sewa dermaga Rp1.250."
    )
    article = Article.of(text, id="a")
    asked = suggest_questions(article, BM25Retriever([article]), reader, code="id")
    assert "Siapa yang menjual kapal itu kepada nelayan Semarang?" in asked
    assert not any("mengatakan" in question or "Rp1" in question for question in asked)


def test_who_did_what_a_sentence_says_is_asked_and_answered_by_its_subject(harbour, reader):
    retriever = BM25Retriever([harbour])
    asked = suggest_questions(harbour, retriever, reader, code="id")
    # The first word of the sentence, *Wali*, is part of the name: it stands inside sentences, too.
    assert any(question.startswith("Siapa yang membuka Pelabuhan Sejati") for question in asked)


def test_suggestions_are_in_the_language_that_is_asked_for(reader):
    text = "Library Opens\n\nMayor Ruth Calder said that the library will stay open on Sundays."
    article = Article.of(text, id="a")
    retriever = BM25Retriever([article])
    english = suggest_questions(article, retriever, reader, code="en")
    assert "Who said that the library will stay open on Sundays?" in english
    indonesian = suggest_questions(article, retriever, reader, code="id")
    assert all("Ruth Calder" in question for question in indonesian)
    assert all(question.startswith(("Siapa", "Apa")) for question in indonesian)


def test_the_first_word_of_a_sentence_is_no_name(reader):
    article = Article.of(
        "Menurut Siti Rahma, ketua nelayan, kapal tiba. Siti Rahma gembira.", id="a"
    )
    for question in suggest_questions(
        article, BM25Retriever([article]), reader, code=article.language
    ):
        assert "Menurut" not in question


def test_an_article_without_names_suggests_nothing(reader):
    article = Article.of("kapal tiba.", id="a")
    assert suggest_questions(article, BM25Retriever([article]), reader, code=article.language) == []


def test_where_no_name_is_answered_when_and_where_are_asked(reader):
    article = Article.of(
        "Banjir Bandang\n\nBanjir bandang melanda dua desa pada Senin (3/3/2025) malam. "
        "Ratusan warga mengungsi ke balai desa.",
        id="a",
    )
    retriever = BM25Retriever([article])
    for code, when in (("id", "Kapan peristiwa ini terjadi?"), ("en", "When did this happen?")):
        asked = suggest_questions(article, retriever, reader, code=code)
        assert when in asked
        for question in asked:
            assert isinstance(answer_question(question, retriever, reader)[1], Answer)


@pytest.mark.parametrize("text", ["Aa Bb ", "Aa Bb makan ", "Aa Bb makan nasi. "])
def test_a_long_text_of_names_is_no_trouble(reader, text):
    article = Article.of(text * (100_000 // len(text)), id="a")
    asked = suggest_questions(article, BM25Retriever([article]), reader, code=article.language)
    assert len(asked) <= MAX_SUGGESTIONS


def test_what_was_asked_is_not_asked_after_it():
    assert list(follow_up(["who"], code="id")) == ["Kapan?", "Di mana?"]
    assert list(follow_up(["who", "when"], code="en")) == ["Where?"]
    assert list(follow_up(["where", "when"], code="en")) == []
