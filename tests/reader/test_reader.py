import numpy as np
import pytest

from qa_service.article import Article
from qa_service.reader.model import Model
from qa_service.reader.reader import ROOM, Passage, Reader, load_reader
from qa_service.resources import shipped_model

FILLER = "Kapal berlayar jauh ke timur dan pulang sesudah musim hujan berakhir. "


@pytest.fixture(scope="module")
def long_article():
    return Article.of(FILLER * 40 + "Nakhodanya Rahmi Hasanah. " + FILLER * 40, id="a")


def test_the_sentences_that_rank_first_are_read_wherever_they_stand(long_article, reader):
    reading = reader.read([Passage("Siapa nakhodanya?", long_article, (40,))])[0]
    best = reading.candidates[0]
    assert 40 in reading.marks
    assert {39, 41} <= reading.marks.keys()
    assert long_article.text[best.start : best.end].strip() == "Rahmi Hasanah"


def test_no_more_is_read_than_there_is_room_for(long_article, reader):
    reading = reader.read([Passage("Siapa nakhodanya?", long_article, ())])[0]
    assert 0 < len(reading.marks) < ROOM / 8


def test_what_asks_for_several_things_shares_the_room_out(long_article, reader):
    passage = Passage("Siapa nakhodanya?", long_article, ())
    read = [len(reader.read([passage], of=count)[0].marks) for count in (1, 2, 4, 40)]
    assert read[0] > 1.3 * read[1]
    assert read[1] >= read[2] == read[3] > 1


def test_the_best_sentences_are_read_first_and_the_others_only_until_it_is_enough(
    long_article, reader
):
    passage = Passage("Siapa nakhodanya?", long_article, (40,))
    seen = []

    def is_enough(number, reading):
        seen.append(len(reading.marks))
        return len(seen) == count

    whole = reader.read([passage])[0]
    for count in (1, 2):
        seen.clear()
        reading = reader.read([passage], enough=is_enough)[0]
        assert 40 in reading.marks
        assert seen == sorted(set(seen))
        assert len(seen) == count
        assert len(reading.marks) == seen[-1] < len(whole.marks)
    assert reading.marks.keys() < whole.marks.keys()


def test_of_two_passages_the_one_that_is_sure_is_left(long_article, reader):
    passages = [Passage("Siapa nakhodanya?", long_article, (40,))] * 2
    one, other = reader.read(passages, enough=lambda number, _: number == 0)
    assert len(one.marks) < len(other.marks)
    assert other.marks.keys() == reader.read(passages)[1].marks.keys()


def test_a_short_article_is_read_whole(harbour, reader):
    reading = reader.read([Passage("Siapa yang membuka pelabuhan?", harbour, ())])[0]
    assert reading.marks.keys() == set(range(len(harbour.sentences)))


def test_one_sentence_too_long_for_the_window_is_read_all_the_same(reader):
    article = Article.of("kata " * 2_000, id="a")
    assert reader.read([Passage("Apa?", article, (0,))])[0].marks


def test_the_best_sentences_are_read_again_and_only_they(long_article, reader):
    passage = Passage("Siapa nakhodanya?", long_article, (40, 3, 60))
    [first] = reader.read([passage])
    [second] = reader.read_again([passage], [first])
    assert second.again == {40, 3}
    assert second.marks.keys() == first.marks.keys()
    changed = {i for i in first.marks if second.marks[i] is not first.marks[i]}
    assert changed == {40, 3}
    best = second.candidates[0]
    assert long_article.text[best.start : best.end].strip() == "Rahmi Hasanah"


def test_what_fits_into_one_window_is_not_read_twice(monkeypatch):
    model = Model(shipped_model(), threads=1)
    reader = Reader(model)
    article = Article.of("Rahmi Hasanah membuka pelabuhan. Hujan turun.", id="a")
    passage = Passage("Siapa yang membuka pelabuhan?", article, (0, 1))
    [first] = reader.read([passage])

    def score_nothing(inputs):
        assert list(inputs) == []
        return []

    monkeypatch.setattr(model, "score", score_nothing)
    [second] = reader.read_again([passage], [first])
    assert second.candidates == first.candidates


SENTENCES = [
    "Menteri meresmikan pelabuhan baru di pulau itu.",
    "Harga cabai naik dua kali lipat sejak Januari.",
    "Tim nasional kalah tipis di semifinal.",
    "Dokter memperingatkan wabah demam berdarah.",
]


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ("Who opened the new port?", 0),
        ("Kenapa bumbu dapur makin mahal?", 1),
        ("Which team lost the match?", 2),
        ("Penyakit apa yang menyebar?", 3),
    ],
)
def test_the_sentence_that_is_about_the_question_is_nearest(question, nearest, reader):
    scores = reader.compare(question, SENTENCES)
    assert scores.argmax() == nearest
    assert scores.mean() == pytest.approx(0, abs=1e-9)
    assert scores.std() == pytest.approx(1)


def test_sentences_that_are_all_alike_are_equally_near(reader):
    assert np.abs(reader.compare("Siapa?", ["Hujan turun."] * 3)).max() < 0.05


def test_what_a_text_is_about_does_not_depend_on_what_is_remembered():
    one, other = (Reader(Model(shipped_model(), threads=1)) for _ in range(2))
    question = "Who opened the new harbour?"
    one.compare(question, SENTENCES[2:])
    assert np.array_equal(one.compare(question, SENTENCES), other.compare(question, SENTENCES))
    backwards = one.compare(question, SENTENCES[::-1])[::-1]
    assert backwards == pytest.approx(one.compare(question, SENTENCES))


def test_nothing_to_compare_is_no_mistake(reader):
    assert reader.compare("Siapa?", []).shape == (0,)


def test_nothing_to_read_is_no_mistake(reader):
    assert reader.read([]) == []
    assert reader.read_again([], []) == []


def test_the_reader_is_loaded_once():
    assert load_reader() is load_reader()
