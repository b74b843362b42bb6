"""What every library promises, tried on each implementation; and own texts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from qa_service.article import Article
from qa_service.errors import UnknownArticle
from qa_service.extraction.extracted import MAX_TEXT
from qa_service.library import MemoryLibrary, OwnTexts
from qa_service.question import analyse_question

LIBRARIES = [MemoryLibrary]


@pytest.fixture(params=LIBRARIES)
def make(request):
    """Make a library of some articles, of each kind there is."""
    return request.param


def test_articles_keep_the_order_in_which_they_are_offered(make, harbour, village):
    assert [article.id for article in make([village, harbour]).articles] == ["village", "harbour"]
    assert list(make([]).articles) == []


def test_one_article_or_all_can_be_searched(make, harbour, village):
    library = make([harbour, village])
    assert library.article("village") == village
    assert list(library.search("village").articles) == [village]
    assert list(library.search().articles) == [harbour, village]
    assert list(make([]).search().articles) == []


@pytest.mark.parametrize("search", [True, False])
def test_an_unknown_article_is_named(make, harbour, village, search):
    library = make([harbour, village])
    look_up = library.search if search else library.article
    with pytest.raises(UnknownArticle, match="'nowhere'; there are: harbour, village"):
        look_up("nowhere")


def test_what_searches_one_article_finds_nothing_of_another(make, harbour, village):
    question = analyse_question("Siapa Rahmi Hasanah?", default_language="id")
    library = make([harbour, village])
    assert library.search("harbour").retrieve(question, k=5)
    assert not library.search("village").retrieve(question, k=5)
    assert {hit.article.id for hit in library.search().retrieve(question, k=5)} == {"harbour"}


def test_others_are_offered_at_once_and_what_was_in_hand_goes_on(harbour, village):
    library = MemoryLibrary([harbour])
    version, before = library.version, library.search()
    library.put([village])
    assert library.version != version
    assert [article.id for article in before.articles] == ["harbour"]
    assert [article.id for article in library.articles] == ["village"]
    with pytest.raises(UnknownArticle):
        library.search("harbour")


def test_another_article_under_the_same_id_is_searched_anew(harbour, village):
    library = MemoryLibrary([harbour])
    assert list(library.search("harbour").articles) == [harbour]
    other = village.named("harbour")
    library.put([other])
    assert list(library.search("harbour").articles) == [other]


def test_an_article_is_never_gone_while_others_are_put(harbour, village):
    library = MemoryLibrary([harbour])

    def put(number):
        library.put([harbour, village] if number % 2 else [harbour])

    with ThreadPoolExecutor(2) as threads:
        putting = threads.map(put, range(200))
        for _ in range(2_000):
            assert library.article("harbour") == harbour
            assert library.search("harbour").articles == (harbour,)
        list(putting)


def test_an_own_text_is_indexed_once():
    texts = OwnTexts()
    assert not texts.knows("Kapal tiba.")
    assert texts.search("Kapal tiba.") is texts.search("Kapal tiba.")
    assert texts.knows("Kapal tiba.")


def test_a_text_that_would_take_all_the_room_is_answered_all_the_same():
    texts = OwnTexts()
    text = "A\n" * (MAX_TEXT // 2)
    first = texts.search(text)
    assert len(first.articles[0].sentences) == MAX_TEXT // 2
    assert texts.search(text) is not first


def test_own_texts_are_forgotten_when_others_need_the_room():
    texts = OwnTexts()
    first = texts.search("Kapal tiba.")
    for number in range(45):
        texts.search(f"{number} " + "x" * (MAX_TEXT - 10))
    assert texts.search("Kapal tiba.") is not first


def test_an_article_s_id_is_what_it_is_named():
    article = Article.of("Kapal tiba.", id="a")
    assert article.named("b").id == "b"
    assert article.named("a") is article
