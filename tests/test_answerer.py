import itertools
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_service.answer import Abstention, Answer
from qa_service.answerer import answer_question, read_question
from qa_service.article import Article
from qa_service.composing import MAX_QUOTES
from qa_service.question import analyse_question
from qa_service.reader.reader import load_reader
from qa_service.resources import shipped_folder
from qa_service.retriever import BM25Retriever

READER = load_reader()


def ask(text, *articles, history=(), threshold=None):
    retriever = BM25Retriever(articles)
    return answer_question(text, retriever, READER, history=history, threshold=threshold)[1]


def said(outcome):
    assert isinstance(outcome, Answer)
    return [(part.asks, part.span.text) for part in outcome.parts]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Siapa yang membuka Pelabuhan Sejati?", "Rahmi Hasanah"),
        ("Who opened the harbour?", "Rahmi Hasanah"),
        ("Di mana letak Pelabuhan Sejati?", "Teluk Biru"),
        ("Berapa biaya pembangunannya?", "Rp1.250.000.000"),
        ("Pukul berapa kapal pertama tiba?", "10.30"),
    ],
)
def test_the_short_answer_is_read_out_of_its_sentence(harbour, question, answer):
    outcome = ask(question, harbour)
    assert isinstance(outcome, Answer)
    assert answer in outcome.parts[0].span.text
    assert outcome.parts[0].quote == 0


def test_each_thing_asked_for_is_answered_in_the_order_asked(harbour):
    found = said(ask("Siapa yang membuka Pelabuhan Sejati, di mana, dan kapan?", harbour))
    assert [kind for kind, _ in found] == ["who", "where", "when"]
    assert "Rahmi Hasanah" in found[0][1]
    assert "Teluk Biru" in found[1][1]
    assert "Senin" in found[2][1]


def test_what_is_not_told_of_a_compound_question_is_missing(village):
    outcome = ask("Who opened the library and how long did the rain last?", village)
    assert isinstance(outcome, Answer)
    assert [part.asks for part in outcome.parts] == ["who"]
    assert outcome.missing == ("how long",)
    assert outcome.missing_labels == ("How long",)


@pytest.mark.parametrize(
    "question",
    [
        "Siapa saja yang hadir dan siapa ketuanya?",
        "Siapa saja yang datang, siapa saja yang menyambut, dan di mana?",
        "Who all came, and who all spoke?",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "Rahmi Hasanah dan Doni Pratama bertemu di Bandung.",
        "Rapat di Teluk Biru dihadiri Rahmi Hasanah, Doni Pratama, dan Wira Kusuma. "
        "Doni Pratama memimpin rapat. Lestari Ayu dan Bagas Nugraha menyambut para tamu.",
    ],
)
def test_two_asks_never_get_the_same_words(text, question):
    outcome = ask(question, Article.of(text, id="meeting"), threshold=0.0)
    assert isinstance(outcome, Answer)
    spans = sorted((part.span.start, part.span.end) for part in outcome.parts)
    assert len(spans) > 1
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


def test_what_asks_for_a_list_gets_its_things_one_by_one():
    text = "Kapal itu singgah di Saijo, Niihama, dan Toon. Hujan turun di Bandung sepanjang hari."
    article = Article.of(text, id="ship")
    found = said(ask("Kota mana saja yang disinggahi kapal itu?", article, threshold=0.0))
    assert [text for _, text in found[:3]] == ["Saijo", "Niihama", "Toon"]


def test_each_of_many_asks_is_answered_or_missing():
    names = ("Rahmi", "Doni", "Wira", "Lestari", "Bagas", "Amir")
    text = " ".join(f"Pada {2001 + i} {name} membuka Toko {i}." for i, name in enumerate(names))
    question = ", ".join(
        ("siapa yang membuka Toko 0", "kapan Toko 1 dibuka", "di mana Toko 2", "berapa Toko 3",
         "mengapa Toko 4 dibuka", "bagaimana Toko 5 dibuka")
    )  # fmt: skip
    outcome = ask(question, Article.of(text, id="shops"), threshold=0.0)
    assert isinstance(outcome, Answer)
    answered = {part.asks for part in outcome.parts} | set(outcome.missing)
    assert answered == {"who", "when", "where", "how many", "why", "how"}


@pytest.mark.parametrize(
    "question", ["Berapa harga beras?", "Siapa yang memenangi pertandingan sepak bola?"]
)
def test_a_question_about_something_else_is_refused(harbour, question):
    assert isinstance(ask(question, harbour), Abstention)


@pytest.mark.parametrize("question", ["Halo!", "Thank you.", "Who are you?", "qwrtz", "🙂", "?!"])
def test_what_asks_nothing_is_refused_however_unsure_an_answer_may_be(harbour, village, question):
    for articles in ([harbour], [harbour, village]):
        outcome = ask(question, *articles, threshold=0.0)
        assert isinstance(outcome, Abstention)
        assert outcome.nearest == ()


