from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.article import Article
from qa_service.languages import language
from qa_service.question import analyse_question
from qa_service.retriever import BM25Retriever, Retriever
from qa_service.text import find_words, fold

# Every implementation keeps the same promises.
IMPLEMENTATIONS: list[Callable[[list[Article]], Retriever]] = [BM25Retriever]
_WORDS = st.sampled_from(
    ["kapal", "Kapal", "nelayan", "dermaga", "ombak", "biru", "tidak", "3", "yang", "di"]
)
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=8).map(" ".join)
_ARTICLES = st.lists(_SENTENCES, max_size=8).map("\n".join)


def retrieve(articles, text, *, k=5, make=BM25Retriever):
    return make(articles).retrieve(analyse_question(text), k=k)


@pytest.mark.parametrize("make", IMPLEMENTATIONS)
@given(text=_ARTICLES, asked=_SENTENCES, k=st.integers(1, 6))
def test_hits_are_few_ordered_and_share_a_term(make, text, asked, k):
    article = Article.of(text, id="a")
    hits = retrieve([article], asked, k=k, make=make)
    assert len(hits) <= k
    assert all(hit.score > 0 and 0 < hit.coverage <= 1 + 1e-9 for hit in hits)
    order = [(-hit.score, hit.sentence) for hit in hits]
    assert order == sorted(order)
    stem = language(article.language).stem
    wanted = set(stem(analyse_question(asked).terms))
    for hit in hits:
        words = [fold(w.text) for w in find_words(article.sentences[hit.sentence].text)]
        assert wanted & set(stem(words))


@pytest.mark.parametrize("make", IMPLEMENTATIONS)
@given(text=_ARTICLES, asked=_SENTENCES)
def test_every_sentence_that_shares_a_term_is_found(make, text, asked):
    article = Article.of(text, id="a")
    stem = language(article.language).stem
    stopwords = language(article.language).stopwords
    wanted = set(stem(analyse_question(asked).terms))
    sharing = {
        i
        for i, s in enumerate(article.sentences)
        if wanted
        & set(stem([f for w in find_words(s.text) if (f := fold(w.text)) not in stopwords]))
    }
    assert {hit.sentence for hit in retrieve([article], asked, k=100, make=make)} == sharing


@pytest.mark.parametrize("text", ["", "😀 😀", "yang di"])
def test_an_article_without_terms_has_no_hit(text):
    assert retrieve([Article.of(text, id="a")], "Kapan kapal tiba?") == []


def test_no_article_has_no_hit():
    assert retrieve([], "Kapan kapal tiba?") == []


@pytest.mark.parametrize("text", ["Kapal tiba.", "Kapal tiba. Kapal pergi."])
def test_a_match_among_one_or_two_sentences_is_a_hit(text):
    article = Article.of(text, id="a")
    assert len(retrieve([article], "Kapan kapal datang?")) == len(article.sentences)


def test_equal_scores_keep_the_order_of_the_text():
    article = Article.of("Kapal tiba.\nKapal tiba.\nKapal tiba.", id="a")
    assert [hit.sentence for hit in retrieve([article], "Kapan kapal tiba?")] == [0, 1, 2]


def test_affixes_case_and_accents_make_no_difference():
    article = Article.of("Ombak tenang. Penémuannya MENGEJUTKAN warga.", id="a")
    assert [hit.sentence for hit in retrieve([article], "Apa penemuan itu?")] == [1]


def test_a_negation_finds_its_sentence(harbour):
    assert (
        "tidak memakai"
        in harbour.sentences[retrieve([harbour], "Apa yang tidak ada?")[0].sentence].text
    )


def test_the_headline_comes_last(harbour):
    hits = retrieve([harbour], "Kapan Pelabuhan Sejati resmi dibuka?")
    assert hits[0].sentence > 0
    assert hits[-1].sentence == 0


@pytest.mark.parametrize(
    ("first", "best"),
    [
        ("Wali Kota Rahmi Hasanah membuka pelabuhan pada Senin (3/2/2025).", 0),
        ("“Kami membuka pelabuhan,” kata Wali Kota Rahmi Hasanah.", 0),
        ("Wali Kota Rahmi Hasanah Membuka Pelabuhan", 1),
        ("Wali Kota Rahmi Hasanah Membuka Pelabuhan?", 1),
        ("Wali Kota Rahmi Hasanah Membuka Pelabuhan...", 1),
    ],
)
def test_a_first_paragraph_is_no_headline_to_come_last(first, best):
    article = Article.of(f"{first}\n\nPelabuhan itu luas.", id="a")
    assert retrieve([article], "Siapa yang membuka pelabuhan?")[0].sentence == best


def test_the_rarer_word_weighs_more():
    text = "Kapal biru lewat.\nKapal putih lewat.\nKapal hijau lewat.\nDermaga itu sepi."
    hits = retrieve([Article.of(text, id="a")], "Di mana kapal dan dermaga?")
    assert hits[0].sentence == 3


def test_articles_in_two_languages_are_searched_at_once(harbour, village):
    hits = retrieve([harbour, village], "Who opened the library in Fernley?")
    assert hits[0].article is village
    hits = retrieve([harbour, village], "Siapa yang membuka pelabuhan?")
    assert hits[0].article is harbour


def test_coverage_is_the_share_of_the_question_that_is_found():
    article = Article.of("Kapal tiba di dermaga.", id="a")
    full = retrieve([article], "Kapan kapal tiba di dermaga?")[0].coverage
    half = retrieve([article], "Kapan kapal tiba di Bandung bersama Siti?")[0].coverage
    assert full == pytest.approx(1)
    assert half < full


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Who opened the harbour?", "Wali Kota Rahmi Hasanah membuka"),
        ("When did the first ship arrive?", "Kapal pertama tiba"),
    ],
)
def test_an_english_question_finds_its_indonesian_sentence(harbour, text, words):
    hit = retrieve([harbour], text)[0]
    assert harbour.sentences[hit.sentence].text.startswith(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [("Siapa yang membuka perpustakaan?", "Mayor Ruth"), ("Berapa jumlah bukunya?", "It holds")],
)
def test_an_indonesian_question_finds_its_english_sentence(village, text, words):
    hit = retrieve([village], text)[0]
    assert village.sentences[hit.sentence].text.startswith(words)


def test_a_translation_finds_its_active_and_its_passive_form():
    for verb in ("menguasai", "dikuasai"):
        article = Article.of(f"Nelayan {verb} kerajaan. Pulau itu luas.", id="a")
        assert retrieve([article], "Who controls it?")[0].sentence == 0


def test_the_translations_of_a_term_count_as_one_term():
    # "arrive" can be tiba or datang: a sentence with both has what the better of them is worth.
    article = Article.of("Kapal tiba.\nKapal tiba datang.\nOmbak.\nDermaga.", id="a")
    scores = {
        text: {hit.sentence: hit.score for hit in retrieve([article], text)}[1]
        for text in ("When did it arrive?", "Kapan tiba?", "Kapan datang?")
    }
    asked = scores.pop("When did it arrive?")
    assert asked == pytest.approx(max(scores.values()))
