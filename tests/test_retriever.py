import math
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
def test_hits_are_few_ordered_and_score_where_they_share_a_term(make, text, asked, k):
    article = Article.of(text, id="a")
    hits = retrieve([article], asked, k=k, make=make)
    assert len(hits) <= k
    assert all(hit.context > 0 and hit.context >= hit.score - 1e-9 for hit in hits)
    assert all(0 <= hit.coverage <= 1 + 1e-9 for hit in hits)
    order = [(-hit.context, hit.sentence) for hit in hits]
    assert order == sorted(order)
    stem = language(article.language).stem
    wanted = set(stem(analyse_question(asked).terms))
    for hit in hits:
        words = [fold(w.text) for w in find_words(article.sentences[hit.sentence].text)]
        assert (hit.score > 0) == (hit.coverage > 0) == bool(wanted & set(stem(words)))


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
    found = retrieve([article], asked, k=100, make=make)
    assert {hit.sentence for hit in found if hit.score > 0} == sharing


def test_a_sentence_among_others_that_share_terms_comes_before_a_lonely_one():
    about = "Gempa mengguncang Palu.\nPuluhan rumah rusak.\nWarga Palu mengungsi."
    far = "\n".join(["Ombak tenang."] * 20)
    article = Article.of(f"{about}\n{far}\nHujan turun.", id="a")
    order = [hit.sentence for hit in retrieve([article], "Apa akibat gempa Palu?", k=30)]
    assert order.index(1) < 4
    assert 23 not in order


def test_neighbours_of_another_article_count_for_nothing():
    one, other = Article.of("Gempa Palu.", id="a"), Article.of("Hujan turun.", id="b")
    assert [hit.article for hit in retrieve([one, other], "Kapan gempa Palu?")] == [one]


@pytest.mark.parametrize("text", ["", "😀 😀", "yang di"])
def test_an_article_without_terms_has_no_hit(text):
    assert retrieve([Article.of(text, id="a")], "Kapan kapal tiba?") == []


@pytest.mark.parametrize("make", IMPLEMENTATIONS)
@given(texts=st.lists(_ARTICLES, min_size=1, max_size=4), asked=_SENTENCES, data=st.data())
def test_one_of_several_is_searched_as_if_it_were_the_only_one(make, texts, asked, data):
    articles = [Article.of(text, id=str(number)) for number, text in enumerate(texts)]
    article = data.draw(st.sampled_from(articles))
    narrow = make(articles).narrow(article)
    assert list(narrow.articles) == [article]
    question = analyse_question(asked)
    assert narrow.retrieve(question, k=9) == make([article]).retrieve(question, k=9)


@pytest.mark.parametrize("make", IMPLEMENTATIONS)
def test_what_is_not_searched_cannot_be_searched_by_itself(make, harbour, village):
    with pytest.raises(ValueError, match="not in"):
        make([harbour]).narrow(village)


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
    assert retrieve([article], "Apa penemuan itu?")[0].sentence == 1


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


def test_what_the_article_holds_nowhere_is_told():
    both = [Article.of("Kapal tiba di dermaga. Hujan turun.", id="a"), Article.of("Siti.", id="b")]
    absent = {
        hit.article.id: hit.absent for hit in retrieve(both, "Kapan kapal Siti tiba di dermaga?")
    }
    assert 0 < absent["a"] < absent["b"] < 1
    assert retrieve(both[:1], "Kapan hujan turun?")[0].absent == 0


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


@pytest.mark.parametrize("name", ["Vorobyova", "Vorobyeva", "Vorobyovva", "Vorboyova", "vorobyva"])
def test_a_name_is_found_in_another_spelling(name):
    article = Article.of("Hujan turun.\nLyudmila Vorobyova tiba.\nOmbak tenang.", id="a")
    assert retrieve([article], f"Kapan {name} datang?")[0].sentence == 1


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Hujan turun deras.", "Kapan hutan terbakar?"),
        ("Harga beras naik.", "Berapa berat kapal?"),
        ("The human rights court met.", "Mengapa hutan terbakar?"),
    ],
)
def test_a_word_of_the_language_is_no_typing_error(text, question):
    assert retrieve([Article.of(text, id="a")], question) == []


def test_an_apostrophe_alone_is_no_word():
    article = Article.of("Kapal tiba ʼ di Bandung.", id="a")
    assert retrieve([article], "Kapan Vorobyova ʼ tiba?")[0].score > 0


def test_one_word_terms_score_as_the_formula_has_it():
    # Robertson & Zaragoza (2009), "The Probabilistic Relevance Framework", with Lucene's idf.
    texts = ["Kapal biru tiba tiba.", "Kapal pergi.", "Ombak.", "Dermaga sepi, kapal karam."]
    article = Article.of("\n".join(texts), id="a")
    stems = [["kapal", "biru", "tiba", "tiba"], ["kapal", "pergi"], ["ombak"], ["x"] * 4]
    mean = sum(map(len, stems)) / 4
    for hit in retrieve([article], "Kapan tiba?"):
        n, tf = 1, stems[hit.sentence].count("tiba")
        idf = math.log(1 + (4 - n + 0.5) / (n + 0.5))
        damping = 1.2 * (1 - 0.3 + 0.3 * len(stems[hit.sentence]) / mean)
        assert hit.score == pytest.approx(idf * tf * 2.2 / (tf + damping))


def test_a_phrase_is_found_where_its_words_stand_side_by_side():
    article = Article.of(
        "Menteri itu perdana tampil.\nPerdana Menteri tiba.\nOmbak tenang.", id="a"
    )
    hits = retrieve([article], "When did the prime minister arrive?")
    assert hits[0].sentence == 1


def test_a_word_that_is_there_is_not_looked_for_in_another_spelling():
    article = Article.of("Hutan terbakar.\nHujan turun.", id="a")
    found = retrieve([article], "Kapan hujan?")
    assert [hit.sentence for hit in found if hit.score > 0] == [1]


def test_the_translations_of_a_term_count_as_one_term():
    # "arrive" can be tiba or datang: a sentence with both has what the better of them is worth.
    article = Article.of("Kapal tiba.\nKapal tiba datang.\nOmbak.\nDermaga.", id="a")
    scores = {
        text: {hit.sentence: hit.score for hit in retrieve([article], text)}[1]
        for text in ("When did it arrive?", "Kapan tiba?", "Kapan datang?")
    }
    asked = scores.pop("When did it arrive?")
    assert asked == pytest.approx(max(scores.values()))