def test_words_of_the_article_alone_are_answered(harbour):
    assert isinstance(ask("kapal pertama di Pelabuhan Sejati", harbour), Answer)


def test_a_refusal_shows_the_nearest_sentences(harbour):
    outcome = ask("Siapa arsitek Pelabuhan Sejati?", harbour, threshold=1.0)
    assert isinstance(outcome, Abstention)
    assert outcome.missing == ("who",)
    assert "Pelabuhan Sejati" in outcome.nearest[0].span.text


def test_the_threshold_decides_what_is_sure_enough(harbour):
    question = "Siapa yang membuka Pelabuhan Sejati?"
    assert isinstance(ask(question, harbour, threshold=0.0), Answer)
    assert isinstance(ask(question, harbour, threshold=1.0), Abstention)


def test_a_follow_up_is_answered_from_the_question_before(harbour):
    outcome = ask("Kapan?", harbour, history=["Siapa yang membuka Pelabuhan Sejati?"])
    assert "Senin" in said(outcome)[0][1]


def test_of_several_articles_the_one_that_tells_is_quoted(harbour, village):
    outcome = ask("Who opened the library in Fernley?", harbour, village)
    assert isinstance(outcome, Answer)
    assert outcome.quotes[0].article_id == "village"


@pytest.mark.parametrize("text", ["", " \n", "?!", "👩🏽", "a" * 5_000])
def test_a_text_that_says_nothing_is_no_mistake(text):
    article = Article.of(text, id="a")
    assert isinstance(ask("Siapa yang datang?", article), Answer | Abstention)


@pytest.mark.parametrize("question", ["?" * 500, "siapa " * 80, "dan " * 100, "a" * 500, "‮\0🇮🇩"])
def test_an_odd_question_is_no_mistake(harbour, question):
    assert isinstance(ask(question, harbour), Answer | Abstention)


@settings(max_examples=30, deadline=None)
@given(text=st.text(max_size=300), question=st.text(min_size=1, max_size=100))
def test_every_part_and_quote_of_every_outcome_is_an_exact_slice(text, question):
    article = Article.of(text, id="a")
    asked = question + " " + text[:50]
    outcome = ask(asked, article, threshold=0.0)
    quotes = outcome.quotes if isinstance(outcome, Answer) else outcome.nearest
    parts = outcome.parts if isinstance(outcome, Answer) else ()
    assert len(quotes) <= MAX_QUOTES
    kinds = analyse_question(asked, default_language=article.language).kinds
    assert set(kinds) == {part.asks for part in parts} | set(outcome.missing)
    for quote in quotes:
        assert text[quote.span.start : quote.span.end] == quote.span.text
        assert article.sentences[quote.sentence] == quote.span
    for part in parts:
        assert text[part.span.start : part.span.end] == part.span.text
        whole = quotes[part.quote].span
        assert whole.start <= part.span.start < part.span.end <= whole.end


def test_the_same_input_gives_the_same_outcome(harbour):
    question = "Siapa yang menyambut awak kapal, dan kapan kapal itu tiba?"
    assert ask(question, harbour) == ask(question, harbour)


