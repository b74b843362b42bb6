from qa_service.answer import Answer
from qa_service.answerer import answer_question
from qa_service.article import Article
from qa_service.retriever import BM25Retriever
from qa_service.suggestions import MAX_SUGGESTIONS, suggest_questions


def test_suggestions_name_who_and_what_is_in_the_article_and_are_answered(harbour, reader):
    retriever = BM25Retriever([harbour])
    suggestions = suggest_questions(harbour, retriever, reader)
    assert 0 < len(suggestions) <= MAX_SUGGESTIONS
    for question in suggestions:
        assert isinstance(answer_question(question, retriever, reader)[1], Answer)


def test_suggestions_are_in_the_article_s_language(reader):
    text = "Library Opens\n\nMayor Ruth Calder said that the library will stay open on Sundays."
    article = Article.of(text, id="a")
    suggestions = suggest_questions(article, BM25Retriever([article]), reader)
    assert suggestions
    assert all(question.startswith("What did Mayor Ruth Calder ") for question in suggestions)


def test_the_first_word_of_a_sentence_is_no_name(reader):
    article = Article.of(
        "Menurut Siti Rahma, ketua nelayan, kapal tiba. Siti Rahma gembira.", id="a"
    )
    for question in suggest_questions(article, BM25Retriever([article]), reader):
        assert "Menurut" not in question


def test_an_article_without_names_suggests_nothing(reader):
    article = Article.of("kapal tiba.", id="a")
    assert suggest_questions(article, BM25Retriever([article]), reader) == []