def test_answering_needs_no_web_framework():
    check = "import sys, qa_service.answerer; sys.exit('flask' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_answering_needs_nothing_of_the_training():
    check = (
        "import sys, qa_service.reader.reader; "
        "sys.exit(any(m.startswith('qa_service.training') or m == 'torch' for m in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def test_importing_the_package_starts_nothing():
    check = (
        "import logging, sys, threading, qa_service; "
        "sys.exit(threading.active_count() > 1 or bool(logging.root.handlers))"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def long_article(sentences):
    lines = [f"Kapal nomor {i} membawa beras ke pulau itu." for i in range(sentences)]
    lines[sentences // 2] = "Kapal dokter membawa obat demam ke pulau itu."
    return Article.of("Kapal ke Pulau\n\n" + "\n".join(lines), id="a")


@pytest.mark.parametrize(("sentences", "compared"), [(5, 0), (20, 1), (80, 1)])
def test_sentences_are_compared_where_not_all_are_read_at_once(sentences, compared, monkeypatch):
    asked = []
    compare = READER.compare

    def count(question, texts):
        asked.append(len(texts))
        return compare(question, texts)

    monkeypatch.setattr(READER, "compare", count)
    retriever = BM25Retriever([long_article(sentences)])
    read_question("Kapal apa yang membawa obat ke pulau?", retriever, READER)
    assert len(asked) == compared
    assert all(number <= 150 for number in asked)


def test_the_headline_of_a_long_text_is_read_after_other_sentences():
    retriever = BM25Retriever([long_article(80)])
    _, [finding] = read_question("Kapal apa ke pulau?", retriever, READER)
    assert finding.ranked[0].candidate.sentence != 0


@pytest.mark.parametrize(
    ("question", "whole"), [("Siapa nakhodanya?", False), ("Siapa saja nakhodanya?", True)]
)
def test_after_a_sure_answer_no_more_is_read_unless_all_of_something_is_asked(question, whole):
    filler = "Kapal berlayar jauh ke timur dan pulang sesudah musim hujan berakhir. "
    retriever = BM25Retriever([Article.of(f"Nakhodanya Rahmi Hasanah. {filler * 40}", id="a")])
    [some], [more] = (
        read_question(question, retriever, READER, sure=sure)[1] for sure in (0.0, 2.0)
    )
    assert (len(some.reading.marks) == len(more.reading.marks)) is whole


@pytest.mark.parametrize(("doubt", "again"), [((-1.0, 2.0), True), ((2.0, -1.0), False)])
def test_what_is_in_doubt_is_read_again(doubt, again, harbour):
    retriever = BM25Retriever([harbour])
    question = "Siapa yang membuka Pelabuhan Sejati?"
    _, [finding] = read_question(question, retriever, READER, doubt=doubt)
    assert bool(finding.reading.again) is again


PEOPLE = "Bupati Rahmi Hasanah bertemu dengan pedagang Doni Pratama. Mereka bertemu kemarin sore."
PLACE = (
    "Nelayan bertemu di Kota Padang, di Balai Kota, pada Selasa (4/3/2025). Mereka bertemu lama."
)


@pytest.mark.parametrize(
    "question", ["Siapa bertemu siapa, di mana, dan kapan?", "Who met whom, where, and when?"]
)
def test_what_is_asked_of_one_event_is_told_by_one_article(question):
    outcome = ask(question, Article.of(PEOPLE, id="people"), Article.of(PLACE, id="place"))
    assert isinstance(outcome, Answer)
    assert len({outcome.quotes[part.quote].article_id for part in outcome.parts}) == 1


@pytest.mark.parametrize(
    "question",
    [
        "Siapa membuka Pelabuhan Sejati, dan kapan?",
        "How much did Pelabuhan Sejati cost?",
        "Jam berapa kapal pertama tiba di Pelabuhan Sejati?",
        "Siapa arsitek Pelabuhan Sejati?",
    ],
)
def test_an_article_says_the_same_among_others_as_alone(question, harbour, village):
    others = [village, Article.of(PEOPLE, id="people"), Article.of(PLACE, id="place")]
    _, alone = read_question(question, BM25Retriever([harbour]), READER)
    _, among = read_question(question, BM25Retriever([*others, harbour]), READER)
    assert among == alone


def test_what_stands_alone_may_be_told_by_another_article(harbour, village):
    question = "Siapa yang membuka Pelabuhan Sejati, dan siapa yang membuka perpustakaan Fernley?"
    outcome = ask(question, harbour, village)
    assert isinstance(outcome, Answer)
    assert {outcome.quotes[part.quote].article_id for part in outcome.parts} == {
        "harbour",
        "village",
    }


WHO = "Direktur Jenderal Biro Urusan Eropa Kementerian Luar Negeri Jepang", "Nakagome Masashi"
WHOM = "Direktur Departemen Asia Ketiga Kementerian Luar Negeri Rusia", "Lyudmila Vorobyova"


@pytest.mark.parametrize(
    "question", ["Siapa bertemu siapa, di mana, dan kapan?", "Who met whom, where, and when?"]
)
def test_who_met_whom_is_told_from_whom_was_met_by_in_either_language(question):
    text = next(shipped_folder("seeds").glob("*.txt")).read_text(encoding="utf-8")
    retriever = BM25Retriever([Article.of(text, id="a")])
    _, outcome = answer_question(question, retriever, READER)
    assert isinstance(outcome, Answer)
    assert [part.asks for part in outcome.parts] == ["who", "whom", "where", "when"]
    who, whom, where, when = (part.span.text for part in outcome.parts)
    # The name with its title is as good as without.
    assert who in (WHO[1], " ".join(WHO))
    assert whom in (WHOM[1], " ".join(WHOM))
    assert (where, when) == ("Moskwa", "Jumat (21/06/2024)")


STORM = Article.of(
    "Badai di Tirta\n\n"
    "Badai merusak 31 rumah dan menewaskan tujuh nelayan di Tirta. Sebanyak 19 nelayan luka. "
    "Kepala desa Wulan Tirtasari dan juru bicaranya, Bagas Pramana, mendata korban.\n\n"
    "Bantuan berupa 40 tenda dan 900 selimut dikirim dari Semarang. "
    "Dari atap dan pohon, 52 orang diselamatkan.\n",
    id="storm",
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Berapa nelayan yang tewas dan luka?",
            [("Berapa nelayan yang tewas", "tujuh"), ("Berapa nelayan yang luka", "19")],
        ),
        (
            "Berapa tenda dan selimut yang dikirim?",
            [("Berapa tenda", "40"), ("Berapa selimut", "900")],
        ),
        (
            "How many fishermen were killed and injured?",
            [
                ("How many fishermen were killed", "tujuh"),
                ("How many fishermen were injured", "19"),
            ],
        ),
        (
            "Siapa kepala desa dan juru bicaranya?",
            [("Siapa kepala desa", "Wulan Tirtasari"), ("Siapa juru bicaranya", "Bagas Pramana")],
        ),
        # One number is one answer, whatever it is of.
        ("Berapa orang yang diselamatkan dari atap dan pohon?", [("Berapa", "52")]),
        ("How many people were rescued from roofs and trees?", [("How many", "52")]),
    ],
)
def test_things_asked_for_in_one_breath_are_told_apart_where_the_article_does(question, told):
    outcome = ask(question, STORM)
    assert isinstance(outcome, Answer)
    assert [part.label for part in outcome.parts] == [label for label, _ in told]
    for part, (_, answer) in zip(outcome.parts, told, strict=True):
        assert answer in part.span.text


def test_things_asked_for_in_one_breath_may_be_those_of_what_was_named_before():
    article = Article.of(
        "Jembatan Tirta rampung. Panjangnya 84 meter dan lebarnya 6 meter. Dermaga Biru belum.",
        id="bridge",
    )
    history = ["Jembatan mana yang rampung?"]
    found = said(ask("Berapa panjang dan lebarnya?", article, history=history))
    assert [answer for _, answer in found] == ["84 meter", "6 meter"]


def test_of_all_articles_one_tells_all_that_is_asked_for_in_one_breath(harbour):
    outcome = ask("Berapa tenda dan selimut yang dikirim?", harbour, STORM)
    assert [answer.split()[0] for _, answer in said(outcome)] == ["40", "900"]
    assert {quote.article_id for quote in outcome.quotes[:1]} == {"storm"}


def test_what_is_missing_is_called_as_it_was_asked(harbour):
    question = "Siapa yang membuka Pelabuhan Sejati dan siapa yang menutup Bandara Wanua?"
    outcome = ask(question, harbour)
    assert isinstance(outcome, Answer)
    assert outcome.missing == ("who",)
    assert outcome.missing_labels == ("Siapa yang menutup Bandara Wanua",)


@pytest.mark.parametrize(
    ("question", "told", "missing"),
    [
        (
            "Berapa tenda, selimut, dan dokter yang dikirim?",
            [("Berapa tenda", "40"), ("Berapa selimut", "900")],
            ("Berapa dokter",),
        ),
        (
            "Siapa kepala desa dan camat Tirta?",
            [("Siapa kepala desa", "Wulan Tirtasari")],
            ("Siapa camat Tirta",),
        ),
    ],
)
def test_of_things_asked_for_in_one_breath_those_not_told_are_missing(question, told, missing):
    outcome = ask(question, STORM)
    assert isinstance(outcome, Answer)
    assert [part.label for part in outcome.parts] == [label for label, _ in told]
    for part, (_, answer) in zip(outcome.parts, told, strict=True):
        assert answer in part.span.text
    assert outcome.missing_labels == missing


MARKET = Article.of(
    "Pasar Tirta\n\nPasar Tirta dibuka oleh Bupati Rahmi Hasanah pada Senin dan ditutup oleh "
    "Camat Doni Pratama pada Kamis. Menteri Tenaga Kerja dan Transmigrasi Wira Kusuma datang.\n",
    id="market",
)


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("Siapa yang membuka dan menutup pasar?", ["Rahmi Hasanah", "Doni Pratama"]),
        ("Who opened and closed the market?", ["Rahmi Hasanah", "Doni Pratama"]),
        ("Siapa Menteri Tenaga Kerja dan Transmigrasi?", ["Wira Kusuma"]),
    ],
)
def test_who_did_two_things_or_has_one_long_title_is_told_by_the_article(question, answers):
    outcome = ask(question, MARKET)
    assert isinstance(outcome, Answer)
    assert len(outcome.parts) == len(answers)
    for part, answer in zip(outcome.parts, answers, strict=True):
        assert answer in part.span.text
    assert outcome.missing == ()


def test_a_small_word_is_no_answer():
    article = Article.of("Hadiah itu diserahkan kepada siswa oleh Rahmi.", id="a")
    found = said(ask("Kepada siapa hadiah diserahkan?", article, threshold=0.0))
    assert found[0][1] != "kepada"
